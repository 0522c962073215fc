import { quantileOf } from '../../evidence/quantileOf.ts';
import { isCheckable } from '../observed/startupRow.ts';
import { clusteredInterval, meanOf, medianOf } from '../statistics.ts';
import type { MemoryMetric, MetricSet, PercentMetric, TokenMetric } from './memoryScore.ts';
import type { BandPair, Pair, RowFigures } from './rowFigures.ts';
import type { ScoredRow } from './scoredRow.ts';

/** A number with so many digits behind the point; null where there is none. */
function rounded(value: number, digits = 4): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : null;
}

function percentError({ predicted, logged }: Pair): number {
  return (100 * (predicted - logged)) / logged;
}

function percentMetric(pairs: readonly Pair[]): PercentMetric {
  const errors = pairs.map(percentError);
  const sizes = errors.map(Math.abs);
  return {
    n: errors.length,
    biasPct: rounded(meanOf(errors)),
    medianAbsPct: rounded(medianOf(sizes)),
    p90AbsPct: rounded(quantileOf(sizes, 0.9)),
  };
}

/** Tolerance of tokens from printed GiB, per cent: rounding of the print, one block, and what the smallest worker of a node may lack. */
const TOKENS_PCT = 0.1;
const AMD_TOKENS_PCT = 0.5;
const GIB_DIGIT = 0.005;

function tokenTolerancePct({ row, deployment }: ScoredRow): number {
  const rounding = (100 * GIB_DIGIT) / Math.abs(row.kvGiB ?? 1);
  return Math.max(deployment.gpu.vendor === 'amd' ? AMD_TOKENS_PCT : TOKENS_PCT, rounding);
}

function pairsOf<K extends keyof RowFigures>(
  rows: readonly ScoredRow[],
  figure: K,
): { row: ScoredRow; pair: NonNullable<RowFigures[K]> }[] {
  return rows.flatMap((row) => {
    const pair = row.figures[figure];
    return pair === null ? [] : [{ row, pair }];
  });
}

function tokenMetric(rows: readonly ScoredRow[]): TokenMetric {
  const scored = pairsOf(rows, 'kvTokens');
  const checked = scored.filter(({ row, pair }) => pair.of === 'tokens' && isCheckable(row.row));
  return {
    ...percentMetric(scored.map(({ pair }) => pair)),
    checked: checked.length,
    outsideTolerance: checked.filter(({ row, pair }) => Math.abs(percentError(pair)) > tokenTolerancePct(row)).map(({ row }) => row.row.id),
  };
}

interface Observation {
  readonly pair: BandPair;
  readonly gpuGiB: number;
  readonly source: string;
}

function memoryMetric(observations: readonly Observation[]): MemoryMetric {
  const errors = observations.map(({ pair }) => pair.predicted - pair.logged);
  const sizes = errors.map(Math.abs);
  const shares = sizes.map((size, index) => (100 * size) / (observations[index]?.gpuGiB ?? Number.NaN));
  const hits = observations.map(({ pair, source }) => ({ hit: pair.low <= pair.logged && pair.logged <= pair.high, cluster: source }));
  const interval = clusteredInterval(hits);
  return {
    n: errors.length,
    biasGiB: rounded(meanOf(errors)),
    medianAbsGiB: rounded(medianOf(sizes)),
    p90AbsGiB: rounded(quantileOf(sizes, 0.9)),
    medianPctOfGpu: rounded(medianOf(shares)),
    p90PctOfGpu: rounded(quantileOf(shares, 0.9)),
    coverage: rounded(meanOf(hits.map(({ hit }) => Number(hit)))),
    coverageInterval: interval && [rounded(interval[0]) ?? 0, rounded(interval[1]) ?? 1],
  };
}

/** What observations of one source share: the repository or site that published them. */
function sourceCluster(source: string): string {
  const [, site = '', owner = '', name = ''] = /^https?:\/\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?/.exec(source) ?? [];
  if (site === '') return source;
  return site === 'github.com' ? `${owner}/${name}` : site;
}

function observation(row: ScoredRow, pair: BandPair): Observation {
  return { pair, gpuGiB: row.deployment.gpu.torchTotalGiB?.value ?? Number.NaN, source: sourceCluster(row.row.source) };
}

/** Bias, error and band coverage of some rows; weights and KV memory without those that are reported apart. */
export function metricsOf(rows: readonly ScoredRow[]): MetricSet {
  const common = rows.filter(({ apart }) => apart === null);
  const observed = (from: readonly ScoredRow[], figure: 'kvGiB' | 'overheadGiB') =>
    pairsOf(from, figure).map(({ row, pair }) => observation(row, pair));
  return {
    weights: percentMetric(pairsOf(common, 'weightsGiB').map(({ pair }) => pair)),
    kvTokensGivenGiB: tokenMetric(rows),
    kvGiB: memoryMetric(observed(common, 'kvGiB')),
    kvGiBCalibrated: memoryMetric(rows.flatMap((row) => (row.calibrated ? [observation(row, row.calibrated)] : []))),
    overhead: memoryMetric(observed(rows, 'overheadGiB')),
  };
}
