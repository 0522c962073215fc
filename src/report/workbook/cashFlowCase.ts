import { type Batch, instanceBatches, instancesAt } from '../../cost/cashflow/instances.ts';
import type { FlowPlan } from '../../cost/cashflow/monthlyFlow.ts';
import { trendFactor } from '../../cost/cashflow/trend.ts';
import { fleetCounts } from '../../cost/fleet.ts';

/** Two alternatives over some months, with what they are judged by. */
export interface CashFlowCase {
  readonly title: string;
  readonly plan: FlowPlan;
  /** Per year. */
  readonly costOfCapital: number;
  /** Months on the API before hosting starts. */
  readonly waitMonths: number;
}

/** Everything of a month that the sheet shows; amounts fall due at its place, factors hold from it on. */
export interface CashFlowMonth {
  readonly demand: number;
  readonly requests: number;
  readonly apiFactor: number;
  readonly apiBill: number;
  readonly needed: number;
  readonly there: number;
  readonly taken: number;
  readonly inUse: number;
  readonly hostFactor: number;
  readonly unitUsd: number;
  readonly apiUsd: number;
  readonly stillApiUsd: number;
  readonly instanceUsd: number;
  readonly runningUsd: number;
  readonly oneOffUsd: number;
  readonly soldUsd: number;
  readonly hostUsd: number;
  readonly endUsd: number;
  readonly savedUsd: number;
  readonly cumulativeUsd: number;
}

/** What contracts or purchases of a plan cost in the month that ends at a place. */
function instanceUsdAt(batches: readonly Batch[], place: number, { months, host }: FlowPlan): number {
  if (host.instances.kind === 'buy') return batches.reduce((sum, { from, usd }) => (from === place ? sum + usd : sum), 0);
  if (place === 0 || place > months) return 0;
  return batches.reduce((sum, { from, until, usd }) => (from < place && place <= until ? sum + usd : sum), 0);
}

/**
 * The numbers of each place from today to the end of the last month, as the kernels of the cash flow make them up.
 *
 * @returns one more than the plan has months
 */
export function cashFlowMonths({ plan, waitMonths }: CashFlowCase): CashFlowMonth[] {
  const { months, requestsPerMonth, api, host } = plan;
  const { instances } = host;
  const apiBillAt = (month: number) =>
    requestsPerMonth * trendFactor(plan.demand, month) * api.usdPerRequest * trendFactor(api.price, month);
  const neededAt = (month: number) =>
    month < waitMonths || month >= months ? 0 : fleetCounts(requestsPerMonth * trendFactor(plan.demand, month), host.fleet).instances;
  const batches = instanceBatches(
    Array.from({ length: months }, (_, month) => neededAt(month)),
    instances,
  );
  const price = instances.kind === 'buy' ? instances.usd : instances.usdPerMonth;
  const rows: CashFlowMonth[] = [];
  for (let place = 0; place <= months; place++) {
    const last = place === months;
    const demand = last ? 0 : trendFactor(plan.demand, place);
    const apiFactor = last ? 0 : trendFactor(api.price, place);
    const hostFactor = last ? 0 : trendFactor(instances.price, place);
    const taken = batches.reduce((sum, { from, count }) => (from === place ? sum + count : sum), 0);
    const inUse = last ? 0 : instancesAt(batches, place);
    const apiUsd = place === 0 ? 0 : apiBillAt(place - 1);
    const stillApiUsd = place > 0 && place - 1 < waitMonths + host.overlapMonths ? apiUsd : 0;
    const instanceUsd = instanceUsdAt(batches, place, plan);
    const runningUsd = place === 0 ? 0 : instancesAt(batches, place - 1) * host.runningUsdPerMonth;
    const oneOffUsd = place === waitMonths && waitMonths < months ? host.oneOffUsd : 0;
    const sales = (at: number) => batches.reduce((sum, { until, saleUsd }) => (until === at ? sum + saleUsd : sum), 0);
    const soldUsd = last ? 0 : sales(place);
    const endUsd = last ? sales(months) : 0;
    const hostUsd = stillApiUsd + instanceUsd + runningUsd + oneOffUsd - soldUsd;
    const savedUsd = apiUsd - hostUsd + endUsd;
    const before = rows.at(-1)?.cumulativeUsd ?? 0;
    rows.push({
      demand,
      requests: requestsPerMonth * demand,
      apiFactor,
      apiBill: last ? 0 : apiBillAt(place),
      needed: neededAt(place),
      there: inUse - taken,
      taken,
      inUse,
      hostFactor,
      unitUsd: price * hostFactor,
      apiUsd,
      stillApiUsd,
      instanceUsd,
      runningUsd,
      oneOffUsd,
      soldUsd,
      hostUsd,
      endUsd,
      savedUsd,
      cumulativeUsd: before + apiUsd - hostUsd,
    });
  }
  return rows;
}
