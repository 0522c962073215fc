import { Fault } from '../../faults/fault.ts';
import { type InternalRates, internalRates } from './internalRate.ts';
import { closedFlow, type FlowPlan, hostFlow, type MonthlyFlow } from './monthlyFlow.ts';
import { monthlyRate, netPresentValue } from './netPresentValue.ts';

/** A time at which the money spent on an alternative meets what it has saved. */
export interface PaybackCrossing {
  /** Months from today, the last one in part. */
  readonly month: number;
  readonly aheadBeyond: boolean;
}

/** When an alternative has paid for itself. */
export interface FlowPayback {
  /** From this month to the end of the plan it has cost no more than the other; 0: from the beginning; null: not within the plan. */
  readonly finalMonth: number | null;
  /** Ascending. */
  readonly crossings: readonly PaybackCrossing[];
}

/** One alternative held against another. */
export interface FlowComparison {
  /** Paid less than for the other, by month; the last one with what the ends bring. */
  readonly savedUsd: readonly number[];
  /** The sum of it so far, without what the ends bring: money that has changed hands. */
  readonly cumulativeUsd: readonly number[];
  readonly payback: FlowPayback;
  /** Of all that is saved, what the ends bring included. */
  readonly totalUsd: number;
  readonly netPresentValueUsd: number;
  /** Rates of a month; null where nothing differs. */
  readonly internal: InternalRates | null;
}

/** Beside the largest sum, that little is rounding. */
const ROUNDING = 1e-12;

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/**
 * When a cumulative saving comes out of the red for good, and every crossing before: within a month it is taken to change evenly, so
 * `month - 1 + before / (before - after)`.
 *
 * @param cumulativeUsd saved so far, place 0: today; 0 counts as paid back
 * @throws Fault `invalid` for no months
 * @example flowPayback([-300, -100, 100, 300]) // { finalMonth: 1.5, crossings: [{ month: 1.5, aheadBeyond: true }] }
 */
export function flowPayback(cumulativeUsd: readonly number[]): FlowPayback {
  if (cumulativeUsd.length === 0) throw new Fault('invalid', 'no months', { where: 'cumulativeUsd' });
  const least = ROUNDING * cumulativeUsd.reduce((most, usd) => Math.max(most, Math.abs(usd)), 0);
  const sums = cumulativeUsd.map((usd) => (Math.abs(usd) <= least ? 0 : usd));
  const crossings = sums.slice(1).flatMap((after, place): PaybackCrossing[] => {
    const before = sums[place] ?? 0;
    if (before < 0 === after < 0) return [];
    return [{ month: place + before / (before - after), aheadBeyond: after >= 0 }];
  });
  const ahead = (sums.at(-1) ?? 0) >= 0;
  return { finalMonth: ahead ? (crossings.at(-1)?.month ?? 0) : null, crossings };
}

function difference(from: readonly number[], minus: readonly number[]): number[] {
  if (from.length !== minus.length) {
    throw new Fault('contradiction', 'flows of different lengths', {
      where: 'flow',
      value: minus.length - 1,
      allowed: `${from.length - 1} months`,
    });
  }
  return from.map((usd, place) => usd - (minus[place] ?? 0));
}

/**
 * One alternative held against another, month by month: `saved[m] = other[m] - this[m]`, its sums, payback, present value and internal rates.
 *
 * @param flow the alternative that is judged, usually hosting
 * @param other what it replaces, usually the API
 * @param costOfCapital per year, compounded to months
 * @throws Fault `contradiction` for flows of different lengths, `invalid` for a rate of -1 or below
 * @example compareFlows(hostFlow(plan), apiFlow(plan), 0.08).payback.finalMonth // 20
 */
export function compareFlows(flow: MonthlyFlow, other: MonthlyFlow, costOfCapital: number): FlowComparison {
  const savedUsd = difference(closedFlow(other), closedFlow(flow));
  const cumulativeUsd = runningSums(difference(other.usd, flow.usd));
  return {
    savedUsd,
    cumulativeUsd,
    payback: flowPayback(cumulativeUsd),
    totalUsd: savedUsd.reduce((sum, usd) => sum + usd, 0),
    netPresentValueUsd: netPresentValue(savedUsd, monthlyRate(costOfCapital)),
    internal: savedUsd.some((usd) => usd !== 0) ? internalRates(savedUsd) : null,
  };
}

/** An alternative among several, in hindsight. */
export interface Regret {
  /** Present value of all that it costs. */
  readonly presentUsd: number;
  /** More than the cheapest alternative. */
  readonly regretUsd: number;
}

/**
 * What each of several alternatives costs in money of today, and how much more than the cheapest of them turned out to: `cost - min(costs)`.
 *
 * @param flows of the same months
 * @param costOfCapital per year
 * @throws Fault `invalid` for no flow, `contradiction` for flows of different lengths
 * @example regrets([apiFlow(plan), hostFlow(plan)], 0).map(({ regretUsd }) => regretUsd) // [384_000, 0]
 */
export function regrets(flows: readonly MonthlyFlow[], costOfCapital: number): Regret[] {
  const [first] = flows;
  if (!first) throw new Fault('invalid', 'no flows', { where: 'flows' });
  const rate = monthlyRate(costOfCapital);
  for (const flow of flows) difference(first.usd, flow.usd);
  const costs = flows.map((flow) => netPresentValue(closedFlow(flow), rate));
  const least = Math.min(...costs);
  return costs.map((presentUsd) => ({ presentUsd, regretUsd: presentUsd - least }));
}

/** Hosting begun after some months. */
export interface WaitOption extends Regret {
  readonly waitMonths: number;
}

/**
 * What hosting costs when it is begun now or later, at the prices of then: each is judged over the same months and against the cheapest.
 *
 * @param waits months of waiting; that of all months is to stay on the API
 * @param costOfCapital per year
 * @throws Fault as `hostFlow` and `regrets`
 * @example waitOptions(plan, [0, 6, 48], 0).map(({ regretUsd }) => regretUsd) // [0, 48_000, 384_000]
 */
export function waitOptions(plan: FlowPlan, waits: readonly number[], costOfCapital: number): WaitOption[] {
  const judged = regrets(
    waits.map((waitMonths) => hostFlow(plan, waitMonths)),
    costOfCapital,
  );
  return judged.map((regret, place) => ({ waitMonths: waits[place] ?? 0, ...regret }));
}
