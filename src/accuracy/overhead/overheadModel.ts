import { stepTokens } from '../../engine/batchTokens.ts';
import type { Deployment } from '../../engine/deployment.ts';
import type { OverheadFit } from '../../engine/engine.ts';
import { compareVersions } from '../../engine/version.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { hasBlockFp8Experts, overheadParts } from '../../memory/overhead.ts';
import { activationBytesPerToken, indexerKeyBytes, profiledSequences, residualStreamBytes } from '../../memory/profileRun.ts';
import { GIB } from '../../units/bytes.ts';
import type { Prior } from './leastSquares.ts';

/** What the fit looks for. */
export const UNKNOWNS = [
  'base',
  'doubling',
  'groupSince17',
  'baseSince20',
  'groupSince21',
  'samplerOfSort',
  'samplerFused',
  'forward',
  'blockFp8',
] as const;

export type Unknown = (typeof UNKNOWNS)[number];

/** Releases that share constants, and the unknowns that make them up. */
export interface ReleaseRange {
  readonly since: string;
  readonly sampler: 'samplerOfSort' | 'samplerFused';
  readonly base: readonly Unknown[];
  readonly group: readonly Unknown[];
  readonly graphsCounted: boolean;
}

/**
 * Where vLLM's profile run changed:
 * 0.8 is the first with the engine core that profiles forward pass and sampler one after the other (V1 by default);
 * 0.11.0 sampled with FlashInfer by default, switched off again in 0.11.1 (PR 26859); 0.17 replaced the sort by a Triton kernel
 * (PR 33538, first tagged in 0.16.1rc0); 0.20 samples with FlashInfer and moved to CUDA 13 (PR 40376); 0.21 counts its estimate of graph
 * memory (PR 38284).
 */
export const RANGES: readonly ReleaseRange[] = [
  { since: '0.8.0', sampler: 'samplerOfSort', base: ['base'], group: [], graphsCounted: false },
  { since: '0.11.0', sampler: 'samplerFused', base: ['base'], group: [], graphsCounted: false },
  { since: '0.11.1', sampler: 'samplerOfSort', base: ['base'], group: [], graphsCounted: false },
  { since: '0.17.0', sampler: 'samplerFused', base: ['base'], group: ['groupSince17'], graphsCounted: false },
  { since: '0.20.0', sampler: 'samplerFused', base: ['base', 'baseSince20'], group: ['groupSince17'], graphsCounted: false },
  { since: '0.21.0', sampler: 'samplerFused', base: ['base', 'baseSince20'], group: ['groupSince21'], graphsCounted: true },
];

/** The range that a release falls in; undefined for releases before the first. */
export function rangeOf(version: string): ReleaseRange | undefined {
  return RANGES.filter(({ since }) => compareVersions(version, since) >= 0).at(-1);
}

/** Contexts of the longest length for which vLLM's sparse attention gathers indexer keys at once (vllm/v1/attention/backends/mla/indexer.py). */
const INDEXER_CONTEXTS = 40;

/**
 * What is held to be likely before any row: non-torch memory that logs print (0.07 to 0.14 GiB on one NVIDIA GPU, 0.55 on two), the
 * tensors that a sort of the logits holds at once (2 B of logits, 4 of their copy, 12 of values and indices in and out of the sort each,
 * 4 each of probabilities and sums) or that a fused kernel holds (2 + 4 + 4 + 4 with work space), a forward pass that reuses memory.
 */
const ON_NVIDIA: Readonly<Record<Unknown, Prior>> = {
  base: { mean: 0.14, deviation: 0.1 },
  doubling: { mean: 0.3, deviation: 0.1 },
  groupSince17: { mean: 1, deviation: 1 },
  baseSince20: { mean: 0.3, deviation: 0.3 },
  groupSince21: { mean: 0, deviation: 0.3 },
  samplerOfSort: { mean: 38, deviation: 1 },
  samplerFused: { mean: 16, deviation: 2 },
  forward: { mean: 0.6, deviation: 0.2 },
  blockFp8: { mean: 1, deviation: 0.6 },
};

/** What is held to be likely before any row, by vendor. */
export const PRIORS: Readonly<Record<'nvidia' | 'amd', Readonly<Record<Unknown, Prior>>>> = {
  nvidia: ON_NVIDIA,
  amd: {
    ...ON_NVIDIA,
    base: { mean: 1, deviation: 0.5 },
    doubling: { mean: 0.6, deviation: 0.3 },
    groupSince17: { mean: 0.5, deviation: 0.5 },
  },
};

export type Solution = Readonly<Record<Unknown, number>>;

/** What a fit leaves open beside the unknowns of the formula. */
export type Spread = Pick<OverheadFit, 'graphsGiBPerLayer' | 'lowGiB' | 'highGiB' | 'calibratedLowGiB' | 'calibratedHighGiB'>;

/** The constants of one range of releases. */
export function fitOf(range: ReleaseRange, solution: Solution, vendor: Gpu['vendor'], spread: Spread, source: string): OverheadFit {
  const sum = (unknowns: readonly Unknown[]) => unknowns.reduce((total, unknown) => total + solution[unknown], 0);
  return {
    since: range.since,
    vendor,
    baseGiB: sum(range.base),
    groupGiB: sum(range.group),
    doublingGiB: solution.doubling,
    samplerBytes: solution[range.sampler],
    forwardScale: solution.forward,
    blockFp8Scale: solution.blockFp8,
    indexerContexts: INDEXER_CONTEXTS,
    graphsCounted: range.graphsCounted,
    ...spread,
    source,
  };
}

/**
 * How the overhead of a deployment depends on the unknowns, GiB, with whichever of forward pass and sampler is the larger under the
 * constants at hand.
 *
 * @returns coefficients in the order of UNKNOWNS, and what does not depend on them
 */
export function linearised(deployment: Deployment, fit: OverheadFit, range: ReleaseRange): { coefficients: number[]; constant: number } {
  const parts = overheadParts(deployment, fit);
  const bytes = (id: string) => parts.find((part) => part.id === id)?.bytes ?? 0;
  const forwardLeads = bytes('forward') > bytes('sampler');
  const { tp } = deployment.layout;
  const tokens = stepTokens(deployment).value;
  const share: Partial<Record<Unknown, number>> = { doubling: Math.log2(tp) };
  let constant = bytes('graphs');
  for (const unknown of range.base) share[unknown] = 1;
  if (tp > 1) for (const unknown of range.group) share[unknown] = 1;
  if (forwardLeads) {
    const activations = (tokens * activationBytesPerToken(deployment)) / GIB;
    share.forward = activations;
    if (hasBlockFp8Experts(deployment)) share.blockFp8 = activations;
    constant += tokens * residualStreamBytes(deployment) + INDEXER_CONTEXTS * deployment.contextTokens * indexerKeyBytes(deployment);
  } else {
    share[range.sampler] = (profiledSequences(deployment) * deployment.model.architecture.vocabularySize) / GIB;
  }
  return { coefficients: UNKNOWNS.map((unknown) => share[unknown] ?? 0), constant: constant / GIB };
}
