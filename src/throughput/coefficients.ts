import { COMMON_LEVEL, levelsOf, type System } from './effects.ts';

/** Fitted coefficients of one quantity: effects in the logarithm that add up to those of a system. */
export interface Coefficients {
  readonly terms: readonly string[];
  /** By level: the common one, and what vendor, GPU, engine, format, family and their combinations add. */
  readonly effects: Readonly<Record<string, readonly number[]>>;
  /** By the level of a whole system: covariance of its logarithms, row by row, and the variance typical of its own measurements. */
  readonly systems: Readonly<Record<string, { readonly covariance: readonly number[]; readonly typicalVariance: number }>>;
}

/**
 * Logarithms of the coefficients of a system: the sum of the effects of its levels; a level that was never measured adds nothing.
 *
 * @example coefficientsOf(knowledge.fits.tpot, h200TP8.system).length // 7
 */
export function coefficientsOf({ effects, terms }: Coefficients, system: System): number[] {
  const logs = terms.map((_, place) => effects[COMMON_LEVEL]?.[place] ?? 0);
  for (const level of levelsOf(system).slice(1)) {
    const effect = effects[level];
    if (effect) for (let place = 0; place < logs.length; place++) logs[place] = (logs[place] ?? 0) + (effect[place] ?? 0);
  }
  return logs;
}

/**
 * Variance of the logarithm of a modelled quantity beyond that at the system's own measurements: `s' C s - typical`, at least 0.
 *
 * @param slopes of the quantity in the logarithms of the coefficients
 * @returns 0 for a system that was never measured, whose band is not narrow to begin with
 */
export function excessVariance({ systems }: Coefficients, system: System, slopes: readonly number[]): number {
  const known = systems[levelsOf(system).at(-1) ?? ''];
  if (!known) return 0;
  const size = slopes.length;
  let variance = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++)
      variance += (slopes[row] ?? 0) * (slopes[column] ?? 0) * (known.covariance[row * size + column] ?? 0);
  }
  return Math.max(0, variance - known.typicalVariance);
}
