import { replicaGpus, stageRanks } from '../../layout/layout.ts';
import { MIB } from '../../units/bytes.ts';
import { attentionBackend } from '../attentionBackend.ts';
import { stepTokens } from '../batchTokens.ts';
import { type Deployment, usesMla } from '../deployment.ts';
import type { MemoryFraction } from '../memoryFraction.ts';
import { compareVersions } from '../version.ts';

/** Largest decode graph batch by driver-visible memory (below 4 ranks / from 4 ranks). */
const SIZES: readonly { belowMiB: number; batch: readonly [number, number] }[] = [
  { belowMiB: 20 * 1024, batch: [8, 8] },
  { belowMiB: 35 * 1024, batch: [24, 80] },
  { belowMiB: 60 * 1024, batch: [32, 160] },
  { belowMiB: 160 * 1024, batch: [256, 512] },
  { belowMiB: Number.POSITIVE_INFINITY, batch: [512, 512] },
];

const SOURCE = 'rules/sglang.memory-fraction';
const AITER_FACTOR = 0.85;
const AITER_FROM_TOKENS = 8192;

function round3(fraction: number): number {
  return Math.round(fraction * 1000) / 1000;
}

/** `0.95 * clamp(1 - 0.1 * (c - 1), 0.8, 1.05)` with `c = layers * hidden^2 / (24 * 1024^2)` of the vision encoder; 1 without one. */
function visionFactor({ model }: Deployment): number {
  const { vision } = model.architecture;
  if (!vision) return 1;
  const { layers = 24, hiddenSize = 1024 } = vision;
  const weight = (layers * hiddenSize ** 2) / (24 * 1024 ** 2);
  return 0.95 * Math.min(1.05, Math.max(0.8, 1 - 0.1 * (weight - 1)));
}

/** MiB that SGLang keeps free of weights and KV cache. */
function reserveMiB(deployment: Deployment, totalMiB: number): number {
  const { layout, release } = deployment;
  const size = SIZES.find(({ belowMiB }) => totalMiB < belowMiB);
  if (!size) throw new Error('the last size has no upper end');
  const batch = size.batch[stageRanks(layout) < 4 ? 0 : 1];
  const prefillGraphs = usesMla(deployment) && compareVersions(release.version, '0.5.10') >= 0 ? 1536 : 0;
  const attentionDp = layout.attentionDp > 1 ? (batch > 300 ? 4.5 : 3) * batch * layout.attentionDp : 0;
  const chunk = Math.max(stepTokens(deployment).value, 2048);
  const reserve = 512 + 1.5 * chunk + (1024 * replicaGpus(layout)) / 8 + 2 * batch + prefillGraphs + attentionDp;
  return totalMiB > 60 * 1024 ? Math.max(reserve, 10_240) : reserve;
}

/** The fraction that SGLang computes for itself, before the factor of AITER attention. */
interface SglangDefault {
  readonly totalMiB: number;
  /** Kept free for activations and graphs. */
  readonly reserveMiB: number;
  /** `(total - reserve) / total` to three decimals: above it a fraction eats the reserve. Not positive where the reserve takes all. */
  readonly plain: number;
  /** What a vision encoder leaves of it. */
  readonly vision: number;
  /** The computed fraction, rounded down to the three decimals of a flag. */
  readonly fraction: number;
}

/** What SGLang would choose on this GPU and layout; its reserve does not depend on a fraction that is asked. */
export function sglangDefault(deployment: Deployment): SglangDefault {
  const { driverVisibleMiB, torchTotalGiB } = deployment.gpu;
  const totalMiB = driverVisibleMiB?.value ?? (torchTotalGiB?.value ?? 0) * 1024;
  const reserve = reserveMiB(deployment, totalMiB);
  const plain = round3((totalMiB - reserve) / totalMiB);
  const vision = visionFactor(deployment);
  return { totalMiB, reserveMiB: reserve, plain, vision, fraction: Math.max(0, Math.floor(plain * vision * 1000) / 1000) };
}

/** What AITER attention leaves of any fraction, asked or computed, at long contexts. */
function aiterFactor(deployment: Deployment): number {
  return attentionBackend(deployment).name === 'aiter' && deployment.contextTokens > AITER_FROM_TOKENS ? AITER_FACTOR : 1;
}

/**
 * SGLang's static memory fraction: `(total - reserve) / total` to three decimals, times the vision factor, times 0.85 where AITER
 * attention meets a context above 8,192 tokens (an explicit fraction is multiplied too).
 *
 * @returns the share of memory for weights and KV cache; 0 where the reserve takes all
 */
export function sglangFraction(deployment: Deployment): MemoryFraction {
  const { utilization } = deployment;
  const aiter = aiterFactor(deployment);
  const aiterWords = aiter === 1 ? '' : ', times 0.85 for AITER attention above 8,192 tokens of context';
  if (utilization !== undefined) {
    return {
      value: utilization * aiter,
      formula: `${utilization} * ${aiter}`,
      explanation: `as asked${aiterWords}`,
      source: aiter === 1 ? 'user' : SOURCE,
    };
  }
  const { totalMiB, reserveMiB: reserve, plain, vision } = sglangDefault(deployment);
  return {
    value: Math.max(0, plain) * vision * aiter,
    formula: `max(0, round((${totalMiB} - ${reserve}) / ${totalMiB}, 3)) * ${vision} * ${aiter}`,
    explanation: `computed from ${totalMiB} MiB less a reserve of ${reserve} MiB${vision === 1 ? '' : `, times ${vision.toFixed(4)} for the vision encoder`}${aiterWords}`,
    source: SOURCE,
    reserve: { bytes: reserve * MIB, ofBytes: totalMiB * MIB },
  };
}
