import type { SourceId } from '../../evidence/source.ts';
import type { MoneyClaim } from './moneyClaim.ts';

/** A published deployment or statement about fit, as a question that `fit` can answer. */
export interface FitClaim {
  readonly kind: 'fit';
  readonly model: string;
  readonly format?: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly tp?: number;
  readonly pp?: number;
  readonly attentionDp?: number;
  readonly ep?: number;
  readonly dcp?: number;
  readonly engine: 'vllm' | 'sglang';
  readonly engineVersion?: string;
  readonly contextTokens: number;
  readonly kvCacheDtype?: string;
  readonly utilization?: number;
  readonly maxNumSeqs?: number;
  readonly claimed: 'fits' | 'does-not-fit' | 'invalid';
}

/** A published size, as a quantity that the model arithmetic gives. */
export interface SizeClaim {
  readonly kind: 'size';
  readonly model: string;
  readonly format?: string;
  readonly quantity:
    | 'parameters'
    | 'hub-parameters'
    | 'checkpoint-bytes'
    | 'bytes-at-16-bit'
    | 'bytes-if-all-int4'
    | 'active-bytes-per-token'
    | 'active-parameters'
    | 'loaded-bytes-tp8';
  readonly claimed: number;
  /** Relative distance up to which the claim counts as right. */
  readonly tolerance: number;
}

/** What somebody published, kept beside the facts and never used as one. */
export interface Claim {
  readonly id: string;
  readonly statement: string;
  readonly who: string;
  readonly check: FitClaim | SizeClaim | MoneyClaim;
  /** On what the claim depends where kplan disagrees with it, in kplan's words. */
  readonly condition?: string;
  readonly date: string;
  readonly source: SourceId;
}
