import type { AskedSystem } from '../calibration/endpointCalibration.ts';
import type { MemoryCalibration } from '../engine/calibration.ts';
import { resolveRelease } from '../engine/release.ts';
import type { Assumption } from '../evidence/assumption.ts';
import { Fault } from '../faults/fault.ts';
import type { Catalog } from '../plan/catalog.ts';
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
}

/** What a question is of; null where its words name nothing, which the question itself refuses with more to say. */
function askedSystem({ model: name, format, engine, gpu, asOf }: FactWords, catalog: Catalog): AskedSystem | null {
  try {
    const model = findModel(catalog, name);
    return {
      model: model.id,
      family: model.family,
      format: findCheckpoint(model, format).format,
      engine: resolveRelease(catalog.engines, engine).engine.id,
      gpus: gpu === undefined ? null : [...new Set(findGpus(catalog, namesIn(gpu, '--gpu')).map((ask) => ask.gpu.id))],
      asOf: asOf ?? null,
    };
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** The measurements that contradict no datasheet of the catalog, whatever their file says of itself. */
async function possible(measurements: readonly Measurement[], catalog: Catalog): Promise<readonly Measurement[]> {
  if (measurements.length === 0) return measurements;
  const { impossibilities } = await import('../calibration/fit/physics.ts');
  return measurements.filter((measurement) => impossibilities(measurement, catalog).length === 0);
}

/** The same of rows of `--catalog`, as far as a time per token would be derived from their output. */
async function derivable(imported: readonly Measurement[], catalog: Catalog): Promise<readonly Measurement[]> {
  const derived = imported.filter(({ tpotMs }) => tpotMs === null);
  const sound = new Set(await possible(derived, catalog));
  return imported.filter((row) => row.tpotMs !== null || sound.has(row));
}

function tooFast(count: number, file: string): Assumption {
  const points = count === 1 ? 'load point' : 'load points';
  return { code: 'calibration', text: `${count} ${points} of ${file} are faster than the GPUs can be and not used`, source: 'user' };
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
    { count: said.length - measured.length, file: options.calibration ?? '' },
    { count: rows.length - imported.length, file: options.catalog ?? '' },
  ].flatMap(({ count, file }) => (count === 0 ? [] : [tooFast(count, file)]));
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
