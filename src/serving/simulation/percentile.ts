import { quantile } from '../../evidence/sampler.ts';
import { studentQuantile } from '../../evidence/studentT.ts';
import { checkNumber } from '../../units/number.ts';
import type { Simulation } from './simulate.ts';

/** Part of a simulated time. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a user waits for. */
export type Latency = 'ttft' | 'tpot' | 'queueWait' | 'total';

/**
 * Latencies of the requests that came in a window, or else after the warm-up, milliseconds, in ascending order: `TTFT = first token - arrival`,
 * `TPOT = (end - first token) / (output - 1)` (requests of one token have none), the wait until the prompt is first scheduled, and the
 * whole time.
 */
export function latencies(
  { records, warmUpMs }: Simulation,
  latency: Latency,
  window: Window = { fromMs: warmUpMs, toMs: Number.POSITIVE_INFINITY },
): Float64Array {
  const { arrivalMs, admittedMs, firstTokenMs, endMs, outputTokens } = records;
  const values = new Float64Array(arrivalMs.length);
  let count = 0;
  for (let at = 0; at < arrivalMs.length; at++) {
    const [came, first, end] = [arrivalMs[at] as number, firstTokenMs[at] as number, endMs[at] as number];
    if (came < window.fromMs || came > window.toMs || Number.isNaN(end)) continue;
    if (latency === 'ttft') values[count++] = first - came;
    else if (latency === 'total') values[count++] = end - came;
    else if (latency === 'queueWait') values[count++] = (admittedMs[at] as number) - came;
    else if ((outputTokens[at] as number) > 1) values[count++] = (end - first) / ((outputTokens[at] as number) - 1);
  }
  return values.subarray(0, count).sort();
}

/** Nearest rank of sorted latencies; NaN where there are none. */
export function percentileOf(sorted: Float64Array, share: number): number {
  return quantile(sorted, share);
}

/** A mean over replications with its confidence interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Confidence interval over independent replications: `mean ± t * s / sqrt(n)` (Law, Simulation Modeling and Analysis, section 9.4.1).
 *
 * @param values one of each replication (a mean or a percentile), at least 2
 * @param confidence between 0 and 1
 * @throws Fault `invalid` for fewer than two replications or a confidence outside 0 to 1
 * @example replicationInterval([10, 12, 14], 0.95).high.toFixed(2) // '16.97'
 */
export function replicationInterval(values: readonly number[], confidence = 0.95): Interval {
  const count = checkNumber(values.length, 'replications', { min: 2 });
  checkNumber(confidence, 'confidence', { above: 0, max: 0.9999 });
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const half = studentQuantile((1 + confidence) / 2, count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - half, high: mean + half };
}
