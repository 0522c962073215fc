/** What a service level limits: the wait for the first token, or the time between two tokens of one answer. */
export const LATENCY_METRICS = ['ttft', 'tpot'] as const;

export type LatencyMetric = (typeof LATENCY_METRICS)[number];

export const PERCENTILES = [50, 90, 95, 99] as const;

export type Percentile = (typeof PERCENTILES)[number];

/** A promise: so many of a hundred requests stay under the limit. */
export interface ServiceLevel {
  readonly metric: LatencyMetric;
  readonly percentile: Percentile;
  readonly limitMs: number;
}
