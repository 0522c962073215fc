import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';

/** Beside this file in the package; in dist/ where this file runs from src/. */
const PLACES = ['./catalog.json', '../catalog/catalog.json', '../../dist/catalog/catalog.json'];

let loaded: Catalog | undefined;

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const key in value) freeze(value[key]);
  return Object.freeze(value);
}

/**
 * The catalog that this package was built with: read once, deeply frozen.
 *
 * @throws {Fault} `missing` where `data/` was never compiled
 * @example loadCatalog().models.map(({ id }) => id)
 */
export function loadCatalog(): Catalog {
  if (loaded) return loaded;
  const urls = PLACES.map((place) => new URL(place, import.meta.url));
  const url = urls.find((place) => existsSync(place));
  if (!url)
    throw new Fault('missing', 'data/ is not compiled', { where: 'dist/catalog/catalog.json', allowed: 'run `npm run build` first' });
  loaded = freeze(JSON.parse(readFileSync(url, 'utf8')) as Catalog);
  return loaded;
}
