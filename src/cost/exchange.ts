import type { SourceId } from '../evidence/source.ts';
import { Fault } from '../faults/fault.ts';
import { daysBetween } from '../units/time.ts';

/** What one euro was worth on a day. */
export interface ExchangeRate {
  readonly date: string;
  readonly currency: string;
  readonly unitsPerEur: number;
  readonly source: SourceId;
}

/** Days within which a rate stands for a price. */
const NEAR_DAYS = 31;

function onDay(rates: readonly ExchangeRate[], currency: string, date: string): number | null {
  if (currency === 'EUR') return 1;
  return rates.find((rate) => rate.currency === currency && rate.date === date)?.unitsPerEur ?? null;
}

/**
 * USD for one unit of a currency by the newest rates of at most 31 days before a day: `USD per EUR / units per EUR`.
 *
 * @param day ISO day of the price
 * @param where the field that names the currency, for the message
 * @throws Fault `missing` where no such rate is known: a price is never converted at a rate of another time
 * @example usdPerUnit([], 'USD', '2026-06-15', 'row 1') // 1
 */
export function usdPerUnit(rates: readonly ExchangeRate[], currency: string, day: string, where: string): number {
  if (currency === 'USD') return 1;
  const near = [...new Set(rates.map(({ date }) => date))].filter((date) => date <= day && daysBetween(date, day) <= NEAR_DAYS);
  const [newest] = near
    .sort((a, b) => (a < b ? 1 : -1))
    .flatMap((date) => {
      const [usd, units] = [onDay(rates, 'USD', date), onDay(rates, currency, date)];
      return usd === null || units === null ? [] : [usd / units];
    });
  if (newest !== undefined) return newest;
  throw new Fault('missing', `no exchange rate of ${currency} in the ${NEAR_DAYS} days before ${day}`, {
    where,
    value: currency,
    allowed: 'USD, or a currency with a row of that time in exchange-rates.csv',
  });
}
