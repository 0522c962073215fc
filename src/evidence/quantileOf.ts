/**
 * Quantile of a list, linear between ranks: `x[(n - 1) * share]`.
 *
 * @param values in any order
 * @returns NaN for an empty list
 * @example quantileOf([3, 1, 2, 4], 0.5) // 2.5
 */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (sorted.length - 1) * share;
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (rank - Math.floor(rank));
}
