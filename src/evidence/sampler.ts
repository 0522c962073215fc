import { distributionOf, valueAt } from './distribution.ts';
import type { Estimate } from './estimate.ts';

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37] as const;

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
 * Points of several independent uncertain inputs on a Halton sequence: same inputs, same points.
 *
 * @param inputs positive estimates, at most twelve; their ends are taken as 10th and 90th percentile
 * @param samples how many points
 * @returns one value per input and point
 */
export function samplePoints(inputs: readonly Estimate[], samples = 512): number[][] {
  if (inputs.length > PRIMES.length) throw new Error(`at most ${PRIMES.length} uncertain inputs`);
  return Array.from({ length: samples }, (_, index) =>
    inputs.map((input, dimension) => valueAt(distributionOf(input), radicalInverse(index + 1, PRIMES[dimension] ?? 2))),
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
