import { afterTax, taxedPurchase } from '../../cost/cashflow/afterTax.ts';
import { type Batch, instanceBatches, instancesAt } from '../../cost/cashflow/instances.ts';
import { type FlowPlan, hostFlow } from '../../cost/cashflow/monthlyFlow.ts';
import { trendFactor } from '../../cost/cashflow/trend.ts';
import { fleetCounts } from '../../cost/fleet.ts';

/** Two alternatives over some months, with what they are judged by. */
export interface CashFlowCase {
  readonly title: string;
  /** `YYYY-MM`. */
  readonly firstMonth: string;
  readonly plan: FlowPlan;
  /** Per year. */
  readonly costOfCapital: number;
  /** Months on the API before hosting starts. */
  readonly waitMonths: number;
  /** Of the cost that may be deducted, by tax year, and the share of profit that is paid; null before taxes. */
  readonly tax: { readonly shares: readonly number[]; readonly rate: number } | null;
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
  /** After taxes; without any, what is paid before. */
  readonly taxedApiUsd: number;
  readonly deductedUsd: number;
  /** Of machines sold now, what was not deducted yet; at the end of those that are left. */
  readonly bookUsd: number;
  readonly taxedHostUsd: number;
  readonly taxedEndUsd: number;
  readonly deductedShare: number;
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
export function cashFlowMonths({ plan, waitMonths, tax }: CashFlowCase): CashFlowMonth[] {
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
  const before = hostFlow(plan, waitMonths);
  const taxed = tax ? afterTax(before, tax, tax.rate) : before;
  const books = tax ? before.purchases.map((purchase) => ({ ...purchase, ...taxedPurchase(purchase, tax) })) : [];
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
    const taxedApiUsd = apiUsd * (1 - (tax?.rate ?? 0));
    const taxedHostUsd = taxed.usd[place] ?? 0;
    const taxedEndUsd = last ? taxed.endUsd : 0;
    const deductedUsd = books.reduce(
      (sum, { deductions }) => sum + deductions.reduce((part, { month, usd }) => (month === place ? part + usd : part), 0),
      0,
    );
    const bookUsd = books.reduce((sum, { until, saleUsd, gainUsd }) => (until === place ? sum + saleUsd - gainUsd : sum), 0);
    const deductedShare = (tax?.shares ?? []).reduce((sum, share, year) => (12 * (year + 1) <= months - place ? sum + share : sum), 0);
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
      taxedApiUsd,
      deductedUsd,
      bookUsd,
      taxedHostUsd,
      taxedEndUsd,
      deductedShare,
      savedUsd: taxedApiUsd - taxedHostUsd + taxedEndUsd,
      cumulativeUsd: (rows.at(-1)?.cumulativeUsd ?? 0) + taxedApiUsd - taxedHostUsd,
    });
  }
  return rows;
}
