import type { SourceId } from '../evidence/source.ts';
import type { Architecture } from './architecture.ts';
import type { EncodingId } from './encoding.ts';
import type { ModuleClass } from './tensors.ts';

/** The encoding of a module class, or one with the layers (counted from 0) that keep 16 bits. */
export type ClassEncoding = EncodingId | { readonly encoding: EncodingId; readonly exceptLayers: readonly number[] };

/** Types that safetensors files name. */
export type StoredType = 'F32' | 'BF16' | 'F8_E4M3' | 'I32' | 'U8';

/** What somebody counted in a repository; packed weights count one by one. */
export interface PublishedCount {
  readonly elements?: number;
  /** Whether quantisation scales are among the elements. */
  readonly scalesCounted?: true;
  readonly elementsByType?: Readonly<Partial<Record<StoredType, number>>>;
  /** Bytes of all tensors, without file headers. */
  readonly bytes?: number;
  readonly source: SourceId;
}

/** One published set of weights: how each module class is stored; a class that is not named is bf16. */
export interface Checkpoint {
  /** `int4`, `fp8`, `bf16`, `nvfp4` …, or the name of a GGUF mix; unique within the model. */
  readonly format: string;
  readonly encodings: Readonly<Partial<Record<ModuleClass, ClassEncoding>>>;
  /** Parts of the architecture that this repository does not carry. */
  readonly omits?: readonly ('draft' | 'vision')[];
  /** Tensors that the files hold beside the architecture's; engines skip them. */
  readonly stray?: {
    readonly elements: number;
    /** Left out where their storage is not published: a few kilobytes, then not counted. */
    readonly bytes?: number;
    readonly note: string;
  };
  /** Tensors of the files whose use is not understood: counted as weights that every GPU holds whole. */
  readonly unread?: { readonly bytes: number; readonly note: string };
  /** Bytes of all tensors where only their total is published: groups are then scaled to it and every figure is marked so. */
  readonly statedBytes?: number;
  /** Activations that are quantised along with the weights, for which only some GPUs have kernels. */
  readonly activations?: 'mxfp4';
  readonly repository: string;
  /** Other repositories that hold the same tensors. */
  readonly alsoIn?: readonly string[];
  readonly source: SourceId;
  /** Counts of this repository that others published: held against the derived figures by a test, never used. */
  readonly published?: readonly PublishedCount[];
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
  readonly defaultFormat: string;
  /** First engine versions known to load it, e.g. `{ vllm: '0.15.0' }`. */
  readonly minimumEngineVersion: Readonly<Record<string, { readonly version: string; readonly source: SourceId }>>;
  /** What the page of the model shows, where it differs from the weights: kept as a claim, never used. */
  readonly publishedParameters?: { readonly value: number; readonly source: SourceId; readonly note: string };
}
