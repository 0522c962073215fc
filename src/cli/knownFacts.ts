import type { MemoryCalibration } from '../engine/calibration.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { dayOf, type OwnFacts, ownFactsFrom } from './ownFacts.ts';

/** The facts of a question with what a calibration adds to them. */
export interface KnownFacts extends OwnFacts {
  readonly calibration?: MemoryCalibration;
  /** What the calibration changes, in words. */
  readonly calibrated: readonly Assumption[];
}

/** The measurements that contradict no datasheet of the catalog, whatever their file says of itself. */
async function possible(measurements: readonly Measurement[], catalog: Catalog): Promise<readonly Measurement[]> {
  if (measurements.length === 0) return measurements;
  const { impossibilities } = await import('../calibration/fit/physics.ts');
  return measurements.filter((measurement) => impossibilities(measurement, catalog).length === 0);
}

function tooFast(count: number, file: string): Assumption {
  const points = count === 1 ? 'load point' : 'load points';
  return { code: 'calibration', text: `${count} ${points} of ${file} are faster than the GPUs can be and not used`, source: 'user' };
}

/**
 * The facts that `--catalog` and `--calibration` add to the shipped ones; measurements of the calibration come before those of the catalog.
 *
 * @throws Fault where one of them is missing or broken
 */
export async function knownFactsFrom(
  options: { readonly catalog?: string; readonly calibration?: string },
  shipped: Catalog,
): Promise<KnownFacts> {
  const { ownMeasurements: said = [], calibrated, ...calibration } = await calibrationFrom(options.calibration);
  const { catalog, ownMeasurements: imported = [] } = await ownFactsFrom(options.catalog, shipped);
  const measured = await possible(said, shipped);
  const impossible = said.length - measured.length;
  const ownMeasurements = [...measured, ...imported];
  return {
    ...calibration,
    calibrated: impossible === 0 ? calibrated : [...calibrated, tooFast(impossible, options.calibration ?? '')],
    catalog: measured.length === 0 ? catalog : { ...catalog, date: dayOf(catalog, measured) },
    ...(ownMeasurements.length === 0 ? {} : { ownMeasurements }),
  };
}
