import type { SourceId } from '../evidence/source.ts';
import type { EncodingId } from './encoding.ts';
import type { ModuleClass } from './tensors.ts';

/** Size of a set of files as somebody published it; rounded or scattered figures have ends. */
export interface PublishedSize {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  readonly source: SourceId;
}

/** A published GGUF file of a model: a recipe that stores each tensor in a type of its own, known by its size alone unless it says more. */
export interface GgufMix {
  /** Id of the model. */
  readonly model: string;
  /** As its publisher calls it, in lower case: `ud-q2_k_xl`. */
  readonly mix: string;
  readonly repository: string;
  /** Of all its parts together, without the file of the vision encoder. */
  readonly fileBytes: PublishedSize;
  /** Types of module classes where they were published. */
  readonly encodings: Readonly<Partial<Record<ModuleClass, EncodingId>>>;
}
