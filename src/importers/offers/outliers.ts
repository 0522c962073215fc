import type { Offer } from '../../cost/offer.ts';
import { median } from '../../evidence/median.ts';
import { groupedBy } from '../../plan/facts/groupedBy.ts';

/** From which ratio to the median a price is more likely a slip than an offer. */
const FAR = 10;
/** Prices of a GPU that a median needs where nothing is known of it beside the file. */
const LEAST_PRICES = 5;

/** What a price is held against. */
export type PricedGpu = Pick<Offer, 'gpu' | 'pricing' | 'usdPerGpuHour'>;

function keyOf({ gpu, pricing }: PricedGpu): string {
  return `${gpu} ${pricing}`;
}

function medians(prices: readonly PricedGpu[], least: number): Map<string, number> {
  return new Map(
    groupedBy(prices, keyOf).flatMap((group) => {
      const [first] = group;
      const middle = median(group.map((price) => price.usdPerGpuHour));
      return first && group.length >= least ? [[keyOf(first), middle] as const] : [];
    }),
  );
}

/**
 * Tells how far a price is from the median of its GPU and pricing: of what is known, else of the file itself.
 *
 * @returns a function that gives the median where the price is 10 times as high or as low, else null
 */
export function outlierCheck(known: readonly PricedGpu[], file: readonly PricedGpu[]): (price: PricedGpu) => number | null {
  const ofKnown = medians(known, 1);
  const ofFile = medians(file, LEAST_PRICES);
  return (price) => {
    const middle = ofKnown.get(keyOf(price)) ?? ofFile.get(keyOf(price));
    if (middle === undefined) return null;
    return Math.max(price.usdPerGpuHour / middle, middle / price.usdPerGpuHour) >= FAR ? middle : null;
  };
}
