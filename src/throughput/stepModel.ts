/** A quantity of the step-time model in parts, and its slope in the logarithm of each coefficient. */
export interface Modelled {
  readonly value: number;
  /** Terms times coefficients, in the order of the terms. */
  readonly parts: readonly number[];
  /** `d ln(value) / d ln(coefficient)`; 0 where a bound holds. */
  readonly slopes: readonly number[];
}

/** How terms make a quantity: all added, or reading and computing overlapping first. */
export type Combination = 'sum' | 'overlap';

/**
 * Time of a decode step: `launch + sqrt((weights + KV)^2 + compute^2) + prefill + collectives + sequences`, each term a time at datasheet
 * rates times its coefficient, and never less than the datasheet allows: reading weights and KV cache at the full bandwidth, computing
 * at the peak. Reading and computing overlap, but not perfectly: the root lies between their maximum and their sum.
 * With `sum` all terms are added (the wait for the first token).
 *
 * @param times terms in milliseconds, in the order of `TPOT_TERMS` or `TTFT_TERMS`
 * @param logs logarithms of the coefficients
 * @returns milliseconds, with parts and slopes
 * @example modelled([61, 2, 1, 1, 0, 0, 1], [Math.log(0.1), 0, 0, 0, 0, 0, Math.log(0.01)], 'overlap').value.toFixed(2) // '9.27'
 */
export function modelled(times: readonly number[], logs: readonly number[], combination: Combination): Modelled {
  const parts = times.map((time, place) => time * Math.exp(logs[place] ?? 0));
  if (combination === 'sum') {
    const value = parts.reduce((sum, part) => sum + part, 0);
    return { value, parts, slopes: parts.map((part) => part / value) };
  }
  const [launch = 0, weights = 0, kv = 0, compute = 0, prefill = 0, collectives = 0, sequences = 0] = parts;
  const [, leastWeights = 0, leastKv = 0, leastCompute = 0] = times;
  const root = Math.hypot(weights + kv, compute) || 1;
  const value = launch + Math.hypot(weights + kv, compute) + prefill + collectives + sequences;
  const least = Math.max(leastWeights + leastKv, leastCompute);
  if (value <= least) return { value: least, parts, slopes: parts.map(() => 0) };
  const reading = (weights + kv) / root;
  const slopes = [launch, weights * reading, kv * reading, (compute * compute) / root, prefill, collectives, sequences];
  return { value, parts, slopes: slopes.map((slope) => slope / value) };
}
