import type { Measurement } from '../../throughput/measurement.ts';

/** A row of a file of throughput measurements: names as stated, figures read. */
export interface ThroughputRow
  extends Pick<
    Measurement,
    'id' | 'engineVersion' | 'kvCacheDtype' | 'pp' | 'inputTokens' | 'outputTokens' | 'concurrency' | 'reuse' | 'date' | 'statistic'
  > {
  readonly line: number;
  readonly model: string;
  readonly format: string;
  readonly engine: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly tp: number | null;
  readonly ep: number;
  /** Groups of attention DP; true where the row only says that it is used. */
  readonly attentionDp: number | true;
  readonly disaggregated: boolean;
  readonly speculation: string;
  readonly outputTokensPerSecond: number | null;
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
  readonly notes: string;
}

/** A row that is not scored, and why. */
export interface SkippedRow {
  readonly id: string;
  readonly line: number;
  readonly reason: string;
}
