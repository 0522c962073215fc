import { daysBetween, knownBy } from '../units/time.ts';
import { type BilledTokens, usdPerRequest } from './apiBill.ts';
import type { Tariff } from './tariff.ts';

/** Days after which a price counts as old. */
export const OLD_PRICE_DAYS = 180;

/** The newest standard row of each provider that exists on the day. */
function standing(tariffs: readonly Tariff[], model: string, asOf: string): Tariff[] {
  const newest = new Map<string, Tariff>();
  for (const tariff of tariffs) {
    if (tariff.model !== model || tariff.tier !== 'standard' || !knownBy(tariff.date, asOf)) continue;
    const known = newest.get(tariff.provider);
    if (!known || tariff.date > known.date) newest.set(tariff.provider, tariff);
  }
  return [...newest.values()];
}

/**
 * The vendor's list price on a day: its newest standard tariff.
 *
 * @param model catalog id
 * @returns null where the vendor lists none
 */
export function listTariff(tariffs: readonly Tariff[], model: string, asOf: string): Tariff | null {
  const vendors = standing(tariffs, model, asOf).filter(({ providerKind }) => providerKind === 'vendor');
  return vendors.reduce<Tariff | null>((best, tariff) => (!best || tariff.date > best.date ? tariff : best), null);
}

/**
 * The host that is cheapest for these tokens: standard tier, no router, price at most 180 days old, the newest row of each provider.
 *
 * @param model catalog id
 * @param request tokens of one request
 * @returns null where nobody qualifies
 */
export function cheapestHost(tariffs: readonly Tariff[], model: string, asOf: string, request: BilledTokens): Tariff | null {
  const hosts = standing(tariffs, model, asOf).filter(
    ({ providerKind, date }) => providerKind !== 'router' && daysBetween(date, asOf) <= OLD_PRICE_DAYS,
  );
  return hosts.reduce<Tariff | null>(
    (best, tariff) => (!best || usdPerRequest(tariff, request) < usdPerRequest(best, request) ? tariff : best),
    null,
  );
}

/**
 * The date of the newest standard price that a host of the model has on a day, however old.
 *
 * @param model catalog id
 * @returns null where no host lists it
 */
export function newestHostDate(tariffs: readonly Tariff[], model: string, asOf: string): string | null {
  const hosts = standing(tariffs, model, asOf).filter(({ providerKind }) => providerKind === 'host');
  return hosts.reduce<string | null>((newest, { date }) => (newest === null || date > newest ? date : newest), null);
}
