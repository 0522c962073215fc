import { DAY_MS } from '../../units/time.ts';
import { DayProfile } from '../../workload/dayProfile.ts';
import { LengthTally } from '../../workload/lengthTally.ts';
import { traceRecords } from './traceFile.ts';
import { PRESET_CELLS, type TrafficFigures } from './trafficFigures.ts';

const WINDOW_SECONDS = 600;
const LENGTH_WINDOW_SECONDS = 21_600;
/** Some midnight: the trace counts from one. */
const MIDNIGHT_MS = Date.UTC(2000, 0, 1);

type Row = Readonly<Record<string, string>>;

interface Marginal {
  readonly share: number;
  readonly tokens: number;
}

/**
 * A distribution from its published percentiles: the middle of two percentiles stands for what lies between, and the last hundredth has
 * what the mean leaves, but at least the 99th percentile; then all are scaled to the mean.
 */
function marginalOf(row: Row): Marginal[] {
  const at = (column: string) => Number(row[column]);
  const middle = (low: string, high: string) => (at(low) + at(high)) / 2;
  const body = [
    { share: 0.1, tokens: at('p10') },
    { share: 0.4, tokens: middle('p10', 'p50') },
    { share: 0.4, tokens: middle('p50', 'p90') },
    { share: 0.05, tokens: middle('p90', 'p95') },
    { share: 0.04, tokens: middle('p95', 'p99') },
  ];
  const sum = (cells: readonly Marginal[]) => cells.reduce((total, { share, tokens }) => total + share * tokens, 0);
  const all = [...body, { share: 0.01, tokens: Math.max((at('mean') - sum(body)) / 0.01, at('p99')) }];
  const scale = at('mean') / sum(all);
  return all.map(({ share, tokens }) => ({ share, tokens: tokens * scale }));
}

function windowKey(row: Row): string {
  return `${row['client']}/${Math.floor(Number(row['window_start_s']) / LENGTH_WINDOW_SECONDS)}`;
}

/** The CV below which a share of the requests lies. */
function weightedCv(rates: readonly Row[], share: number): number {
  const sorted = rates.map((row) => ({ cv: Number(row['cv_interarrival']), weight: Number(row['rate_rps']) })).sort((a, b) => a.cv - b.cv);
  const reached = share * sorted.reduce((total, { weight }) => total + weight, 0);
  let below = 0;
  for (const { cv, weight } of sorted) {
    below += weight;
    if (below >= reached) return cv;
  }
  return Number.NaN;
}

/**
 * Of a ServeGen data set: percentiles of lengths and request rates of its clients. Input and output are taken to be independent within a
 * client's six hours; the CV is that of the median and of the 90th percentile of client windows.
 */
export function servegenFigures(model: string, lengthsText: string, ratesText: string): TrafficFigures {
  const rates = traceRecords(ratesText);
  const requests = new Map<string, number>();
  const day = new DayProfile();
  for (const row of rates) {
    const count = Number(row['rate_rps']) * WINDOW_SECONDS;
    requests.set(windowKey(row), (requests.get(windowKey(row)) ?? 0) + count);
    day.add(MIDNIGHT_MS + Number(row['window_start_s']) * 1_000, count);
  }
  const ofField = (field: string) => traceRecords(lengthsText).filter((row) => row['model'] === model && row['field'] === field);
  const outputs = new Map(ofField('output_tokens').map((row) => [windowKey(row), marginalOf(row)]));
  const lengths = new LengthTally();
  for (const row of ofField('input_tokens')) {
    const weight = requests.get(windowKey(row)) ?? 0;
    if (weight === 0) continue;
    for (const input of marginalOf(row))
      for (const output of outputs.get(windowKey(row)) ?? []) lengths.add(input.tokens, output.tokens, weight * input.share * output.share);
  }
  return {
    lengths: lengths.cells(PRESET_CELLS),
    gapCv: { low: 1, value: weightedCv(rates, 0.5), high: weightedCv(rates, 0.9) },
    hours: day.over(MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS),
    conversations: null,
  };
}
