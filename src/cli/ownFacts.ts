import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { ownMeasurementsFrom } from './ownMeasurements.ts';
import { ownPricesFrom } from './ownPrices.ts';
import { today } from './today.ts';

/** The facts of a question: the catalog with the user's own prices in it, and the user's own measurements. */
export interface OwnFacts {
  readonly catalog: Catalog;
  readonly ownMeasurements?: readonly Measurement[];
}

const PRICES = ['tariffs.csv', 'offers.csv'];

/** The day up to which facts are known: with newer ones of the user's own, theirs, but never one that is still to come. */
function dayOf({ date }: Catalog, own: readonly { readonly date: string }[]): string {
  return own.map((row) => row.date).reduce((newest, day) => (day > newest && day <= today() ? day : newest), date);
}

/**
 * The facts that `--catalog` adds: measurements, prices and offers of a folder of the user's own; the catalog as it is without one.
 *
 * @param folder as `kplan import bench`, `import prices` and `import offers` write it
 * @throws Fault where it holds none of these, or for the first row that is broken
 */
export async function ownFactsFrom(folder: string | undefined, catalog: Catalog): Promise<OwnFacts> {
  if (folder === undefined) return { catalog };
  const has = (name: string) => existsSync(join(folder, name));
  const [priced, measured] = [PRICES.some(has), has('measurements')];
  if (!priced && !measured)
    throw new Fault('missing', 'no facts are there', {
      where: '--catalog',
      value: folder,
      allowed: 'a folder that `kplan import bench`, `import prices` or `import offers` wrote',
    });
  const own = measured ? await ownMeasurementsFrom(folder, catalog) : {};
  if (!priced) return { catalog, ...own };
  const { ownTariffs, ownOffers } = await ownPricesFrom(folder, catalog);
  const tariffs = [...ownTariffs, ...catalog.tariffs];
  const offers = [...ownOffers, ...catalog.offers];
  return { catalog: { ...catalog, tariffs, offers, date: dayOf(catalog, [...ownTariffs, ...ownOffers]) }, ...own };
}
