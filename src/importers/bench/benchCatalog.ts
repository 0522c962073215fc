import { appendRows, type CatalogFile, catalogPath, heldRows } from '../shared/catalogFile.ts';
import { BENCH_COLUMNS, csvCells, type MeasurementRow } from './measurementRow.ts';

const BENCH_FILE: CatalogFile = { name: 'measurements/bench.csv', columns: BENCH_COLUMNS, writer: 'kplan import bench' };

/** Where the measured rows of a catalog folder stand. */
export function benchFileOf(folder: string): string {
  return catalogPath(folder, BENCH_FILE);
}

function idsOf(rows: readonly (readonly string[])[]): Set<string> {
  return new Set(rows.map(([id = '']) => id));
}

/** Ids of rows that a catalog folder holds; none where it has no such file yet. */
export function knownIds(folder: string): Set<string> {
  return idsOf(heldRows(folder, BENCH_FILE));
}

/**
 * Appends measured rows to a catalog folder, whole or not at all.
 *
 * @param rows those whose id the file holds already are left out
 * @returns the rows that were added
 * @throws Fault `invalid` for a file with another header, `unwritable`, or `exists` while another import writes
 */
export function appendMeasurements(folder: string, rows: readonly MeasurementRow[]): MeasurementRow[] {
  let added: MeasurementRow[] = [];
  appendRows(folder, [BENCH_FILE], ([held = []]) => {
    const known = idsOf(held);
    added = rows.filter(({ id }) => !known.has(id));
    return [added.map(csvCells)];
  });
  return added;
}
