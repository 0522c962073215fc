import { SCORED_SITUATIONS, type ScoredSituation } from '../accuracy/throughput/holdOut.ts';
import type { SpeedMetric, SpeedMetrics, ThroughputScore } from '../accuracy/throughput/throughputScore.ts';
import type { Cell, Column, Row, Table } from './table.ts';

const SITUATION_WORDS: Readonly<Record<ScoredSituation, string>> = {
  sameCurve: 'inside a measured curve',
  newShape: 'new shape',
  newLayout: 'new layout',
  newGpu: 'new GPU',
  otherModel: 'other model',
  uncalibrated: 'nothing like it measured',
  calibrated: 'calibrated on 6 points',
};

const QUANTITY_WORDS: Readonly<Record<keyof SpeedMetrics, string>> = {
  tpot: 'TPOT',
  ttft: 'TTFT',
  ttftLight: 'TTFT at light load',
  outputTokensPerSecond: 'output tok/s',
};

const QUANTITIES = Object.keys(QUANTITY_WORDS) as (keyof SpeedMetrics)[];

const percent = (title: string, digits: number): Column => ({
  title,
  unit: '%',
  align: 'right',
  format: (value) => value.toFixed(digits),
});

const COLUMNS: readonly Column[] = [
  { title: 'rows' },
  { title: 'figure' },
  { title: 'n', align: 'right' },
  percent('bias', 1),
  percent('median error', 1),
  percent('90 % within', 1),
  percent('inside the band', 0),
  { title: '95 % interval', unit: '%' },
];

/** A situation in words: `inside a measured curve`. */
export function situationInWords(situation: ScoredSituation): string {
  return SITUATION_WORDS[situation];
}

function metricCells({ n, biasPct, medianAbsPct, p90AbsPct, coverage, coverageInterval }: SpeedMetric): Cell[] {
  const interval = coverageInterval?.map((end) => (100 * end).toFixed(0)).join(' to ');
  return [n, biasPct, medianAbsPct, p90AbsPct, coverage && 100 * coverage, interval ?? null];
}

function rowsOf(name: string, metrics: SpeedMetrics): Row[] {
  return QUANTITIES.filter((quantity) => metrics[quantity].n > 0).map((quantity) => ({
    cells: [name, QUANTITY_WORDS[quantity], ...metricCells(metrics[quantity])],
  }));
}

/** The errors of a score in per cent, one situation and quantity a row; those without rows are left out. */
export function throughputScoreTable({ situations, overall }: ThroughputScore): Table {
  return {
    columns: COLUMNS,
    rows: [
      ...SCORED_SITUATIONS.flatMap((situation) => rowsOf(situationInWords(situation), situations[situation])),
      ...rowsOf('all predictions', overall),
    ],
  };
}
