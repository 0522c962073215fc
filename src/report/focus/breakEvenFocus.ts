import { trendFactor } from '../../cost/cashflow/trend.ts';
import { Fault } from '../../faults/fault.ts';
import type { TariffLine } from '../../plan/api/tariffLine.ts';
import type { BreakEvenAnswer, MonthlyRow } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../../plan/hosting/fleetLine.ts';
import { monthAt } from '../../plan/outlook/cashFlow.ts';
import type { CashFlow } from '../../plan/outlook/cashFlowAnswer.ts';
import { fleetLineName } from '../breakEvenTables.ts';
import type { Table } from '../table.ts';
import { type CashFlowMonth, cashFlowMonths } from '../workbook/cashFlowCase.ts';
import { formulaParser } from '../workbook/sheetFormula.ts';
import { alternativesOf } from '../workbook/termGroups.ts';
import { costMeter, pricingOf } from './fleetMeters.ts';
import { type FocusMeter, type FocusRow, type FocusService, focusRow, focusTable } from './focusRow.ts';
import { type LeafTokens, leafTokens } from './leafTokens.ts';
import { tokenMeter } from './tokenMeters.ts';

/** The months of the forecast, with what multiplies requests and API prices in each. */
interface Month {
  readonly month: string;
  readonly requests: number;
  readonly apiFactor: number;
}

/** The months of the cash flow; without one, the month after the facts. */
function monthsOf({ cashFlows, time, dataAge }: BreakEvenAnswer, requests: number): Month[] {
  const plan = cashFlows[0]?.plan;
  if (!time || !plan) return [{ month: monthAt(dataAge.asOf.slice(0, 7), 1), requests, apiFactor: 1 }];
  return Array.from({ length: time.months }, (_, later) => ({
    month: monthAt(time.firstMonth, later),
    requests: requests * trendFactor(plan.demand, later),
    apiFactor: trendFactor(plan.api.price, later),
  }));
}

function apiService({ id, provider, model }: TariffLine): FocusService {
  return { alternative: id, provider, service: `${model} API`, sku: id, kind: 'api' };
}

function tokenMeters(leaves: readonly LeafTokens[], { requests, apiFactor }: Month): FocusMeter[] {
  return leaves.map(({ leaf, tokensPerRequest, usdPerMtok }) => tokenMeter(leaf, requests * tokensPerRequest, usdPerMtok * apiFactor));
}

function fleetService(fleet: FleetLine, model: unknown, alternative: string): FocusService {
  return { alternative, provider: 'own GPUs', service: `${String(model)} on ${fleetLineName(fleet)}`, sku: fleet.id, kind: 'gpus' };
}

/** GPU-hours of the instances, where they are billed by them. */
function gpuHours({ usdPerGpuHour, costs }: FleetLine, instances: number): number | null {
  const rent = costs.find(({ code }) => code === 'rent')?.usdPerMonth;
  return usdPerGpuHour && rent !== undefined ? (instances * rent) / usdPerGpuHour.value : null;
}

/** One month on a fleet, at the prices of today. */
function monthMeters(fleet: FleetLine, { instances }: MonthlyRow): FocusMeter[] {
  const lines = fleet.costs.filter(({ counted }) => counted);
  const own = lines.map(({ code, usdPerMonth }) =>
    costMeter(code, instances, gpuHours(fleet, instances), usdPerMonth * instances, fleet.purchase),
  );
  return fleet.fixedUsd > 0 && instances > 0 ? [...own, costMeter('one-off', 1, null, fleet.fixedUsd, fleet.purchase)] : own;
}

/** A month of a cash flow: what falls due at its end, and in the first one what falls due before it. */
function flowMeters(fleet: FleetLine, at: CashFlowMonth, before: CashFlowMonth | undefined, first: boolean): FocusMeter[] {
  const due = (key: 'instanceUsd' | 'oneOffUsd') => at[key] + (first ? (before?.[key] ?? 0) : 0);
  const inUse = before?.inUse ?? 0;
  const bought = at.taken + (first ? (before?.taken ?? 0) : 0);
  const once = { category: 'Purchase', frequency: 'One-Time', pricing: 'Standard' } as const;
  const machines: FocusMeter =
    fleet.purchase === 'owned'
      ? { meter: 'Machines', ...once, quantity: bought, unit: 'Instances', usd: due('instanceUsd') }
      : { meter: 'GPU Hours', ...pricingOf(fleet.purchase), quantity: gpuHours(fleet, inUse) ?? 0, unit: 'GPU-Hours', usd: at.instanceUsd };
  const meters: FocusMeter[] = [
    machines,
    { meter: 'Running Cost', pricing: 'Other', frequency: 'Recurring', quantity: inUse, unit: 'Instance-Months', usd: at.runningUsd },
    { meter: 'Moving', ...once, quantity: 1, unit: 'Moves', usd: due('oneOffUsd') },
    { meter: 'Machines Sold', ...once, category: 'Credit', quantity: 1, unit: 'Sales', usd: -at.soldUsd - at.endUsd },
  ];
  return meters.filter(({ usd, category = 'Usage' }) => usd !== 0 || category === 'Usage');
}

function flowRows(
  flow: CashFlow,
  answer: BreakEvenAnswer,
  leaves: ReadonlyMap<string, readonly LeafTokens[]>,
  months: readonly Month[],
): FocusRow[] {
  const fleet = answer.offers.find(({ id }) => id === flow.offer);
  const tariff = answer.tariffs.find(({ id }) => id === flow.tariff);
  const { time } = answer;
  if (!fleet || !tariff || !time) return [];
  const alternative = `${flow.offer} instead of ${flow.tariff}`;
  const rows = cashFlowMonths({
    title: '',
    firstMonth: time.firstMonth,
    plan: flow.plan,
    costOfCapital: time.discount,
    waitMonths: 0,
    tax: null,
  });
  return months.flatMap((month, later) => {
    const at = rows[later + 1];
    if (!at) return [];
    const still = at.stillApiUsd > 0 ? tokenMeters(leaves.get(flow.tariff) ?? [], month) : [];
    return [
      ...flowMeters(fleet, at, rows[later], later === 0).map((meter) =>
        focusRow(fleetService(fleet, answer.query['model'], alternative), month.month, meter),
      ),
      ...still.map((meter) => focusRow({ ...apiService(tariff), alternative }, month.month, meter)),
    ];
  });
}

function fleetRows(answer: BreakEvenAnswer, month: string): FocusRow[] {
  return answer.monthly.flatMap((row) => {
    const fleet = answer.offers.find(({ id }) => id === row.offer);
    if (!fleet) return [];
    return monthMeters(fleet, row).map((meter) => focusRow(fleetService(fleet, answer.query['model'], fleet.id), month, meter));
  });
}

/**
 * The forecast of a break-even as rows of FOCUS 1.2, one for each alternative, month and meter: the months of the cash flow where one is
 * asked, before taxes, and else the month after the facts.
 *
 * @param answer with terms
 * @throws Fault `missing` without a volume
 */
export async function breakEvenFocus(answer: BreakEvenAnswer): Promise<Table> {
  const requests = answer.terms.find(({ id }) => id === 'requestsPerMonth')?.value;
  if (requests === undefined)
    throw new Fault('missing', 'a forecast depends on the volume', {
      where: '--focus',
      allowed: 'with --tokens-per-month, --requests-per-month or --users',
    });
  const parse = await formulaParser();
  const { tariffs } = alternativesOf(answer.terms, [], (id) => id);
  const leaves = new Map(tariffs.map(({ id, key }) => [id, leafTokens(answer.terms, key, parse)]));
  const months = monthsOf(answer, requests);
  const api = answer.tariffs.flatMap((tariff) =>
    months.flatMap((month) =>
      tokenMeters(leaves.get(tariff.id) ?? [], month).map((meter) => focusRow(apiService(tariff), month.month, meter)),
    ),
  );
  const own =
    answer.cashFlows.length > 0
      ? answer.cashFlows.flatMap((flow) => flowRows(flow, answer, leaves, months))
      : fleetRows(answer, months[0]?.month ?? '');
  return focusTable([...api, ...own]);
}
