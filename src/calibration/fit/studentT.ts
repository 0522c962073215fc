import { normalQuantile } from '../../evidence/normal.ts';

/**
 * Quantile of Student's t distribution by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5): within 1 % of the exact
 * value from 3 degrees of freedom on for probabilities from 0.05 to 0.95.
 *
 * @param p probability
 * @param freedom degrees of freedom, at least 1
 * @example studentQuantile(0.9, 10).toFixed(3) // '1.372'
 */
export function studentQuantile(p: number, freedom: number): number {
  const z = normalQuantile(p);
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, power) => sum + term / freedom ** (power + 1), z);
}
