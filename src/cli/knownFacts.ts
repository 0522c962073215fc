import type { MemoryCalibration } from '../engine/calibration.ts';
import type { Assumption } from '../evidence/assumption.ts';
import type { Catalog } from '../plan/catalog.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { dayOf, type OwnFacts, ownFactsFrom } from './ownFacts.ts';

/** The facts of a question with what a calibration adds to them. */
export interface KnownFacts extends OwnFacts {
  readonly calibration?: MemoryCalibration;
  /** What the calibration changes, in words. */
  readonly calibrated: readonly Assumption[];
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
  const { ownMeasurements: measured = [], ...calibration } = await calibrationFrom(options.calibration);
  const { catalog, ownMeasurements: imported = [] } = await ownFactsFrom(options.catalog, shipped);
  const ownMeasurements = [...measured, ...imported];
  return {
    ...calibration,
    catalog: measured.length === 0 ? catalog : { ...catalog, date: dayOf(catalog, measured) },
    ...(ownMeasurements.length === 0 ? {} : { ownMeasurements }),
  };
}
