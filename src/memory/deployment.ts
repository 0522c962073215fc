import type { EngineRelease } from '../engine/engine.ts';
import type { Estimate } from '../evidence/estimate.ts';
import type { Gpu } from '../hardware/gpu.ts';
import type { Layout } from '../layout/layout.ts';
import type { Checkpoint, Model } from '../model/model.ts';

/** Element types of the KV cache. */
export type KvCacheDtype = 'bf16' | 'fp8';

/** Where the vision encoder lives: split over the TP group, or whole on every rank. */
export type EncoderMode = 'weights' | 'data';

/** Everything that fixes the memory of one deployment. */
export interface Deployment {
  readonly model: Model;
  readonly checkpoint: Checkpoint;
  readonly gpu: Gpu;
  readonly release: EngineRelease;
  readonly layout: Layout;
  readonly kvCacheDtype: KvCacheDtype;
  readonly contextTokens: number;
  /** How many sequences of that context must fit at once. */
  readonly sequences: number;
  readonly encoderMode: EncoderMode;
  /** Memory fraction as asked; undefined = the default of the engine version. */
  readonly utilization?: number;
  /** The engine's limit on sequences per step. */
  readonly maxNumSeqs?: number;
}

export type Verdict = 'fits' | 'marginal' | 'does-not-fit' | 'invalid';

/** The memory of one GPU of a deployment, and what its KV cache holds. */
export interface MemoryPlan {
  readonly weightBytesPerGpu: number;
  readonly budgetBytesPerGpu: number;
  readonly overheadBytesPerGpu: Estimate;
  /** Budget less weights less overhead; negative where they exceed the budget. */
  readonly kvMemoryBytesPerGpu: Estimate;
  readonly kvBytesPerToken: number;
  /** Tokens that the KV caches of one copy hold together. */
  readonly kvTokens: Estimate;
  /** Sequences of the asked context that fit at once, over all copies. */
  readonly sequences: Estimate;
  /** The longest context of which the asked number of sequences fits, at low, middle and high overhead. */
  readonly largestContext: Estimate;
}
