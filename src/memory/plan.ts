import type { Deployment } from '../engine/deployment.ts';
import { memoryFraction } from '../engine/memoryFraction.ts';
import { type Basis, estimate } from '../evidence/estimate.ts';
import { GIB } from '../units/bytes.ts';
import { type KvPool, kvCapacity, kvPool, poolBytesPerToken } from './kvCache.ts';
import type { MemoryPlan, Verdict } from './memoryPlan.ts';
import { overheadGiB } from './overhead.ts';
import { type Stage, stagesOf } from './stage.ts';
import { stageWeightBytes } from './weights.ts';

/** `ceil(torchTotal * fraction)`: what the engine may use on one GPU, bytes. */
export function budgetBytes(deployment: Deployment): number {
  const total = deployment.gpu.torchTotalGiB;
  if (!total) throw new Error(`the memory of ${deployment.gpu.id} is unknown: a constraint must refuse it first`);
  return Math.ceil(total.value * GIB * memoryFraction(deployment).value);
}

interface StageLoad {
  readonly stage: Stage;
  readonly weightBytes: number;
  readonly pool: KvPool;
}

/** The stage whose KV memory holds the fewest sequences of the asked context, at middle overhead. */
function tightest(loads: readonly StageLoad[], budget: number, overhead: number): StageLoad {
  const sequences = ({ weightBytes, pool }: StageLoad) => (budget - overhead - weightBytes) / (pool.blockBytes * pool.blocksPerSequence);
  return loads.reduce((worst, load) => (sequences(load) < sequences(worst) ? load : worst));
}

function basisOf({ calibration }: Deployment): Basis {
  return calibration === undefined || calibration.overheadOffsetBytes === null ? 'modelled' : 'calibrated';
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
  const basis = basisOf(deployment);
  const loads = stagesOf(deployment.model.architecture, deployment.layout.pp).map((stage) => ({
    stage,
    weightBytes: stageWeightBytes(deployment, stage),
    pool: kvPool(deployment, stage),
  }));
  const { stage, weightBytes, pool } = tightest(loads, budget, band.value * GIB);
  const left = (overhead: number) => budget - weightBytes - Math.round(overhead * GIB);
  const [least, middle, most] = [left(band.high), left(band.value), left(band.low)];
  const [worst, medium, best] = [
    kvCapacity(deployment, pool, least),
    kvCapacity(deployment, pool, middle),
    kvCapacity(deployment, pool, most),
  ];
  return {
    weightBytesPerGpu: weightBytes,
    budgetBytesPerGpu: budget,
    overheadBytesPerGpu: estimate(basis, Math.round(band.low * GIB), Math.round(band.value * GIB), Math.round(band.high * GIB)),
    overheadSource: band.source,
    kvMemoryBytesPerGpu: estimate(basis, least, middle, most),
    kvBytesPerToken: poolBytesPerToken(pool, deployment),
    kvTokens: estimate(basis, worst.tokens, medium.tokens, best.tokens),
    sequences: estimate(basis, worst.sequences, medium.sequences, best.sequences),
    stage: stage.index,
  };
}

/** `fits` where the asked sequences fit even at high overhead, `marginal` where only at middle or low overhead. */
export function memoryVerdict(plan: MemoryPlan, sequences: number): Exclude<Verdict, 'invalid'> {
  if (plan.sequences.low >= sequences) return 'fits';
  return plan.sequences.high >= sequences ? 'marginal' : 'does-not-fit';
}
