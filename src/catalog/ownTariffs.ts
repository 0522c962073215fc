import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExchangeRate } from '../cost/exchange.ts';
import type { Tariff } from '../cost/tariff.ts';
import type { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import { type DataFolder, throwFaults } from './dataFolder.ts';
import { readExchangeRates } from './exchange.ts';
import { SourceBook } from './sourceBook.ts';
import { readTariffs } from './tariffs.ts';

/** Files of a catalog folder that may be left out. */
const CONDITIONS = 'tariff-conditions.csv';
const RATES = 'exchange-rates.csv';

function folderAt(path: string): DataFolder {
  return { path, label: path, faults: [] };
}

/**
 * The exchange rates of a user's own catalog folder; none where it has no such file.
 *
 * @throws {Fault} or {AggregateError} of every `Fault` in its rows
 */
export function readOwnExchange(folder: string): ExchangeRate[] {
  if (!existsSync(join(folder, RATES))) return [];
  const data = folderAt(folder);
  const rates = readExchangeRates(data, new SourceBook(data.faults));
  throwFaults(data.faults);
  return rates;
}

/** How tariffs are read. */
interface OwnReading {
  /** Conditions without a tariff are passed over, as an import leaves them that is cut off between its two files and run again. */
  readonly completing?: boolean;
}

/**
 * Reads the tariffs of a user's own catalog folder, as `kplan import prices` writes them: tariffs.csv with tariff-conditions.csv.
 *
 * @param folder the catalog folder
 * @param catalog whose providers are known; another one is a host of its own name
 * @returns tariffs in USD whose source is `user`; none where the folder has no such file
 * @throws {Fault} or {AggregateError} of every `Fault` in their rows
 */
export function readOwnTariffs(
  folder: string,
  { tariffs, exchangeRates }: Pick<Catalog, 'tariffs' | 'exchangeRates'>,
  { completing = false }: OwnReading = {},
): Tariff[] {
  if (!existsSync(join(folder, 'tariffs.csv'))) return [];
  const data = folderAt(folder);
  const known = tariffs.map(({ provider, providerName, providerKind }) => [provider, { kind: providerKind, name: providerName }] as const);
  // Names in rows are those of strangers: none of them is a member of every object.
  const providers = Object.setPrototypeOf(Object.fromEntries(known), null) as Record<string, (typeof known)[number][1]>;
  const own = readTariffs(data, [...readOwnExchange(folder), ...exchangeRates], providers, () => 'user');
  const conditions = `${folder}/${CONDITIONS}`;
  const isNone = ({ code, details: { where } }: Fault) =>
    (code === 'missing' && where === conditions) || (completing && code === 'unknown' && where.startsWith(`${conditions}:`));
  throwFaults(data.faults.filter((fault) => !isNone(fault)));
  return own;
}
