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

/**
 * The lowest limit on a metric, which its mean must keep too.
 *
 * @returns milliseconds; null where none is asked
 * @example strictest([{ metric: 'ttft', percentile: 95, limitMs: 2000 }], 'ttft') // 2000
 */
export function strictest(levels: readonly ServiceLevel[], metric: LatencyMetric): number | null {
  const limits = levels.flatMap((level) => (level.metric === metric ? [level.limitMs] : []));
  return limits.length === 0 ? null : Math.min(...limits);
}
