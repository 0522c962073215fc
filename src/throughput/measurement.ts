import type { SourceId } from '../evidence/source.ts';

/** One measured load point of one configuration. */
export interface Measurement {
  readonly id: string;
  readonly family: string;
  readonly model: string;
  readonly format: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly tp: number;
  readonly pp: number;
  readonly ep: number;
  readonly speculation: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly concurrency: number;
  /** Share of input tokens found in the KV cache. */
  readonly reuse: number;
  readonly outputTokensPerSecond: number | null;
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
  readonly date: string;
  readonly source: SourceId;
}
