import { z } from 'zod';
import type { EngineId, OverheadFit } from '../engine/engine.ts';
import { type DataFolder, readCsvFile } from './dataFolder.ts';
import { engineId, sourceKey, version } from './fields.ts';
import type { SourceBook } from './sourceBook.ts';

const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, { error: 'a plain number' })
  .transform(Number);

/** A row of data/measurements/overhead.csv, which `npm run fit:overhead` writes. */
const overheadFitRow = z.strictObject({
  engine: engineId,
  vendor: z.enum(['nvidia', 'amd']),
  since: version,
  base_gib: number,
  group_gib: number,
  doubling_gib: number,
  sampler_bytes: number,
  forward_scale: number,
  block_fp8_scale: number,
  indexer_contexts: number,
  graphs_gib_per_layer: number,
  graphs_counted: z.enum(['yes', 'no']).transform((cell) => cell === 'yes'),
  low_gib: number,
  high_gib: number,
  calibrated_low_gib: number,
  calibrated_high_gib: number,
  rows: number,
  cv_median_gib: number,
  cv_p90_gib: number,
  source: sourceKey,
});

/** The fitted constants of data/measurements/overhead.csv, by engine. */
export function readOverheadFits(folder: DataFolder, book: SourceBook): ReadonlyMap<EngineId, readonly OverheadFit[]> {
  const fits = new Map<EngineId, OverheadFit[]>();
  for (const { content: row, data } of readCsvFile(folder, 'measurements/overhead.csv', overheadFitRow)) {
    const fit: OverheadFit = {
      since: row.since,
      vendor: row.vendor,
      baseGiB: row.base_gib,
      groupGiB: row.group_gib,
      doublingGiB: row.doubling_gib,
      samplerBytes: row.sampler_bytes,
      forwardScale: row.forward_scale,
      blockFp8Scale: row.block_fp8_scale,
      indexerContexts: row.indexer_contexts,
      graphsGiBPerLayer: row.graphs_gib_per_layer,
      graphsCounted: row.graphs_counted,
      lowGiB: row.low_gib,
      highGiB: row.high_gib,
      calibratedLowGiB: row.calibrated_low_gib,
      calibratedHighGiB: row.calibrated_high_gib,
      source: book.sharedId(row.source, data),
    };
    fits.set(row.engine, [...(fits.get(row.engine) ?? []), fit]);
  }
  return fits;
}
