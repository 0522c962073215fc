import type { BandFact, Fact, SourceId } from '../../evidence/source.ts';
import type { EncodingId } from '../../model/encoding.ts';

/** A format of experts that CPU and GPU can share. */
export interface ExpertMethod {
  readonly encoding: EncodingId;
  /** Value of `--kt-method`. */
  readonly method: string;
  readonly source: SourceId;
}

/** What the catalog knows about KTransformers, which serves with a fork of SGLang. */
export interface KTransformers {
  readonly name: string;
  /** GB of each GPU beside weights and KV cache. */
  readonly gpuReserveGB: BandFact;
  /** GB more on each GPU as measured while experts come to the GPU layer by layer for prefill. */
  readonly layerwisePrefillGB: Fact;
  /** Longest recommended prefill chunk. */
  readonly prefillChunkTokens: Fact;
  /** GB of RAM beside the experts. */
  readonly hostReserveGB: BandFact;
  readonly kvCacheDtypes: { readonly values: readonly string[]; readonly source: SourceId };
  readonly methods: readonly ExpertMethod[];
}

/** How prompts are read: experts come to the GPU layer by layer, or stay where they are. */
export type PrefillMode = 'layerwise' | 'hybrid';
