import { normalQuantile } from '../../evidence/normal.ts';
import { quantile } from '../../evidence/sampler.ts';
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

/**
 * Quantile of Student's t distribution (Hill, Algorithm 396, CACM 13, 1970; about six digits, exact for 1 and 2 degrees).
 *
 * @param p probability, 0.5 < p < 1
 * @param degrees of freedom, at least 1
 * @example studentQuantile(0.975, 9).toFixed(4) // '2.2622'
 */
export function studentQuantile(p: number, degrees: number): number {
  const tails = 2 * (1 - p);
  if (degrees === 1) return 1 / Math.tan((tails * Math.PI) / 2);
  if (degrees === 2) return Math.sqrt(2 / (tails * (2 - tails)) - 2);
  const a = 1 / (degrees - 0.5);
  const b = 48 / (a * a);
  let c = (((20700 * a) / b - 98) * a - 16) * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * degrees;
  let y = (d * tails) ** (2 / degrees);
  if (y > 0.05 + a) {
    const x = normalQuantile(tails / 2);
    y = x * x;
    if (degrees < 5) c += 0.3 * (degrees - 4.5) * (x + 0.6);
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) * y - 1) *
        ((degrees + 1) / (degrees + 2)) +
      1 / y;
  }
  return Math.sqrt(degrees * y);
}
