import type { Estimate } from './estimate.ts';

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37] as const;
const Z90 = 1.2815515655446004;

function radicalInverse(index: number, base: number): number {
  let fraction = 1;
  let result = 0;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    fraction /= base;
    result += fraction * (rest % base);
  }
  return result;
}

/**
 * Quantile of the standard normal distribution (Acklam's rational approximation, relative error below 1.2e-9).
 *
 * @param p probability, 0 < p < 1
 * @example normalQuantile(0.9).toFixed(4) // '1.2816'
 */
export function normalQuantile(p: number): number {
  const a = [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239,
  ] as const;
  const b = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1] as const;
  const c = [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783,
  ] as const;
  const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416] as const;
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  }
  if (p > 1 - 0.02425) return -normalQuantile(1 - p);
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q) /
    (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1)
  );
}

/** Draws from a band whose ends are the 10th and 90th percentile: two lognormal halves that meet at the middle value. */
function draw({ low, value, high }: Estimate, probability: number): number {
  if (low === high) return value;
  const z = normalQuantile(probability) / Z90;
  return z < 0 ? value * (low / value) ** -z : value * (high / value) ** z;
}

/**
 * Points of several independent uncertain inputs on a Halton sequence: same inputs, same points.
 *
 * @param inputs positive estimates, at most twelve; their ends are taken as 10th and 90th percentile
 * @param samples how many points
 * @returns one value per input and point
 */
export function samplePoints(inputs: readonly Estimate[], samples = 512): number[][] {
  if (inputs.length > PRIMES.length) throw new Error(`at most ${PRIMES.length} uncertain inputs`);
  return Array.from({ length: samples }, (_, index) =>
    inputs.map((input, dimension) => draw(input, radicalInverse(index + 1, PRIMES[dimension] ?? 2))),
  );
}

/**
 * Samples a function of several independent uncertain inputs on a Halton sequence: same inputs, same samples.
 *
 * @param inputs positive estimates, at most twelve; their ends are taken as 10th and 90th percentile
 * @param f the quantity; may return Infinity
 * @param samples how many points
 * @returns the sampled values in ascending order
 */
export function sample(inputs: readonly Estimate[], f: (values: readonly number[]) => number, samples = 512): number[] {
  return samplePoints(inputs, samples)
    .map(f)
    .sort((a, b) => a - b);
}

/** The value below which a share of sorted samples lies (nearest rank); Infinity where the samples are unbounded there. */
export function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}
