import type { Catalog } from '../../plan/catalog.ts';
import { counted } from '../../plan/hosting/hostingWords.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { impossibilities } from './physics.ts';

/** The measurements that contradict no datasheet of the catalog, whatever their file says of itself. */
export function possibleMeasurements(
  measurements: readonly Measurement[],
  catalog: Pick<Catalog, 'gpus' | 'models'>,
): readonly Measurement[] {
  return measurements.filter((measurement) => impossibilities(measurement, catalog).length === 0);
}

/** What is said of those that do. */
export function tooFastWords(count: number, file: string): string {
  return `${counted(count, 'load point')} of ${file} ${count === 1 ? 'is' : 'are'} faster than the GPUs can be and not used`;
}
