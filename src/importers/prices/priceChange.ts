import type { ConditionalPrices, TokenPrices } from '../../cost/tariff.ts';
import { type PricedTariff, registryOf } from './proposal.ts';

/** The prices of a tariff by name. */
export const PRICE_FIELDS = [
  'inputUsdPerMtok',
  'cacheReadUsdPerMtok',
  'cacheWriteUsdPerMtok',
  'cacheWrite1hUsdPerMtok',
  'outputUsdPerMtok',
  'thinkingUsdPerMtok',
] as const satisfies readonly (keyof TokenPrices)[];

/** A price is what it was, another, or the first of its provider, model and tier. */
export type PriceChange = 'new' | 'same' | 'changed';

/** What a token of the cache bills at: the input price where no other is published. */
function cacheReadOf({ cacheReadUsdPerMtok, inputUsdPerMtok }: TokenPrices): number {
  return cacheReadUsdPerMtok ?? inputUsdPerMtok;
}

/** Whether prices are the same as far as both are published; a cache read that is published no longer costs as much as input. */
function agree(a: TokenPrices, b: TokenPrices): boolean {
  return (
    cacheReadOf(a) === cacheReadOf(b) && PRICE_FIELDS.every((field) => a[field] === null || b[field] === null || a[field] === b[field])
  );
}

/** The boundary is written 272,000 by some registries and 271,999 by others. */
function sameBounds(a: ConditionalPrices, b: ConditionalPrices): boolean {
  const [above, other] = [a.aboveInputTokens, b.aboveInputTokens];
  const sameLength = above === null || other === null ? above === other : Math.abs(above - other) <= 1;
  return sameLength && JSON.stringify(a.hoursUtc) === JSON.stringify(b.hoursUtc);
}

function hasEnded({ until, date }: PricedTariff, day = date): boolean {
  return until !== null && until <= day;
}

/**
 * The tariff that a new one is compared with: the newest of its provider, model and tier, rather one of the same registry; prices that
 * have ended only with those that ended on the same day.
 *
 * @param others tariffs that were known before
 */
export function tariffBefore(tariff: PricedTariff, others: readonly PricedTariff[]): PricedTariff | null {
  const isComparable = (other: PricedTariff) =>
    other.id !== tariff.id &&
    other.provider === tariff.provider &&
    other.model === tariff.model &&
    other.tier === tariff.tier &&
    (hasEnded(tariff) ? other.until === tariff.until : !hasEnded(other, tariff.date));
  const isBetter = (a: PricedTariff, b: PricedTariff) =>
    a.date === b.date ? registryOf(a) === registryOf(tariff) && registryOf(b) !== registryOf(tariff) : a.date > b.date;
  return others
    .filter(isComparable)
    .reduce<PricedTariff | null>((best, other) => (best === null || isBetter(other, best) ? other : best), null);
}

/** How a tariff stands to the one before it; a price that only one of them publishes is no change, but for the cache read. */
export function changeFrom(before: PricedTariff | null, tariff: PricedTariff): PriceChange {
  if (before === null) return 'new';
  const { conditions } = tariff;
  const isSame =
    agree(before, tariff) &&
    before.conditions.length === conditions.length &&
    before.conditions.every((condition, index) => {
      const other = conditions[index];
      return other !== undefined && sameBounds(condition, other) && agree(condition, other);
    });
  return isSame ? 'same' : 'changed';
}
