import type { PricedTariff } from './proposal.ts';

/** Times the median, or parts of it, from which a price is held back. */
const FAR = 10;

/** A price that is far from those of the same model elsewhere. */
export interface Outlier {
  readonly side: 'input' | 'output';
  readonly price: number;
  readonly median: number;
}

type Price = Pick<PricedTariff, 'id' | 'model' | 'inputUsdPerMtok' | 'outputUsdPerMtok'>;

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function farFrom(price: number, others: readonly number[]): number | null {
  const middle = median(others);
  if (middle === null || (price < middle * FAR && price > middle / FAR)) return null;
  return middle;
}

/**
 * Whether a price is ten times the median of all other prices of its model, or a tenth of it, or further away.
 *
 * @param others prices of the same model; the one with the same id does not count
 * @returns null where it is near, and where there is no other
 */
export function outlierOf(price: Price, others: readonly Price[]): Outlier | null {
  const rest = others.filter(({ id }) => id !== price.id);
  const sides = [
    ['input', price.inputUsdPerMtok, rest.map(({ inputUsdPerMtok }) => inputUsdPerMtok)],
    ['output', price.outputUsdPerMtok, rest.map(({ outputUsdPerMtok }) => outputUsdPerMtok)],
  ] as const;
  for (const [side, own, prices] of sides) {
    const middle = farFrom(own, prices);
    if (middle !== null) return { side, price: own, median: Number(middle.toPrecision(6)) };
  }
  return null;
}
