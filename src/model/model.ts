import type { SourceId } from '../evidence/source.ts';
import type { Architecture } from './architecture.ts';
import type { EncodingId } from './encoding.ts';
import type { ModuleClass } from './tensors.ts';

/** Checkpoint formats that a model can be published in. */
export type CheckpointFormat = 'int4' | 'fp8' | 'nvfp4' | 'mxfp4';

/** One published set of weights: which module classes are quantised, and how; everything else is bf16. */
export interface Checkpoint {
  readonly format: CheckpointFormat;
  readonly encoding: EncodingId;
  readonly quantized: readonly ModuleClass[];
  readonly repository: string;
  readonly source: SourceId;
  /** Said beside every answer where the tensor list is not published. */
  readonly assumption?: string;
}

/** A model as the catalog knows it, inheritance resolved. */
export interface Model {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Models of one family share geometry, so measurements of one stand for all. */
  readonly family: string;
  readonly architecture: Architecture;
  readonly architectureSource: SourceId;
  readonly checkpoints: readonly Checkpoint[];
  readonly defaultFormat: CheckpointFormat;
  /** First engine versions known to load it, e.g. `{ vllm: '0.15.0' }`. */
  readonly minimumEngineVersion: Readonly<Record<string, { readonly version: string; readonly source: SourceId }>>;
  /** What the page of the model shows, where it differs from the weights: kept as a claim, never used. */
  readonly publishedParameters?: { readonly value: number; readonly source: SourceId; readonly note: string };
}
