import type { SourceId } from '../evidence/source.ts';

/** One measured load point of one configuration. */
export interface Measurement {
  readonly id: string;
  readonly family: string;
  readonly model: string;
  readonly format: string;
  /** Empty where its source does not say. */
  readonly kvCacheDtype: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly gpu: string;
  /** Of the whole deployment, those that prefill included. */
  readonly gpus: number;
  readonly tp: number;
  readonly pp: number;
  readonly ep: number;
  readonly attentionDp: number;
  readonly dcp: number;
  /** GPUs that only prefill; 0 where prefill and decode share them. */
  readonly prefillGpus: number;
  /** `none`, what speculates, or `unknown` where its source does not say. */
  readonly speculation: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly concurrency: number;
  /** Share of input tokens found in the KV cache. */
  readonly reuse: number;
  readonly outputTokensPerSecond: number | null;
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
  readonly statistic: 'median' | 'mean';
  readonly date: string;
  /** Known whatever its date: stated with the question itself, without a day that it is asked as of. */
  readonly stated?: true;
  /** A source of the catalog, or `user` for measurements of the user's own. */
  readonly source: SourceId;
}
