import type { Catalog } from '../../plan/catalog.ts';
import type { StartupRow } from '../observed/startupRow.ts';
import type { MemoryMetric, MemoryScore, VerdictMetric } from './memoryScore.ts';
import { metricsOf } from './metrics.ts';
import { type ScoredRow, scoreRows } from './scoredRow.ts';
import { worstRows } from './worstRows.ts';

function verdictMetric(rows: readonly ScoredRow[]): VerdictMetric {
  const judged = rows.flatMap(({ row, verdict }) => (verdict ? [{ id: row.id, ...verdict }] : []));
  const of = (score: string) => judged.filter((one) => one.score === score);
  const told = (score: string) => of(score).map(({ id, why }) => ({ id, why }));
  return {
    n: judged.length,
    right: of('right').length,
    marginal: of('marginal').length,
    wrong: of('wrong').length,
    exceptions: told('exception'),
    wrongRows: told('wrong'),
    marginalRows: told('marginal'),
  };
}

function apartRow({ row, apart, figures }: ScoredRow): MemoryScore['apart'] {
  if (apart === null) return [];
  const weights = figures.weightsGiB;
  return [{ id: row.id, reason: apart, weightsErrorPct: weights && (100 * (weights.predicted - weights.logged)) / weights.logged }];
}

function share(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(2)} %`;
}

function sentence(
  { n, medianPctOfGpu, p90PctOfGpu }: MemoryMetric,
  { n: judged, right, marginal, wrong, exceptions }: VerdictMetric,
): string {
  const verdicts = `verdicts: ${right} of ${judged} right, ${marginal} marginal, ${wrong} wrong, ${exceptions.length} out of memory later`;
  if (n === 0) return `No row prints KV memory that kplan can predict; ${verdicts}.`;
  return `KV memory of ${n} logs is predicted to ${share(medianPctOfGpu)} of the GPU's memory in the middle and ${share(p90PctOfGpu)} at the 90th percentile; ${verdicts}.`;
}

/**
 * How wrong kplan's memory answers are on a file of start-up observations.
 *
 * @param file its name, for the answer
 * @param rows its rows
 * @param catalog models, GPUs and engines that names are matched with
 */
export function scoreMemory(file: string, rows: readonly StartupRow[], catalog: Catalog): MemoryScore {
  const { scored, skipped } = scoreRows(rows, catalog);
  const of = (vendor: string) => scored.filter(({ deployment }) => deployment.gpu.vendor === vendor);
  const metrics = metricsOf(scored);
  const verdicts = verdictMetric(scored);
  return {
    schema: 'kplan/score-memory@1',
    answer: sentence(metrics.kvGiB, verdicts),
    file,
    rows: rows.length,
    metrics,
    byVendor: { nvidia: metricsOf(of('nvidia')), amd: metricsOf(of('amd')) },
    nvidiaExactConfig: metricsOf(of('nvidia').filter(({ exactConfig }) => exactConfig)),
    verdicts,
    skipped,
    apart: scored.flatMap(apartRow),
    partly: scored.flatMap(({ row, leftOut }) => (leftOut.length > 0 ? [{ id: row.id, reason: leftOut.join('; ') }] : [])),
    worst: worstRows(scored),
  };
}
