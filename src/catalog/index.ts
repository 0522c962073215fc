import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { SpeedFacts } from '../throughput/knowledge.ts';
import type { LaunchFacts } from './launchFile.ts';

/** Beside this file in the package; in dist/ where this file runs from src/. */
const PLACES = ['./', '../catalog/', '../../dist/catalog/'];

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const key in value) freeze(value[key]);
  return Object.freeze(value);
}

function read<T>(name: string): T {
  const url = PLACES.map((place) => new URL(`${place}${name}`, import.meta.url)).find((place) => existsSync(place));
  if (!url) throw new Fault('missing', 'data/ is not compiled', { where: `dist/catalog/${name}`, allowed: 'run `npm run build` first' });
  return freeze(JSON.parse(readFileSync(url, 'utf8')) as T);
}

/** The facts without those on speed, which are read when they are first asked for. */
type Quick = Omit<Catalog, 'speed'>;

let loaded: Catalog | undefined;
let speed: SpeedFacts | undefined;

/**
 * The catalog that this package was built with: read once, deeply frozen. Measurements and what is fitted to them are read on first use.
 *
 * @throws {Fault} `missing` where `data/` was never compiled
 * @example loadCatalog().models.map(({ id }) => id)
 */
export function loadCatalog(): Catalog {
  if (loaded) return loaded;
  const quick = read<Quick>('catalog.json');
  loaded = Object.freeze(
    Object.defineProperty({ ...quick }, 'speed', {
      enumerable: true,
      get: (): SpeedFacts => {
        speed ??= read<SpeedFacts>('speed.json');
        return speed;
      },
    }),
  ) as Catalog;
  return loaded;
}

/**
 * What the command lines of engines have, release by release; only `kplan deploy` reads it.
 *
 * @throws {Fault} `missing` where `data/` was never compiled
 * @example loadLaunch().engines.vllm.port.value // 8000
 */
export function loadLaunch(): LaunchFacts {
  return read<LaunchFacts>('launch.json');
}
