import type { Estimate } from '../evidence/estimate.ts';
import type { SourceId } from '../evidence/source.ts';

export type Verdict = 'fits' | 'marginal' | 'does-not-fit' | 'invalid';

/** The memory of one GPU of a deployment, at the pipeline stage that runs out first, and what the KV cache holds. */
export interface MemoryPlan {
  readonly weightBytesPerGpu: number;
  readonly budgetBytesPerGpu: number;
  readonly overheadBytesPerGpu: Estimate;
  readonly overheadSource: SourceId;
  /** Budget less weights less overhead; negative where they exceed the budget. */
  readonly kvMemoryBytesPerGpu: Estimate;
  /** Bytes that one token of context takes on one GPU of that stage. */
  readonly kvBytesPerToken: number;
  /** Tokens that all KV caches of the deployment hold together. */
  readonly kvTokens: Estimate;
  /** Sequences of the asked context that fit at once. */
  readonly sequences: Estimate;
  /** The stage, counted from 0. */
  readonly stage: number;
}
