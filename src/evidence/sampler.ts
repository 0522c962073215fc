import { distributionOf, valueAt } from './distribution.ts';
import { type Basis, type Estimate, estimate } from './estimate.ts';
import { quasiRandomPoints } from './quasiRandom.ts';

/**
 * Points of several independent uncertain inputs on a scrambled Sobol net of fixed seed: same inputs, same points.
 *
 * @param inputs estimates; their ends are taken as 10th and 90th percentile
 * @param samples how many points, a power of two
 * @returns one value per input and point
 */
export function samplePoints(inputs: readonly Estimate[], samples = 512): number[][] {
  const columns = quasiRandomPoints(inputs.length, Math.log2(samples), { seed: 1, number: 0 });
  return Array.from({ length: samples }, (_, point) =>
    inputs.map((input, dimension) => valueAt(distributionOf(input), columns[dimension]?.[point] ?? 0.5)),
  );
}

/**
 * Samples a function of several independent uncertain inputs on a scrambled Sobol net of fixed seed: same inputs, same samples.
 *
 * @param inputs estimates; their ends are taken as 10th and 90th percentile
 * @param f the quantity; may return Infinity
 * @param samples how many points, a power of two
 * @returns the sampled values in ascending order
 */
export function sample(inputs: readonly Estimate[], f: (values: readonly number[]) => number, samples = 512): number[] {
  return samplePoints(inputs, samples)
    .map(f)
    .sort((a, b) => a - b);
}

/** The value below which a share of sorted samples lies (nearest rank); Infinity where the samples are unbounded there. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

/**
 * A band from sorted samples: 10th to 90th percentile, and the value where it lies outside.
 *
 * @example sampledBand('modelled', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5) // { basis: 'modelled', low: 1, value: 5, high: 9 }
 */
export function sampledBand(basis: Basis, sorted: readonly number[], value: number): Estimate {
  return estimate(basis, Math.min(quantile(sorted, 0.1), value), value, Math.max(quantile(sorted, 0.9), value));
}
