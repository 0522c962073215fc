import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../evidence/source.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { ownMeasurementsFrom } from './ownMeasurements.ts';
import { ownPricesFrom } from './ownPrices.ts';

/** The facts of a question: the catalog with the user's own prices in it, and the user's own measurements. */
export interface OwnFacts {
  readonly catalog: Catalog;
  readonly ownMeasurements?: readonly Measurement[];
}

const PRICES = ['tariffs.csv', 'offers.csv'];

interface OwnRow {
  readonly id: string;
  readonly date: string;
  readonly source: string;
}

/** Own rows name their source in words: each becomes a source of the catalog. */
function sourced<T extends OwnRow>(rows: readonly T[]): { readonly rows: readonly T[]; readonly sources: Record<string, Source> } {
  const idOf = ({ source }: OwnRow) => `own#${source}`;
  return {
    rows: rows.map((row) => ({ ...row, source: idOf(row) })),
    sources: Object.fromEntries(rows.map((row) => [idOf(row), { ref: row.source, date: row.date, kind: 'quoted' as const }])),
  };
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
  const [tariffs, offers] = [sourced(ownTariffs), sourced(ownOffers)];
  return {
    catalog: {
      ...catalog,
      tariffs: [...tariffs.rows, ...catalog.tariffs],
      offers: [...offers.rows, ...catalog.offers],
      sources: { ...catalog.sources, ...tariffs.sources, ...offers.sources },
    },
    ...own,
  };
}
