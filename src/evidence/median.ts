/**
 * The middle of some values; between two, their mean without the noise of binary fractions.
 *
 * @returns NaN where there is none
 * @example median([4, 1, 2]) // 2
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : Number((((sorted[half - 1] ?? upper) + upper) / 2).toPrecision(12));
}
