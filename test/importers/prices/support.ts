import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../../../src/catalog/index.ts';
import { importPrices, type PricesImport, type PricesWords, pricesEnvironment } from '../../../src/importers/prices/index.ts';
import type { Catalog } from '../../../src/plan/catalog.ts';

export const catalog: Catalog = loadCatalog();

/** The day on which the samples were read. */
export const READ_ON: PricesWords = { date: '2026-11-22' };

/** Where a sample lies. */
export function sample(name: string): string {
  return fileURLToPath(new URL(`samples/${name}`, import.meta.url));
}

/** A sample as data, to be changed. */
export function sampleData(name: string): unknown {
  return JSON.parse(readFileSync(sample(name), 'utf8'));
}

/** A folder that vanishes with the machine's temporary files. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kplan-prices-'));
}

/** Imports files into a catalog folder. */
export function imported(files: readonly string[], words: PricesWords = READ_ON, folder = join(temporaryFolder(), 'facts')): PricesImport {
  return importPrices(files, words, pricesEnvironment(catalog, folder));
}

/** Imports contents as if they were files of these names. */
export function importedTexts(texts: Readonly<Record<string, string | Uint8Array>>, words: PricesWords = READ_ON): PricesImport {
  const environment = pricesEnvironment(catalog, join(temporaryFolder(), 'facts'));
  return importPrices(Object.keys(texts), words, {
    ...environment,
    read: (path) => ({ bytes: Buffer.from((texts[path] ?? '') as string), modified: '2026-11-20' }),
  });
}

/** Imports one document of data. */
export function importedData(document: unknown, words: PricesWords = READ_ON, name = 'prices.json'): PricesImport {
  return importedTexts({ [name]: JSON.stringify(document, null, 1) }, words);
}

/** What was refused, short. */
export function refusals({ refused }: PricesImport): string[] {
  return refused.map(({ kind, where }) => `${kind} ${where}`);
}
