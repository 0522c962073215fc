import type { Deployment } from '../../engine/deployment.ts';
import { memoryFraction } from '../../engine/memoryFraction.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { fleetSizes, type LayoutAsk, layoutAsked, layoutsOver, preference } from '../../layout/enumeration.ts';
import type { Layout } from '../../layout/layout.ts';
import { checkpointSize } from '../../model/checkpointSize.ts';
import { GIB } from '../../units/bytes.ts';
import { type JudgedDeployment, judge } from '../judge.ts';
import type { GpuAsk } from '../lookup.ts';

/** The largest fleet that is tried unless more GPUs are asked. */
export const MAX_NODES = 4;

type Base = Omit<Deployment, 'gpu' | 'layout'>;

const ONE_GPU: Layout = { tp: 1, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 };

/** The question put to one GPU type and layout; a calibration speaks of its own GPU alone. */
function deploymentOn({ calibration, ...base }: Base, gpu: Gpu, layout: Layout): Deployment {
  return { ...base, gpu, layout, ...(calibration?.gpu === gpu.id ? { calibration } : {}) };
}

/** Fleet sizes that could hold the checkpoint at all: `gpus * budget >= checkpoint bytes`, from one GPU to four nodes. */
function sizesThatCouldHold(base: Base, { gpu }: GpuAsk): number[] {
  const sizes = fleetSizes(gpu.gpusPerNode, MAX_NODES);
  if (!gpu.torchTotalGiB) return sizes.slice(-1);
  const budget = gpu.torchTotalGiB.value * GIB * memoryFraction(deploymentOn(base, gpu, ONE_GPU)).value;
  const needed = checkpointSize(base.model, base.checkpoint).bytes;
  const could = sizes.filter((size) => size * budget >= needed);
  return could.length > 0 ? could : sizes.slice(-1);
}

/** Those sizes, each rounded up to a multiple of the ways asked; the smallest alone where all exceed four nodes. */
function sizesFilledBy({ pp = 1, dp = 1, attentionDp = 1 }: LayoutAsk, base: Base, ask: GpuAsk): number[] {
  const ways = pp * dp * attentionDp;
  const sizes = [...new Set(sizesThatCouldHold(base, ask).map((size) => Math.ceil(size / ways) * ways))];
  const within = sizes.filter((size) => size <= MAX_NODES * ask.gpu.gpusPerNode);
  return within.length > 0 ? within : sizes.slice(0, 1);
}

function layoutsFor(base: Base, ask: GpuAsk, layout: LayoutAsk): Layout[] {
  if (ask.gpus !== undefined || layout.tp !== undefined) return layoutAsked(layout, ask.gpus);
  return sizesFilledBy(layout, base, ask).flatMap((size) => layoutsOver(size, layout));
}

/**
 * Judges every layout in question for one GPU type, best first within each fleet size. Invalid ones are left out.
 *
 * @returns at least one judged deployment: where every layout is invalid, the preferred one says why
 */
export function judgeCandidates(base: Base, ask: GpuAsk, layout: LayoutAsk): JudgedDeployment[] {
  const judged = layoutsFor(base, ask, layout)
    .sort((a, b) => preference(a, b, ask.gpu.gpusPerNode))
    .map((candidate) => judge(deploymentOn(base, ask.gpu, candidate)));
  const valid = judged.filter(({ verdict }) => verdict !== 'invalid');
  return valid.length > 0 ? valid : judged.slice(0, 1);
}
