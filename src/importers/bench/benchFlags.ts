import { KV_CACHE_DTYPES, type KvCacheDtype } from '../../engine/deployment.ts';
import { Fault } from '../../faults/fault.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import type { Model } from '../../model/model.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { findCheckpoint, findGpus, findModel } from '../../plan/lookup.ts';
import { type NumberRange, parseNumber } from '../../units/number.ts';
import { parseDate } from '../../units/time.ts';
import { modelNamed } from './statedNames.ts';

/** What the options of `kplan import bench` say, as typed. */
export interface BenchWords {
  readonly model?: string;
  readonly gpu?: string;
  readonly gpus?: string;
  readonly tp?: string;
  readonly pp?: string;
  readonly ep?: string;
  readonly attentionDp?: string;
  readonly dcp?: string;
  readonly prefillGpus?: string;
  readonly format?: string;
  readonly kvCacheDtype?: string;
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly speculation?: string;
  readonly reuse?: string;
  readonly isl?: string;
  readonly osl?: string;
  readonly concurrency?: string;
  readonly date?: string;
}

/** The same, read; null where an option was not given. */
export interface BenchFlags {
  readonly model: Model | null;
  readonly gpu: Gpu | null;
  readonly gpus: number | null;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly ep: number | null;
  readonly attentionDp: number | null;
  readonly dcp: number | null;
  readonly prefillGpus: number | null;
  readonly format: string | null;
  readonly kvCacheDtype: KvCacheDtype | null;
  readonly engine: string | null;
  readonly engineVersion: string | null;
  readonly speculation: string | null;
  readonly reuse: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly concurrency: number | null;
  readonly date: string | null;
}

const WAYS: NumberRange = { min: 1, max: 65_536, integer: true };

function number(text: string | undefined, flag: string, range: NumberRange): number | null {
  return text === undefined ? null : parseNumber(text, flag, range);
}

/** Names that a CSV file may hold and a reader may compare. */
const NAME = /^[a-z0-9][a-z0-9._+:@-]{0,79}$/i;

function name(text: string | undefined, flag: string): string | null {
  if (text === undefined) return null;
  if (NAME.test(text.trim())) return text.trim();
  throw new Fault('invalid', 'not a name', { where: flag, value: text, allowed: 'up to 80 letters, digits and . _ + : @ -' });
}

/** Whether a text of a file may stand in the catalog as a name. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

function modelOf(text: string | undefined, catalog: Catalog): { readonly model: Model | null; readonly format: string | null } {
  if (text === undefined) return { model: null, format: null };
  const named = text.includes('/') ? modelNamed(catalog, text) : undefined;
  return named ?? { model: findModel(catalog, text), format: null };
}

function gpuOf({ gpu, gpus }: BenchWords, catalog: Catalog): Pick<BenchFlags, 'gpu' | 'gpus'> {
  const counted = number(gpus, '--gpus', WAYS);
  if (gpu === undefined) return { gpu: null, gpus: counted };
  const [found, second] = findGpus(catalog, [gpu]);
  if (!found || second)
    throw new Fault('invalid', 'a run has one type of GPU', { where: '--gpu', value: gpu, allowed: 'one name of `kplan data gpus`' });
  if (counted !== null && found.gpus !== undefined && found.gpus !== counted)
    throw new Fault('contradiction', `--gpu says ${found.gpus}`, { where: '--gpus', value: gpus, allowed: 'one count' });
  return { gpu: found.gpu, gpus: counted ?? found.gpus ?? null };
}

function kvCacheDtypeOf(text: string | undefined): KvCacheDtype | null {
  if (text === undefined) return null;
  const found = KV_CACHE_DTYPES.find((dtype) => dtype === text.trim().toLowerCase());
  if (found) return found;
  throw new Fault('unknown', 'no such KV cache dtype', { where: '--kv-cache-dtype', value: text, allowed: KV_CACHE_DTYPES.join(', ') });
}

function formatOf(text: string | undefined, model: Model | null): string | null {
  if (text === undefined) return null;
  return model ? findCheckpoint(model, text).format : text.trim().toLowerCase();
}

/**
 * Reads the options, before any file.
 *
 * @throws Fault naming the option
 */
export function readBenchFlags(words: BenchWords, catalog: Catalog): BenchFlags {
  const { model, format } = modelOf(words.model, catalog);
  return {
    model,
    ...gpuOf(words, catalog),
    tp: number(words.tp, '--tp', WAYS),
    pp: number(words.pp, '--pp', WAYS),
    ep: number(words.ep, '--ep', WAYS),
    attentionDp: number(words.attentionDp, '--attention-dp', WAYS),
    dcp: number(words.dcp, '--dcp', WAYS),
    prefillGpus: number(words.prefillGpus, '--prefill-gpus', { ...WAYS, min: 0 }),
    format: formatOf(words.format, model) ?? format,
    kvCacheDtype: kvCacheDtypeOf(words.kvCacheDtype),
    engine: name(words.engine?.toLowerCase(), '--engine'),
    engineVersion: name(words.engineVersion?.replace(/^v(?=\d)/, ''), '--engine-version'),
    speculation: name(words.speculation?.toLowerCase(), '--speculation'),
    reuse: number(words.reuse, '--reuse', { min: 0, max: 1 }),
    inputTokens: number(words.isl, '--isl', { above: 0, max: 1e9 }),
    outputTokens: number(words.osl, '--osl', { above: 0, max: 1e9 }),
    concurrency: number(words.concurrency, '--concurrency', { above: 0, max: 1e6 }),
    date: words.date === undefined ? null : parseDate(words.date, '--date'),
  };
}
