import { Fault } from '../faults/fault.ts';
import { lookupName } from '../faults/nearest.ts';
import type { Gpu } from '../hardware/gpu.ts';
import type { Checkpoint, Model } from '../model/model.ts';
import { parseNumber } from '../units/number.ts';
import type { Catalog } from './catalog.ts';

interface Named {
  readonly id: string;
  readonly aliases: readonly string[];
}

const indexes = new WeakMap<readonly Named[], ReadonlyMap<string, unknown>>();

function indexOf<T extends Named>(entries: readonly T[]): ReadonlyMap<string, T> {
  const known = indexes.get(entries) as ReadonlyMap<string, T> | undefined;
  if (known) return known;
  const index = new Map(entries.flatMap((entry) => [entry.id, ...entry.aliases].map((name) => [name.toLowerCase(), entry] as const)));
  indexes.set(entries, index);
  return index;
}

/** The entry with this id or alias, in any case. */
export function findNamed<T extends Named>(entries: readonly T[], name: string, where: string, listedBy: string): T {
  return lookupName(indexOf(entries), name, where, listedBy);
}

/** The model that is planned for where none is asked. */
const DEFAULT_MODEL = 'kimi-k2.7-code';

/** A model by id or alias; the default one where none is asked. */
export function findModel(catalog: Catalog, name = DEFAULT_MODEL): Model {
  return findNamed(catalog.models, name, '--model', 'kplan data models');
}

/** The checkpoint of a model in the asked format, or in its default one. */
export function findCheckpoint(model: Model, format: string = model.defaultFormat): Checkpoint {
  const found = model.checkpoints.find((checkpoint) => checkpoint.format === format.toLowerCase());
  if (found) return found;
  throw new Fault('unknown', `no checkpoint of ${model.name} in this format is known`, {
    where: '--format',
    value: format,
    allowed: model.checkpoints.map((checkpoint) => checkpoint.format).join(', '),
  });
}

/** A GPU type with the number of them, where the name carries one. */
export interface GpuAsk {
  readonly gpu: Gpu;
  readonly gpus?: number;
}

/**
 * Reads GPU names: ids or aliases, `all`, each with an optional count such as `h200:8`.
 *
 * @throws Fault `unknown` with the nearest names
 */
export function findGpus(catalog: Catalog, names: readonly string[]): GpuAsk[] {
  if (names.length === 0)
    throw new Fault('missing', 'at least one GPU type', { where: '--gpu', allowed: 'names such as h200, a list, or all' });
  const asks = names.flatMap((text): GpuAsk[] => {
    const [name = '', count, ...more] = text.trim().split(':');
    if (more.length > 0) throw new Fault('invalid', 'one count at most', { where: '--gpu', value: text, allowed: 'NAME or NAME:COUNT' });
    const gpus = count === undefined ? {} : { gpus: parseNumber(count, '--gpu', { min: 1, max: 4096, integer: true }) };
    if (name.toLowerCase() === 'all') return catalog.gpus.map((gpu) => ({ gpu, ...gpus }));
    return [{ gpu: findNamed(catalog.gpus, name, '--gpu', 'kplan data gpus'), ...gpus }];
  });
  return asks.filter(({ gpu, gpus }, index) => asks.findIndex((other) => other.gpu === gpu && other.gpus === gpus) === index);
}
