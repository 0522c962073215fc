import { Fault } from '../../faults/fault.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { findGpus } from '../../plan/lookup.ts';
import { parseDate } from '../../units/time.ts';
import { nameKey } from './gpuIndex.ts';
import { providerName } from './provider.ts';

/** What the options of `kplan import offers` say, as typed. */
export interface OffersWords {
  readonly date?: string;
  readonly provider?: string;
  readonly gpu?: string;
  readonly keepOutliers?: boolean;
}

/** The same, read; null where an option was not given. */
export interface OffersFlags {
  readonly date: string | null;
  readonly provider: string | null;
  /** What names mean that fit several GPUs, or none. */
  readonly gpus: ReadonlyMap<string, Gpu>;
  readonly keepOutliers: boolean;
}

/** One `NAME=GPU`. */
function meaning(text: string, catalog: Catalog): [string, Gpu] {
  const [name = '', id = '', ...more] = text.split('=').map((part) => part.trim());
  const [ask, second] = name === '' || id === '' || more.length > 0 ? [] : findGpus(catalog, [id]);
  if (ask && !second && ask.gpus === undefined) return [nameKey(name), ask.gpu];
  throw new Fault('invalid', 'not a name and what it means', { where: '--gpu', value: text, allowed: 'NAME=GPU, such as H100=h100-sxm' });
}

/**
 * Reads the options, before any file.
 *
 * @throws Fault naming the option
 */
export function readOffersFlags(words: OffersWords, catalog: Catalog): OffersFlags {
  return {
    date: words.date === undefined ? null : parseDate(words.date, '--date'),
    provider: words.provider === undefined ? null : providerName(words.provider, '--provider'),
    gpus: new Map(words.gpu === undefined ? [] : words.gpu.split(',').map((text) => meaning(text, catalog))),
    keepOutliers: words.keepOutliers === true,
  };
}
