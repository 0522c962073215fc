import { Fault } from '../../faults/fault.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { checkNumber } from '../../units/number.ts';
import { parseDate } from '../../units/time.ts';
import type { Demand } from '../../workload/loadPoint.ts';
import type { Catalog } from '../catalog.ts';
import { type DemandQuery, resolveDemand } from '../demand.ts';
import { type FitQuery, type FitQuestion, resolveFitQuery } from '../fit/question.ts';

/** What `speed` is asked: what serves what, as in `fit`, and the load. */
export interface SpeedQuery extends Omit<FitQuery, 'contextTokens' | 'sequences' | 'dp' | 'terms' | 'rules'>, DemandQuery {
  /** Requests in flight, from and to; up to what the replica holds where none are asked. */
  readonly concurrency?: { readonly from: number; readonly to: number };
  /** Longest time between two tokens of one sequence, milliseconds; no limit where none is asked. */
  readonly maxTpotMs?: number;
  /** ISO day; measurements and prices later than it do not exist. The catalog's day where none is asked. */
  readonly asOf?: string;
  /** Measurements of the user's own: preferred over shipped ones, and from six on the model is fitted to them. */
  readonly ownMeasurements?: readonly Measurement[];
}

/** A speed question with names resolved, defaults filled and numbers checked. */
export interface SpeedQuestion {
  readonly fit: FitQuestion;
  readonly demand: Demand;
  readonly concurrency: { readonly from: number; readonly to: number } | null;
  readonly maxTpotMs: number | null;
  readonly asOf: string;
}

const MOST_CONCURRENT = 65_536;

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault naming the option, the value, what is allowed and the nearest names
 */
export function resolveSpeedQuery(query: SpeedQuery, catalog: Catalog): SpeedQuestion {
  const { demand, contextTokens } = resolveDemand(query, catalog);
  const { concurrency, maxTpotMs } = query;
  if (concurrency) {
    for (const end of [concurrency.from, concurrency.to])
      checkNumber(end, '--concurrency', { min: 1, max: MOST_CONCURRENT, integer: true });
    if (concurrency.from > concurrency.to)
      throw new Fault('invalid', 'a range rises', {
        where: '--concurrency',
        value: `${concurrency.from}..${concurrency.to}`,
        allowed: 'A..B with A at most B',
      });
  }
  return {
    fit: resolveFitQuery({ ...query, contextTokens, sequences: 1 }, catalog),
    demand,
    concurrency: concurrency ?? null,
    maxTpotMs: maxTpotMs === undefined ? null : checkNumber(maxTpotMs, '--max-tpot', { above: 0, max: 1e6 }),
    asOf: parseDate(query.asOf ?? catalog.date, '--as-of'),
  };
}
