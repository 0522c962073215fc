import type { Gpu } from '../hardware/gpu.ts';
import { type Layout, stageRanks } from '../layout/layout.ts';
import { attentions } from '../model/layers.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import type { MemoryCalibration } from './calibration.ts';
import type { EngineRelease } from './engine.ts';

/** Element types of the KV cache; `fp8_ds_mla` is the mixed layout of sparse MLA (FP8 latent, scales, bf16 rotary part). */
export const KV_CACHE_DTYPES = ['bf16', 'fp8', 'fp8_ds_mla'] as const;

export type KvCacheDtype = (typeof KV_CACHE_DTYPES)[number];

/** Where the vision encoder lives: split over the TP group, or whole on every rank. */
export type EncoderMode = 'weights' | 'data';

/** What drafts tokens ahead of the model: its own module (multi-token prediction), or an external Eagle 3 layer. */
export type DraftKind = 'mtp' | 'eagle3';

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
  /** Tokens that one step may carry (vLLM's batched tokens, SGLang's prefill chunk); undefined = the engine's default. */
  readonly batchTokens?: number;
  /** What speculates; undefined = nothing. */
  readonly draft?: DraftKind;
  /** Tokens drafted ahead of each step; undefined = 1 where something speculates. */
  readonly draftTokens?: number;
  /** No CUDA graphs are captured. */
  readonly eager?: true;
  /** Whether the engine takes its estimate of graph memory out of the budget; undefined = the default of the version. */
  readonly graphEstimate?: boolean;
  /** What a start-up log showed for such a deployment. */
  readonly calibration?: MemoryCalibration;
}

/** Tokens drafted ahead of each step; 0 where nothing speculates. */
export function draftedTokens({ draft, draftTokens }: Deployment): number {
  return draft === undefined ? 0 : (draftTokens ?? 1);
}

/** Ways in which each expert is split, where it is: ranks of a stage over EP ranks. */
export function expertTensorWays({ layout }: Deployment): number {
  return stageRanks(layout) / layout.ep;
}

/** Attention heads that one rank computes, of the kind that has fewest. */
export function headsPerRank({ model, layout }: Deployment): number {
  return Math.min(...attentions(model.architecture).map(({ heads }) => heads)) / layout.tp;
}

/** Whether attention is multi-head latent attention, for which engines choose their kernels apart. */
export function usesMla({ model }: Deployment): boolean {
  return attentions(model.architecture).some(({ kind }) => kind === 'mla');
}

/** Whether attention chooses the tokens that it reads by an indexer. */
export function isSparse({ model }: Pick<Deployment, 'model'>): boolean {
  return attentions(model.architecture).some((attention) => attention.kind === 'mla' && attention.indexer !== undefined);
}
