import type { Gpu } from '../hardware/gpu.ts';
import { type Layout, stageRanks } from '../layout/layout.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import type { EngineRelease } from './engine.ts';

/** Element types of the KV cache. */
export type KvCacheDtype = 'bf16' | 'fp8';

/** Where the vision encoder lives: split over the TP group, or whole on every rank. */
export type EncoderMode = 'weights' | 'data';

/** A model in one format, served by one engine release on one GPU type in one layout. */
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

/** Ways in which each expert is split, where it is: ranks of a stage over EP ranks. */
export function expertTensorWays({ layout }: Deployment): number {
  return stageRanks(layout) / layout.ep;
}

/** Attention heads that one rank computes. */
export function headsPerRank({ model, layout }: Deployment): number {
  return model.architecture.attention.heads / layout.tp;
}
