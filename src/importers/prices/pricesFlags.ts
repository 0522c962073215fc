import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import { parseDate } from '../../units/time.ts';
import type { ModelNames } from './modelNames.ts';
import { slugOf } from './slug.ts';

/** What the options of `kplan import prices` say, as typed. */
export interface PricesWords {
  readonly model?: string;
  readonly all?: boolean;
  readonly date?: string;
  readonly provider?: string;
  readonly keepOutliers?: boolean;
}

/** The same, read; null where an option was not given. */
export interface PricesFlags {
  /** The one model whose prices are wanted. */
  readonly model: string | null;
  /** Models that the catalog does not know are wanted too. */
  readonly all: boolean;
  readonly date: string | null;
  readonly provider: string | null;
  readonly keepOutliers: boolean;
}

function modelAsked(name: string, all: boolean, names: ModelNames): string {
  const known = names.exactly(name);
  if (known !== null) return known;
  if (all && slugOf(name) !== '') return slugOf(name);
  throw new Fault('unknown', 'no such name', {
    where: '--model',
    value: name,
    allowed: 'a model that `kplan data models` or `kplan data tariffs` prints; with --all any name of a registry',
    nearest: nearestNames(name, names.all()),
  });
}

/**
 * Reads the options.
 *
 * @throws Fault naming the option
 */
export function readPricesFlags(words: PricesWords, names: ModelNames): PricesFlags {
  const { model, all = false, date, provider, keepOutliers = false } = words;
  return {
    model: model === undefined ? null : modelAsked(model, all, names),
    all,
    date: date === undefined ? null : parseDate(date, '--date'),
    provider: provider ?? null,
    keepOutliers,
  };
}
