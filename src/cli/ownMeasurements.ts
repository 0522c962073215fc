import type { Catalog } from '../plan/catalog.ts';
import type { Measurement } from '../throughput/measurement.ts';

/**
 * The measurements of the user's own that `--catalog` names, as a part of a query; nothing where it was not given.
 *
 * @param folder a catalog folder, as `kplan import bench` writes it
 * @throws Fault where the folder holds none, or for the first row that is broken
 */
export async function ownMeasurementsFrom(
  folder: string | undefined,
  catalog: Catalog,
): Promise<{ readonly ownMeasurements?: readonly Measurement[] }> {
  if (folder === undefined) return {};
  const { readOwnMeasurements } = await import('../catalog/ownMeasurements.ts');
  try {
    return { ownMeasurements: readOwnMeasurements(folder, catalog) };
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
