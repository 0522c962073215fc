import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Offer } from '../cost/offer.ts';
import type { Catalog } from '../plan/catalog.ts';
import { type DataFolder, readCsvFile, throwFaults } from './dataFolder.ts';
import { checkReference, checkRowIds } from './names.ts';
import { offerOf } from './offers.ts';
import { offerRow } from './rows.ts';

/** Where offers stand in a catalog folder. */
const FILE = 'offers.csv';

/** An offer of the user's own: its source is a file and a registry, in words. */
const ownOfferRow = offerRow.extend({ source: z.string() });

/**
 * Reads the offers of a user's own catalog folder, as `kplan import offers` writes them.
 *
 * @param folder the catalog folder
 * @param catalog GPUs that its rows name
 * @returns offers whose source is `user`; none where the folder holds no such file
 * @throws {Fault} for the one row that is broken; {AggregateError} of every `Fault` where there are several
 */
export function readOwnOffers(folder: string, { gpus }: Pick<Catalog, 'gpus'>): Offer[] {
  if (!existsSync(join(folder, FILE))) return [];
  const data: DataFolder = { path: folder, label: folder, faults: [] };
  const known = new Set(gpus.map(({ id }) => id));
  const rows = readCsvFile(data, FILE, ownOfferRow);
  checkRowIds(rows, data.faults);
  for (const row of rows) checkReference(known, row, ['gpu'], row.content.gpu, data.faults);
  throwFaults(data.faults);
  return rows.map(({ content }) => offerOf(content, 'user'));
}
