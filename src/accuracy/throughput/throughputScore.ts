import type { ScoredSituation } from './holdOut.ts';
import type { SkippedRow } from './throughputRow.ts';

/** Error of one quantity in per cent of what was measured. */
export interface SpeedMetric {
  readonly n: number;
  readonly biasPct: number | null;
  readonly medianAbsPct: number | null;
  readonly p90AbsPct: number | null;
  /** Share of rows inside the band that shall hold 80 %, and its 95 % interval over configurations. */
  readonly coverage: number | null;
  readonly coverageInterval: readonly [number, number] | null;
}

/** Errors of one situation, by quantity; `ttftLight` is the wait at a concurrency of at most 16. */
export type SpeedMetrics = Readonly<Record<'tpot' | 'ttft' | 'ttftLight' | 'outputTokensPerSecond', SpeedMetric>>;

/** One of the predictions that are furthest from what was measured. */
export interface WorstSpeed {
  readonly id: string;
  readonly situation: ScoredSituation;
  readonly predictedTpotMs: number;
  readonly measuredTpotMs: number;
  readonly errorPct: number;
}

/** How wrong kplan is on a file of throughput measurements. */
export interface ThroughputScore {
  readonly schema: 'kplan/score-throughput@1';
  readonly answer: string;
  readonly file: string;
  /** Whether measurements of the same configuration and load point could be used. */
  readonly seen: boolean;
  readonly rows: number;
  readonly scoredRows: number;
  readonly configurations: number;
  readonly situations: Readonly<Record<ScoredSituation, SpeedMetrics>>;
  readonly overall: SpeedMetrics;
  readonly skipped: readonly SkippedRow[];
  readonly worst: readonly WorstSpeed[];
}
