import type { AskedSystem } from '../calibration/endpointCalibration.ts';
import type { MemoryCalibration } from '../engine/calibration.ts';
import { resolveRelease } from '../engine/release.ts';
import type { Assumption } from '../evidence/assumption.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
import { given } from '../plan/fit/question.ts';
import { findCheckpoint, findGpus, findModel } from '../plan/lookup.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { namesIn } from './deploymentQuery.ts';
import { type OwnFacts, ownFactsFrom } from './ownFacts.ts';

/** The facts of a question with what a calibration adds to them. */
export interface KnownFacts extends OwnFacts {
  readonly calibration?: MemoryCalibration;
  /** What the calibration changes, in words. */
  readonly calibrated: readonly Assumption[];
  /** What speaks against the calibration: warnings of the answer. */
  readonly cautions: readonly string[];
  /** The facts without what the calibration adds, to tell what it changes; null where it adds nothing. */
  readonly without: Pick<OwnFacts, 'ownMeasurements'> | null;
}

/** The words of a question that say what facts it may use, and of what. */
export interface FactWords {
  readonly catalog?: string;
  readonly calibration?: string;
  readonly model?: string;
  readonly format?: string;
  readonly engine?: string;
  readonly gpu?: string;
  readonly asOf?: string;
  readonly tp?: string;
  readonly pp?: string;
  readonly dcp?: string;
  readonly attentionDp?: string;
  readonly kvCacheDtype?: string;
}

const WAYS = ['tp', 'pp', 'dcp', 'attentionDp'] as const;

/** The ways of splitting that the words of a question name; what is no number the question itself refuses. */
function waysIn(words: FactWords): Partial<Record<(typeof WAYS)[number], number>> {
  return Object.fromEntries(WAYS.flatMap((name) => (words[name] === undefined ? [] : [[name, Number(words[name])]])));
}

/** What a question is of; null where its words name nothing, which the question itself refuses with more to say. */
function askedSystem(words: FactWords, catalog: Catalog): AskedSystem | null {
  const { model: name, format, engine, gpu, asOf, kvCacheDtype } = words;
  try {
    const model = findModel(catalog, name);
    return {
      model: model.id,
      family: model.family,
      format: findCheckpoint(model, format).format,
      engine: resolveRelease(catalog.engines, engine).engine.id,
      gpus: gpu === undefined ? null : [...new Set(findGpus(catalog, namesIn(gpu, '--gpu')).map((ask) => ask.gpu.id))],
      asOf: asOf ?? null,
      deployment: { ...waysIn(words), ...given('kvCacheDtype', kvCacheDtype) },
    };
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** The measurements that contradict no datasheet of the catalog. */
async function possible(measurements: readonly Measurement[], catalog: Catalog): Promise<readonly Measurement[]> {
  if (measurements.length === 0) return measurements;
  const { possibleMeasurements } = await import('../calibration/fit/possible.ts');
  return possibleMeasurements(measurements, catalog);
}

/** The same of rows of `--catalog`, as far as a time per token would be derived from their output. */
async function derivable(imported: readonly Measurement[], catalog: Catalog): Promise<readonly Measurement[]> {
  const derived = imported.filter(({ tpotMs }) => tpotMs === null);
  const sound = new Set(await possible(derived, catalog));
  return imported.filter((row) => row.tpotMs !== null || sound.has(row));
}

/** What is said of those that do; nothing where none does. */
async function tooFast(count: number, file = ''): Promise<Assumption[]> {
  if (count === 0) return [];
  const { tooFastWords } = await import('../calibration/fit/possible.ts');
  return [{ code: 'calibration', text: tooFastWords(count, file), source: 'user' }];
}

/**
 * The facts that `--catalog` and `--calibration` add to the shipped ones; measurements of the calibration come before those of the catalog.
 *
 * @param options with the model that was found for `--model`
 * @throws Fault where one of them is missing or broken
 */
export async function knownFactsFrom(options: FactWords, shipped: Catalog): Promise<KnownFacts> {
  const {
    ownMeasurements: said = [],
    calibrated,
    ...calibration
  } = await calibrationFrom(options.calibration, options.calibration === undefined ? null : askedSystem(options, shipped));
  const { catalog, ownMeasurements: rows = [] } = await ownFactsFrom(options.catalog, shipped);
  const imported = await derivable(rows, shipped);
  const measured = (await possible(said, shipped)).map((row) => (options.asOf === undefined ? { ...row, stated: true as const } : row));
  const impossible = [
    ...(await tooFast(said.length - measured.length, options.calibration)),
    ...(await tooFast(rows.length - imported.length, options.catalog)),
  ];
  const ownMeasurements = [...measured, ...imported];
  const adds = measured.length > 0 || calibration.calibration !== undefined;
  return {
    ...calibration,
    calibrated: [...calibrated, ...impossible],
    catalog,
    ...(ownMeasurements.length === 0 ? {} : { ownMeasurements }),
    without: adds ? { ownMeasurements: imported } : null,
  };
}
