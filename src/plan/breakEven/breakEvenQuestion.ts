import type { Estimate } from '../../evidence/estimate.ts';
import { Fault } from '../../faults/fault.ts';
import type { Measurement } from '../../throughput/measurement.ts';
import { checkNumber } from '../../units/number.ts';
import { HOURS_PER_MONTH, parseDate } from '../../units/time.ts';
import type { Demand } from '../../workload/loadPoint.ts';
import type { Catalog } from '../catalog.ts';
import { type DemandQuery, resolveDemand } from '../demand.ts';
import { type FitQuery, type FitQuestion, resolveFitQuery } from '../fit/question.ts';

/** What `breakEven` is asked: what to host and where, as in `fit`, and what it is compared with. */
export interface BreakEvenQuery extends Omit<FitQuery, 'contextTokens' | 'sequences' | 'dp' | 'terms' | 'rules'>, DemandQuery {
  /** Input, reused or not, plus output; 0 is allowed. */
  readonly tokensPerMonth?: number;
  /** Id of the offer that prices its GPU; the median of recent on-demand offers where none is asked. */
  readonly offer?: string;
  /** Ids of tariffs; the vendor's list price and the cheapest host where none are asked. */
  readonly tariffs?: readonly string[];
  /** Processed tokens per second of one replica, instead of measurements. */
  readonly tokensPerSecond?: number | Pick<Estimate, 'low' | 'value' | 'high'>;
  /** Longest time between two tokens of one sequence, milliseconds; no limit where none is asked. */
  readonly maxTpotMs?: number;
  readonly hoursPerMonth?: number;
  /** Share of the capacity that is planned to be used, above 0 and at most 1. */
  readonly maxLoad?: number;
  /** ISO day; prices and measurements later than it do not exist. The catalog's day where none is asked. */
  readonly asOf?: string;
  /** Measurements of the user's own: preferred over shipped ones. */
  readonly ownMeasurements?: readonly Measurement[];
  /** Whether to derive every number; false saves the time. */
  readonly terms?: boolean;
}

/** A break-even question with names resolved, defaults filled and numbers checked. */
export interface BreakEvenQuestion {
  readonly fit: FitQuestion;
  readonly demand: Demand;
  readonly contextTokens: number;
  readonly tokensPerMonth: number | null;
  readonly tokensPerSecond: Estimate | null;
  readonly maxTpotMs: number | null;
  readonly hoursPerMonth: number;
  readonly maxLoad: number;
  readonly asOf: string;
}

function speedOf(asked: BreakEvenQuery['tokensPerSecond']): Estimate | null {
  if (asked === undefined) return null;
  const { low, value, high } = typeof asked === 'number' ? { low: asked, value: asked, high: asked } : asked;
  for (const speed of [low, value, high]) checkNumber(speed, '--tokens-per-second', { above: 0, max: 1e12 });
  if (low > value || value > high) {
    throw new Fault('invalid', 'a band rises from low to high', {
      where: '--tokens-per-second',
      value: `${low}..${value}..${high}`,
      allowed: 'low <= value <= high',
    });
  }
  return { low, value, high, basis: 'assumed' };
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault naming the option, the value, what is allowed and the nearest names
 */
export function resolveBreakEvenQuery(query: BreakEvenQuery, catalog: Catalog): BreakEvenQuestion {
  const { demand, contextTokens } = resolveDemand(query, catalog);
  return {
    fit: resolveFitQuery({ ...query, contextTokens, sequences: 1 }, catalog),
    demand,
    contextTokens,
    tokensPerMonth:
      query.tokensPerMonth === undefined ? null : checkNumber(query.tokensPerMonth, '--tokens-per-month', { min: 0, max: 1e24 }),
    tokensPerSecond: speedOf(query.tokensPerSecond),
    maxTpotMs: query.maxTpotMs === undefined ? null : checkNumber(query.maxTpotMs, '--max-tpot', { above: 0, max: 1e6 }),
    hoursPerMonth: checkNumber(query.hoursPerMonth ?? HOURS_PER_MONTH, '--hours-per-month', { above: 0, max: 744 }),
    maxLoad: checkNumber(query.maxLoad ?? 1, '--max-load', { above: 0, max: 1 }),
    asOf: parseDate(query.asOf ?? catalog.date, '--as-of'),
  };
}
