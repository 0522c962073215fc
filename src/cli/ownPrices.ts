import type { Offer } from '../cost/offer.ts';
import type { Tariff } from '../cost/tariff.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';

/** Prices of the user's own. */
export interface OwnPrices {
  readonly ownTariffs: readonly Tariff[];
  readonly ownOffers: readonly Offer[];
}

/**
 * The tariffs and offers of the user's own that `--catalog` names; none where it was not given.
 *
 * @param folder a catalog folder, as `kplan import prices` and `kplan import offers` write it
 * @throws Fault where the folder holds neither, or for the first row that is broken
 */
export async function ownPricesFrom(folder: string | undefined, catalog: Catalog): Promise<OwnPrices> {
  if (folder === undefined) return { ownTariffs: [], ownOffers: [] };
  const { readOwnTariffs } = await import('../catalog/ownTariffs.ts');
  const { readOwnOffers } = await import('../catalog/ownOffers.ts');
  try {
    const own = { ownTariffs: readOwnTariffs(folder, catalog), ownOffers: readOwnOffers(folder, catalog) };
    if (own.ownTariffs.length + own.ownOffers.length > 0) return own;
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
  throw new Fault('missing', 'no prices are there', {
    where: '--catalog',
    value: folder,
    allowed: 'a folder that `kplan import prices` or `kplan import offers` wrote',
  });
}
