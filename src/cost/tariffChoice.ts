import { daysBetween, knownBy } from '../units/time.ts';
import { usdPerRequest } from './apiBill.ts';
import type { DaySpan, Tariff } from './tariff.ts';
import type { TokenLeaves } from './tokenLeaves.ts';

/** Days after which a price counts as old. */
export const OLD_PRICE_DAYS = 180;

/** Which tariffs are meant; every provider and tier where none is named. */
export interface TariffWish {
  readonly model: string;
  readonly provider?: string;
  readonly tier?: string;
}

/** The day from which a tariff is known to hold. */
export function effectiveDate({ from, date }: Pick<Tariff, 'from' | 'date'>): string {
  return from ?? date;
}

/** Whether a tariff replaces another: it was read later, or of two sets read together it begins later. */
function isNewer(tariff: Tariff, than: Tariff): boolean {
  return tariff.date === than.date ? (tariff.from ?? '') > (than.from ?? '') : tariff.date > than.date;
}

/**
 * Whether a tariff holds on a day: inside its interval where one is stated, else from the day on which its registry was read.
 *
 * @example inForce({ ...kimiList, from: '2026-08-17', until: null }, '2026-08-16') // false
 */
export function inForce({ from, until, date }: Tariff, asOf: string): boolean {
  const begun = from !== null ? from <= asOf : until !== null || knownBy(date, asOf);
  return begun && (until === null || asOf < until);
}

/**
 * The tariffs that hold on a day: of each provider and tier the newest row.
 *
 * @param asOf ISO day
 * @returns in the order of the catalog
 */
export function standingTariffs(tariffs: readonly Tariff[], { model, provider, tier }: TariffWish, asOf: string): Tariff[] {
  const newest = new Map<string, Tariff>();
  for (const tariff of tariffs) {
    if (tariff.model !== model || !inForce(tariff, asOf)) continue;
    if ((provider ?? tariff.provider) !== tariff.provider || (tier ?? tariff.tier) !== tariff.tier) continue;
    const product = `${tariff.provider} ${tariff.tier}`;
    const known = newest.get(product);
    if (!known || isNewer(tariff, known)) newest.set(product, tariff);
  }
  return [...newest.values()];
}

function standard(tariffs: readonly Tariff[], model: string, asOf: string): Tariff[] {
  return standingTariffs(tariffs, { model, tier: 'standard' }, asOf);
}

/**
 * The vendor's list price on a day: its newest standard tariff.
 *
 * @param model catalog id
 * @returns null where the vendor lists none
 */
export function listTariff(tariffs: readonly Tariff[], model: string, asOf: string): Tariff | null {
  const vendors = standard(tariffs, model, asOf).filter(({ providerKind }) => providerKind === 'vendor');
  return vendors.reduce<Tariff | null>((best, tariff) => (!best || isNewer(tariff, best) ? tariff : best), null);
}

/**
 * The host that is cheapest for these tokens: standard tier, no router, price at most 180 days old, the newest row of each provider.
 *
 * @param model catalog id
 * @param request tokens of one request
 * @param hours hours in which the traffic comes, UTC; all day where none are given
 * @returns null where nobody qualifies
 */
export function cheapestHost(
  tariffs: readonly Tariff[],
  model: string,
  asOf: string,
  request: TokenLeaves,
  hours?: readonly DaySpan[],
): Tariff | null {
  const hosts = standard(tariffs, model, asOf).filter(
    ({ providerKind, date }) => providerKind !== 'router' && daysBetween(date, asOf) <= OLD_PRICE_DAYS,
  );
  const price = (tariff: Tariff) => usdPerRequest(tariff, request, hours);
  return hosts.reduce<Tariff | null>((best, tariff) => (!best || price(tariff) < price(best) ? tariff : best), null);
}

/**
 * The date of the newest standard price that a host of the model has on a day, however old.
 *
 * @param model catalog id
 * @returns null where no host lists it
 */
export function newestHostDate(tariffs: readonly Tariff[], model: string, asOf: string): string | null {
  const hosts = standard(tariffs, model, asOf).filter(({ providerKind }) => providerKind === 'host');
  return hosts.reduce<string | null>((newest, { date }) => (newest === null || date > newest ? date : newest), null);
}
