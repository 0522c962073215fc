import type { Deployment } from '../engine/deployment.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { estimate } from '../evidence/estimate.ts';
import type { BandFact } from '../evidence/source.ts';
import { GIB } from '../units/bytes.ts';
import { kvCapacity, latentBytesPerToken } from './kvCache.ts';
import type { MemoryPlan, Verdict } from './memoryPlan.ts';
import { type Stage, stagesOf } from './stage.ts';
import { stageWeightBytes } from './weights.ts';

/** The overhead band of the engine on GPUs of this vendor, GiB. */
export function overheadGiB({ release, gpu }: Deployment): BandFact {
  const band = release.engine.overheadGiB[gpu.vendor];
  if (!band) throw new Error(`no overhead band for ${release.engine.id} on ${gpu.vendor}: a rule must refuse it first`);
  return band;
}

/** `ceil(torchTotal * fraction)`: what the engine may use on one GPU, bytes. */
export function budgetBytes(deployment: Deployment): number {
  const total = deployment.gpu.torchTotalGiB;
  if (!total) throw new Error(`the memory of ${deployment.gpu.id} is unknown: a constraint must refuse it first`);
  return Math.ceil(total.value * GIB * memoryFraction(deployment).value);
}

interface StageLoad {
  readonly stage: Stage;
  readonly weightBytes: number;
  readonly latentBytes: number;
}

/** The stage whose KV memory runs out first, at middle overhead. */
function tightest(loads: readonly StageLoad[], budget: number, overhead: number): StageLoad {
  const tokens = ({ weightBytes, latentBytes }: StageLoad) => (budget - overhead - weightBytes) / latentBytes;
  return loads.reduce((worst, load) => (tokens(load) < tokens(worst) ? load : worst));
}

/**
 * Plans the memory of one GPU: `kvMemory = ceil(torchTotal * fraction) - weights - overhead`, and what that holds.
 *
 * @param deployment a valid one; the caller has tried the engine's rules
 * @returns bytes per GPU at the tightest stage; KV tokens and sequences over the whole deployment, as bands from the overhead
 */
export function planMemory(deployment: Deployment): MemoryPlan {
  const band = overheadGiB(deployment);
  const budget = budgetBytes(deployment);
  const loads = stagesOf(deployment.model.architecture, deployment.layout.pp).map((stage) => ({
    stage,
    weightBytes: stageWeightBytes(deployment, stage),
    latentBytes: latentBytesPerToken(deployment, stage),
  }));
  const { stage, weightBytes, latentBytes } = tightest(loads, budget, band.value * GIB);
  const rest = budget - weightBytes;
  const left = (overhead: number) => rest - Math.round(overhead * GIB);
  const [worst, middle, best] = [band.high, band.value, band.low].map((overhead) =>
    kvCapacity(deployment, left(overhead), latentBytes),
  ) as [ReturnType<typeof kvCapacity>, ReturnType<typeof kvCapacity>, ReturnType<typeof kvCapacity>];
  return {
    weightBytesPerGpu: weightBytes,
    budgetBytesPerGpu: budget,
    overheadBytesPerGpu: estimate('modelled', Math.round(band.low * GIB), Math.round(band.value * GIB), Math.round(band.high * GIB)),
    kvMemoryBytesPerGpu: estimate('modelled', left(band.high), left(band.value), left(band.low)),
    kvBytesPerToken: latentBytes / deployment.layout.dcp,
    kvTokens: estimate('modelled', worst.tokens, middle.tokens, best.tokens),
    sequences: estimate('modelled', worst.sequences, middle.sequences, best.sequences),
    stage: stage.index,
  };
}

/** `fits` where the asked sequences fit even at high overhead, `marginal` where only at middle or low overhead. */
export function memoryVerdict(plan: MemoryPlan, sequences: number): Exclude<Verdict, 'invalid'> {
  if (plan.sequences.low >= sequences) return 'fits';
  return plan.sequences.high >= sequences ? 'marginal' : 'does-not-fit';
}
