import { median } from '../../evidence/median.ts';
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

function farFrom(price: number, others: readonly number[]): number | null {
  const middle = median(others);
  return price >= middle * FAR || price <= middle / FAR ? middle : null;
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
