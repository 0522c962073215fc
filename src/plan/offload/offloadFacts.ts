import type { KTransformers } from '../../engine/ktransformers/kTransformers.ts';
import type { LlamaCpp } from '../../engine/llamacpp/llamaCpp.ts';
import type { GgufMix } from '../../model/ggufMix.ts';

/** Facts about serving from the memory of GPUs and CPUs together. */
export interface OffloadFacts {
  readonly ggufMixes: readonly GgufMix[];
  readonly llamaCpp: LlamaCpp;
  readonly kTransformers: KTransformers;
}
