import type { FittedRange } from './fitOverhead.ts';

/** Columns of data/measurements/overhead.csv and what stands in them. */
const COLUMNS: Readonly<Record<string, (range: FittedRange) => string | number>> = {
  engine: () => 'vllm',
  vendor: ({ fit }) => fit.vendor,
  since: ({ fit }) => fit.since,
  base_gib: ({ fit }) => fit.baseGiB,
  group_gib: ({ fit }) => fit.groupGiB,
  doubling_gib: ({ fit }) => fit.doublingGiB,
  sampler_bytes: ({ fit }) => fit.samplerBytes,
  forward_scale: ({ fit }) => fit.forwardScale,
  block_fp8_scale: ({ fit }) => fit.blockFp8Scale,
  indexer_contexts: ({ fit }) => fit.indexerContexts,
  graphs_gib_per_layer: ({ fit }) => fit.graphsGiBPerLayer,
  graphs_counted: ({ fit }) => (fit.graphsCounted ? 'yes' : 'no'),
  low_gib: ({ fit }) => fit.lowGiB,
  high_gib: ({ fit }) => fit.highGiB,
  calibrated_low_gib: ({ fit }) => fit.calibratedLowGiB,
  calibrated_high_gib: ({ fit }) => fit.calibratedHighGiB,
  rows: ({ rows }) => rows,
  cv_median_gib: ({ medianAbsGiB }) => medianAbsGiB,
  cv_p90_gib: ({ p90AbsGiB }) => p90AbsGiB,
  source: ({ fit }) => fit.source,
};

/** The fitted constants as the CSV file that the catalog reads. */
export function overheadCsv(ranges: readonly FittedRange[]): string {
  const lines = ranges.map((range) => Object.values(COLUMNS).map((cell) => cell(range)));
  return [Object.keys(COLUMNS), ...lines].map((cells) => `${cells.join()}\n`).join('');
}
