import type { MemoryCalibration } from '../../engine/calibration.ts';
import type { Deployment } from '../../engine/deployment.ts';
import { memoryFraction } from '../../engine/memoryFraction.ts';
import { kvCaches } from '../../layout/layout.ts';
import { type KvPool, kvCapacity, kvPool } from '../../memory/kvCache.ts';
import { planMemory } from '../../memory/plan.ts';
import { stagesOf } from '../../memory/stage.ts';
import { attentions } from '../../model/layers.ts';
import { GIB } from '../../units/bytes.ts';
import { isDerived, type StartupRow } from '../observed/startupRow.ts';

/** A figure as kplan gives it and as a log printed it. */
export interface Pair {
  readonly predicted: number;
  readonly logged: number;
}

/** A prediction with its band, held against a log. */
export interface BandPair extends Pair {
  readonly low: number;
  readonly high: number;
}

/** What of a row can be held against kplan; null where the row does not print it, or what it prints proves nothing. */
export interface RowFigures {
  readonly weightsGiB: Pair | null;
  /** Tokens that the printed GiB hold; for models that keep windows or states, sequences of the longest length. */
  readonly kvTokens: (Pair & { readonly of: 'tokens' | 'sequences' }) | null;
  readonly kvGiB: BandPair | null;
  readonly overheadGiB: BandPair | null;
}

/** GiB of the budget as the engine forms it. */
export function budgetGiB(deployment: Deployment): number {
  return (deployment.gpu.torchTotalGiB?.value ?? Number.NaN) * memoryFraction(deployment).value;
}

/** Overhead of a row as its log implies it: budget less weights less KV memory. */
export function loggedOverheadGiB(row: StartupRow, deployment: Deployment, weightsGiB: number): number | null {
  return row.kvGiB === null || isDerived(row) ? null : budgetGiB(deployment) - weightsGiB - row.kvGiB;
}

function tightestPool(deployment: Deployment, stage: number): KvPool {
  const found = stagesOf(deployment.model.architecture, deployment.layout.pp)[stage];
  if (!found) throw new Error(`a plan for stage ${stage} of ${deployment.layout.pp}`);
  return kvPool(deployment, found);
}

/** Whether the KV cache of a deployment is one that kplan only approximates. */
export function hasCompressedContext({ model }: Deployment): boolean {
  return attentions(model.architecture).some((attention) => attention.kind === 'mla' && attention.compression !== undefined);
}

function tokensOf(row: StartupRow, deployment: Deployment, stage: number): RowFigures['kvTokens'] {
  if (row.kvGiB === null || row.kvGiB <= 0 || isDerived(row) || hasCompressedContext(deployment)) return null;
  const pool = tightestPool(deployment, stage);
  const tokens = kvCapacity(deployment, pool, row.kvGiB * GIB).tokens / kvCaches(deployment.layout);
  if (!pool.hybrid) return row.kvTokens === null ? null : { of: 'tokens', predicted: tokens, logged: row.kvTokens };
  return row.maxConcurrency === null || row.maxModelLen === null
    ? null
    : { of: 'sequences', predicted: tokens / row.maxModelLen, logged: row.maxConcurrency };
}

/**
 * What kplan says of a row's deployment, beside what the row printed.
 *
 * @param statesBudget whether the memory fraction is known; without it no GiB of the KV cache can be predicted
 * @param tokensAlone whether engine or GPU are not kplan's, so that nothing but the tokens of its KV memory is predicted
 */
export function rowFigures(row: StartupRow, deployment: Deployment, statesBudget: boolean, tokensAlone = false): RowFigures {
  const plan = planMemory(deployment);
  const weights = plan.weightBytesPerGpu / GIB;
  const { low, value, high } = plan.kvMemoryBytesPerGpu;
  const overhead = plan.overheadBytesPerGpu;
  const logged = statesBudget && !isDerived(row) ? row.kvGiB : null;
  const loggedOverhead = logged === null ? null : loggedOverheadGiB(row, deployment, row.weightsGiB ?? weights);
  return {
    weightsGiB: row.weightsGiB === null || tokensAlone ? null : { predicted: weights, logged: row.weightsGiB },
    kvTokens: tokensOf(row, deployment, plan.stage),
    kvGiB: logged === null ? null : { predicted: value / GIB, low: low / GIB, high: high / GIB, logged },
    overheadGiB:
      loggedOverhead === null
        ? null
        : { predicted: overhead.value / GIB, low: overhead.low / GIB, high: overhead.high / GIB, logged: loggedOverhead },
  };
}

/** What a row's log tells kplan about further deployments of its model on its GPU; null where it printed too little. */
export function calibrationFrom(row: StartupRow, deployment: Deployment, statesRelease: boolean): MemoryCalibration | null {
  const { weightsGiB, overheadGiB } = rowFigures(row, deployment, true);
  if (!overheadGiB) return null;
  return {
    name: row.id,
    model: deployment.model.id,
    format: deployment.checkpoint.format,
    gpu: deployment.gpu.id,
    engine: deployment.release.engine.id,
    engineVersion: statesRelease ? deployment.release.version : null,
    layout: deployment.layout,
    weightOffsetBytes: weightsGiB ? Math.round((weightsGiB.logged - weightsGiB.predicted) * GIB) : 0,
    overheadOffsetBytes: Math.round((overheadGiB.logged - overheadGiB.predicted) * GIB),
    source: row.source,
  };
}
