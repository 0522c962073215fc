import type { BandFact, SourceId } from '../../evidence/source.ts';
import type { EncodingId } from '../../model/encoding.ts';

/** What the catalog knows about llama.cpp, its fork ik_llama.cpp included. */
export interface LlamaCpp {
  readonly name: string;
  /** GiB of each GPU that CUDA itself takes, at the high end with the margin that `--fit` keeps. */
  readonly gpuReserveGiB: BandFact;
  /** GiB of the compute buffer of each GPU, without copies of experts and expanded latents. */
  readonly workBufferGiB: BandFact;
  /** GB of RAM for the operating system and the process, weights and KV cache aside. */
  readonly hostReserveGB: BandFact;
  /** Type of the tensors beside the routed experts where a mix does not say. */
  readonly restEncoding: { readonly value: EncodingId; readonly source: SourceId };
  readonly kvCacheDtypes: { readonly values: readonly string[]; readonly source: SourceId };
  /** Whence it is known that the latent of MLA is stored once. */
  readonly latentStoredOnce: { readonly source: SourceId };
  readonly microBatchTokens: { readonly value: number; readonly source: SourceId };
}
