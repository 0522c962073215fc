import type { Catalog } from '../../plan/catalog.ts';
import type { Witness } from '../../throughput/fitting/speedFit.ts';
import { calibratedHeldOut } from './calibratedScore.ts';
import { type HeldOut, heldOutIn, knowledgeFrom, predict } from './heldOut.ts';
import { configurationOf, HELD_OUT_SITUATIONS, SCORED_SITUATIONS, type ScoredSituation } from './holdOut.ts';
import { metricsOf } from './speedMetrics.ts';
import type { SkippedRow, ThroughputRow } from './throughputRow.ts';
import type { SpeedMetrics, ThroughputScore, WorstSpeed } from './throughputScore.ts';
import { Witnesses } from './witnesses.ts';

const SHOWN = 10;

function worstOf(heldOut: readonly HeldOut[]): WorstSpeed[] {
  return heldOut
    .flatMap(({ witness, scored, predicted, measured }): WorstSpeed[] => {
      if (measured.tpot === null) return [];
      const errorPct = 100 * (predicted.tpot.value / measured.tpot - 1);
      const { id } = witness.measurement;
      return [{ id, situation: scored, predictedTpotMs: predicted.tpot.value, measuredTpotMs: measured.tpot, errorPct }];
    })
    .sort((a, b) => Math.abs(b.errorPct) - Math.abs(a.errorPct))
    .slice(0, SHOWN);
}

function sentence(situations: ThroughputScore['situations'], rows: number, seen: boolean): string {
  const said = (situation: ScoredSituation, words: string) => {
    const { n, medianAbsPct, p90AbsPct } = situations[situation].tpot;
    return n === 0 ? [] : [`${words} ${(medianAbsPct ?? 0).toFixed(1)} / ${(p90AbsPct ?? 0).toFixed(1)} % (${n} rows)`];
  };
  const parts = [
    ...said('sameCurve', 'inside a measured curve'),
    ...said('newShape', 'at a new shape'),
    ...said('newLayout', 'in a new layout'),
    ...said('newGpu', 'on a new GPU'),
  ];
  if (parts.length === 0) return `None of ${rows} rows can be predicted in a situation that kplan claims to know.`;
  return `Time per output token is missed by (median / 90th percentile) ${parts.join(', ')}${seen ? '; the rows themselves could be used' : ''}.`;
}

/** Predictions of rows that kplan may have seen: whatever situation each is in. */
function seenPredictions(rows: readonly Witness[], evidence: readonly Witness[], { speed }: Catalog): HeldOut[] {
  return rows.map((row) => predict(row, knowledgeFrom(evidence, speed.fits, speed.bands, row.system.family)));
}

/**
 * How wrong kplan's speed is on a file of measurements, in each situation that it can be asked in: measurements are hidden so that a row
 * is met in that situation, the coefficients are fitted to the rest, and what is predicted is held against the row. The figures of the
 * file are never used to predict, but for those that `calibrated` draws.
 *
 * @param file its name, for the answer
 * @param options `seen`: nothing is hidden
 */
export function scoreThroughput(
  file: string,
  { rows, skipped }: { readonly rows: readonly ThroughputRow[]; readonly skipped: readonly SkippedRow[] },
  catalog: Catalog,
  { seen = false }: { readonly seen?: boolean } = {},
): ThroughputScore {
  const witnesses = new Witnesses(catalog);
  const evidence = witnesses.shipped();
  const { fits, bands } = catalog.speed;
  const observed = rows.map((row) => ({ row, found: witnesses.observed(row) }));
  const good = observed.flatMap(({ found }) => (typeof found === 'string' ? [] : [found]));
  const unknown = observed.flatMap(({ row: { id, line }, found }) => (typeof found === 'string' ? [{ id, line, reason: found }] : []));
  const heldOut = seen
    ? seenPredictions(good, evidence, catalog)
    : [
        ...HELD_OUT_SITUATIONS.flatMap((situation) => heldOutIn(situation, good, evidence, fits, bands)),
        ...calibratedHeldOut(good, evidence, fits, bands),
      ];
  const situations = Object.fromEntries(
    SCORED_SITUATIONS.map((situation) => [situation, metricsOf(heldOut.filter(({ scored }) => scored === situation))]),
  ) as Record<ScoredSituation, SpeedMetrics>;
  return {
    schema: 'kplan/score-throughput@1',
    answer: sentence(situations, rows.length, seen),
    file,
    seen,
    rows: rows.length + skipped.length,
    scoredRows: good.length,
    configurations: new Set(good.map(configurationOf)).size,
    situations,
    overall: metricsOf(heldOut),
    skipped: [...skipped, ...unknown],
    worst: worstOf(heldOut),
  };
}
