import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { type FleetShape, fleetCounts } from '../fleet.ts';
import { type Batch, type InstanceTerms, instanceBatches, instancesAt } from './instances.ts';
import { checkTrend, type Trend, trendFactor } from './trend.ts';

/** The API alternative: all demand at the price of the month. */
export interface ApiTerms {
  /** At the prices of month 0. */
  readonly usdPerRequest: number;
  readonly price: Trend;
}

/** The self-hosted alternative. */
export interface HostTerms {
  readonly fleet: FleetShape;
  readonly instances: InstanceTerms;
  /** Paid month by month for each instance beside rent or price: energy, space, maintenance, staff. */
  readonly runningUsdPerMonth: number;
  /** Paid once when hosting starts: moving, implementation. */
  readonly oneOffUsd: number;
  /** Months after the start in which the API's bill is still paid in full. */
  readonly overlapMonths: number;
}

/** Two alternatives over the same months. */
export interface FlowPlan {
  readonly months: number;
  /** At a demand of 1. */
  readonly requestsPerMonth: number;
  readonly demand: Trend;
  readonly api: ApiTerms;
  readonly host: HostTerms;
}

/** What an alternative costs, month by month: amounts paid, those received below 0. */
export interface MonthlyFlow {
  /** Place 0: today; place m: the end of month m. Without what the end brings. */
  readonly usd: readonly number[];
  /** Received at the end of the last month for machines that are left. */
  readonly endUsd: number;
  /** Bound by contracts beyond the last month; in no sum. */
  readonly committedUsd: number;
  /** Machines bought and sold on the way; empty where nothing is bought. */
  readonly purchases: readonly Batch[];
  /** Instances that are paid in months 1, 2 …. */
  readonly instances: readonly number[];
}

const MOST_MONTHS = 600;
const MOST_INSTANCES = 1e9;

function checkPlan({ months, requestsPerMonth, demand, api, host }: FlowPlan): void {
  checkNumber(months, 'months', { min: 1, max: MOST_MONTHS, integer: true });
  checkNumber(requestsPerMonth, 'requestsPerMonth', { min: 0 });
  checkTrend(demand, 'demand');
  checkTrend(api.price, 'api.price');
  checkNumber(api.usdPerRequest, 'api.usdPerRequest', { min: 0 });
  checkNumber(host.fleet.requestsPerReplica, 'host.fleet.requestsPerReplica', { above: 0 });
  checkNumber(host.runningUsdPerMonth, 'host.runningUsdPerMonth', { min: 0 });
  checkNumber(host.oneOffUsd, 'host.oneOffUsd', { min: 0 });
  checkNumber(host.overlapMonths, 'host.overlapMonths', { min: 0, max: MOST_MONTHS, integer: true });
}

/** What the months of a plan bring, whichever way is taken. */
export interface FlowSeries {
  /** What the API takes for each month. */
  readonly bills: readonly number[];
  /** Instances that the demand of each month needs. */
  readonly needed: readonly number[];
}

/**
 * The bills of the API and the instances needed, month by month: `requests × demand × USD per request × price`, and the fleet for
 * `requests × demand`, trends at the start of each month.
 *
 * @throws Fault `invalid` for a plan with numbers out of range
 * @example flowSeries({ ...plan, months: 2 }) // { bills: [15_000, 15_000], needed: [1, 1] }
 */
export function flowSeries(plan: FlowPlan): FlowSeries {
  checkPlan(plan);
  const { months, requestsPerMonth, demand, api, host } = plan;
  const bills = new Array<number>(months);
  const needed = new Array<number>(months);
  for (let month = 0; month < months; month++) {
    const requests = requestsPerMonth * trendFactor(demand, month);
    const { instances } = fleetCounts(requests, host.fleet);
    if (instances > MOST_INSTANCES)
      throw new Fault('invalid', 'no fleet carries this demand', { where: 'demand', value: trendFactor(demand, month) });
    bills[month] = requests * api.usdPerRequest * trendFactor(api.price, month);
    needed[month] = instances;
  }
  return { bills, needed };
}

/**
 * The API's flow: nothing today, then the bill of month m at its end.
 *
 * @param series of the plan, where it is there already
 * @throws Fault `invalid` for a plan with numbers out of range
 * @example apiFlow({ ...plan, months: 2, requestsPerMonth: 1000, api: { usdPerRequest: 1, price: [{ kind: 'step', month: 1, change: -0.5 }] } }).usd // [0, 1000, 500]
 */
export function apiFlow(plan: FlowPlan, { bills } = flowSeries(plan)): MonthlyFlow {
  return { usd: [0, ...bills], endUsd: 0, committedUsd: 0, purchases: [], instances: bills.map(() => 0) };
}

/**
 * The flow of hosting, begun at once or after some months on the API: bills of the API up to the start and for the overlap; purchases and the
 * one-off sum when they fall due, at the then price; at the end of each month the rent of all contracts and the running cost of all
 * instances; machines sold at the end of their life, and those left at the end of the plan as `endUsd`.
 *
 * @param waitMonths 0: host now; `months`: stay on the API
 * @param series of the plan, where it is there already
 * @throws Fault `invalid` for a plan with numbers out of range, or waiting that is no whole number of its months
 * @example hostFlow(plan).usd.slice(0, 3) // [240_000, 3_000, 3_000]
 * @example hostFlow(plan, 2).usd.slice(0, 4) // [0, 15_000, 255_000, 3_000]
 */
export function hostFlow(plan: FlowPlan, waitMonths = 0, { bills, needed } = flowSeries(plan)): MonthlyFlow {
  const { months, host } = plan;
  checkNumber(waitMonths, 'waitMonths', { min: 0, max: months, integer: true });
  const wanted = needed.map((count, month) => (month < waitMonths ? 0 : count));
  const batches = instanceBatches(wanted, host.instances);
  const instances = wanted.map((_, month) => instancesAt(batches, month));
  const usd = [0, ...instances.map((count) => count * host.runningUsdPerMonth)];
  const pay = (month: number, amount: number) => {
    usd[month] = (usd[month] ?? 0) + amount;
  };
  if (waitMonths < months) pay(waitMonths, host.oneOffUsd);
  for (let month = 0; month < Math.min(months, waitMonths + host.overlapMonths); month++) pay(month + 1, bills[month] ?? 0);
  if (host.instances.kind === 'buy') {
    const sold = ({ until }: Batch) => until < months;
    for (const purchase of batches) {
      pay(purchase.from, purchase.usd);
      if (sold(purchase)) pay(purchase.until, -purchase.saleUsd);
    }
    const endUsd = batches.reduce((sum, purchase) => (sold(purchase) ? sum : sum + purchase.saleUsd), 0);
    return { usd, endUsd, committedUsd: 0, purchases: batches, instances };
  }
  for (const { from, until, usd: rent } of batches) {
    for (let month = from; month < Math.min(until, months); month++) pay(month + 1, rent);
  }
  const committedUsd = batches.reduce((sum, { until, usd: rent }) => sum + rent * Math.max(0, until - months), 0);
  return { usd, endUsd: 0, committedUsd, purchases: [], instances };
}

/**
 * All amounts of a flow with what the end brings taken off its last one, as sums and present values need them.
 *
 * @example closedFlow({ ...hostFlow(plan), usd: [100, 10], endUsd: 25 }) // [100, -15]
 */
export function closedFlow({ usd, endUsd }: Pick<MonthlyFlow, 'usd' | 'endUsd'>): number[] {
  return usd.map((amount, place) => (place === usd.length - 1 ? amount - endUsd : amount));
}
