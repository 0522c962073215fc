import type { MemoryMetric, MemoryScore, MetricSet, PercentMetric } from '../accuracy/score/memoryScore.ts';
import type { Cell, Column, Row, Table } from './table.ts';

function fixed(digits: number): (value: number) => string {
  return (value) => value.toFixed(digits);
}

const COLUMNS: readonly Column[] = [
  { title: 'rows' },
  { title: 'figure' },
  { title: 'n', align: 'right' },
  { title: 'bias', align: 'right', format: fixed(2) },
  { title: 'median error', align: 'right', format: fixed(2) },
  { title: '90 % within', align: 'right', format: fixed(2) },
  { title: 'unit' },
  { title: 'median', unit: '% of GPU', align: 'right', format: fixed(2) },
  { title: '90 % within', unit: '% of GPU', align: 'right', format: fixed(2) },
  { title: 'inside the band', unit: '%', align: 'right', format: fixed(0) },
  { title: '95 % interval', unit: '%' },
];

function percentCells(figure: string, { n, biasPct, medianAbsPct, p90AbsPct }: PercentMetric): Cell[] {
  return [figure, n, biasPct, medianAbsPct, p90AbsPct, '%', null, null, null, null];
}

function memoryCells(figure: string, metric: MemoryMetric): Cell[] {
  const { n, biasGiB, medianAbsGiB, p90AbsGiB, medianPctOfGpu, p90PctOfGpu, coverage, coverageInterval } = metric;
  const interval = coverageInterval?.map((end) => (100 * end).toFixed(0)).join(' to ');
  return [figure, n, biasGiB, medianAbsGiB, p90AbsGiB, 'GiB', medianPctOfGpu, p90PctOfGpu, coverage && 100 * coverage, interval ?? null];
}

function rowsOf(name: string, set: MetricSet): Row[] {
  return [
    percentCells('weights', set.weights),
    percentCells('tokens from GiB', set.kvTokensGivenGiB),
    memoryCells('KV memory', set.kvGiB),
    memoryCells('KV memory, calibrated', set.kvGiBCalibrated),
    memoryCells('overhead', set.overhead),
  ]
    .filter(([, n]) => n !== 0)
    .map((cells) => ({ cells: [name, ...cells] }));
}

/** The metrics of a score, one figure a row. */
export function scoreTable({ metrics, byVendor, nvidiaExactConfig }: MemoryScore): Table {
  return {
    columns: COLUMNS,
    rows: [
      ...rowsOf('all', metrics),
      ...rowsOf('NVIDIA', byVendor.nvidia),
      ...rowsOf('NVIDIA, config published', nvidiaExactConfig),
      ...rowsOf('AMD', byVendor.amd),
    ],
  };
}
