import { studentQuantile } from './studentT.ts';

/**
 * How many independent randomisations of a point set are drawn: Student's t over 10 to 30 of them covers best (P. L'Ecuyer,
 * M. Nakayama, A. B. Owen, B. Tuffin, "Confidence intervals for randomized quasi-Monte Carlo estimators", WSC 2023).
 */
export const RANDOMISATIONS = 16;
/** Half of a 95 % interval in standard errors. */
const HALF = studentQuantile(0.975, RANDOMISATIONS - 1);

/** A sampled number with the 95 % interval of the error that the sampling makes. It says nothing of the doubt about the inputs. */
export interface Sampled {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

/**
 * The 95 % interval of a sampled number: `value ± t sd / √R` over its R = 16 randomisations, `t = 2.131`; their smallest and largest
 * where one of them is not finite.
 *
 * @param value the number from all points together
 * @param replicates the number from the points of each randomisation
 * @example randomisationInterval(5, new Array(16).fill(5)) // { low: 5, value: 5, high: 5 }
 */
export function randomisationInterval(value: number, replicates: readonly number[]): Sampled {
  if (![value, ...replicates].every(Number.isFinite)) {
    return { low: Math.min(value, ...replicates), value, high: Math.max(value, ...replicates) };
  }
  const mean = replicates.reduce((sum, one) => sum + one, 0) / replicates.length;
  const squares = replicates.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const half = HALF * Math.sqrt(squares / (replicates.length - 1) / replicates.length);
  return { low: value - half, value, high: value + half };
}

/**
 * The same for a probability, within 0 and 1. An event that happened in no sample, or in each, may still be rare: its other end is that of
 * as many independent samples, `1 - 0.05^(1 / samples)` (Clopper and Pearson, one-sided).
 *
 * @param samples how many points there are over all randomisations
 * @example probabilityInterval(0, new Array(16).fill(0), 1024).high.toFixed(4) // '0.0029'
 */
export function probabilityInterval(value: number, replicates: readonly number[], samples: number): Sampled {
  const unseen = 1 - 0.05 ** (1 / samples);
  if (value === 0) return { low: 0, value, high: unseen };
  if (value === 1) return { low: 1 - unseen, value, high: 1 };
  const { low, high } = randomisationInterval(value, replicates);
  return { low: Math.max(0, low), value, high: Math.min(1, high) };
}
