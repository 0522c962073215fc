import type { BreakEvenAnswer } from '../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../plan/hosting/fleetLine.ts';
import type { CashFlow, CashFlowRow } from '../plan/outlook/cashFlowAnswer.ts';
import type { Sensitivity } from '../plan/outlook/sensitivityAnswer.ts';
import { formatUsd } from '../units/money.ts';
import { formatTokens } from '../units/tokens.ts';
import { namesOf, tariffName } from './breakEvenTables.ts';
import { formatShare } from './format.ts';
import { type Cell, type Column, type Row, rightColumn, type Table } from './table.ts';

const MONTHS_PER_YEAR = 12;
/** Months that are told one by one; of more, the end of each quarter, of very many that of each year. */
const MOST_MONTHS = 36;
const MOST_QUARTERS = 120;

const usd = (title: string) => rightColumn(title, 'USD', formatUsd);

/** Every how many months a row is told. */
function stride(months: number): number {
  if (months <= MOST_MONTHS) return 1;
  return months <= MOST_QUARTERS ? 3 : MONTHS_PER_YEAR;
}

/** The cash flows of one fleet, an API price each. */
function flowsOf({ cashFlows }: BreakEvenAnswer, fleet: Pick<FleetLine, 'id'>): CashFlow[] {
  return cashFlows.filter(({ offer }) => offer === fleet.id);
}

/** Both sides month by month, for one fleet: what each pays, and how far hosting is ahead of each API price so far. */
export function cashFlowTable(answer: BreakEvenAnswer, fleet: FleetLine): Table {
  const flows = flowsOf(answer, fleet);
  const [first] = flows;
  const every = stride((first?.rows.length ?? 1) - 1);
  const nameOf = (id: string) => {
    const line = answer.tariffs.find((tariff) => tariff.id === id);
    return line ? tariffName(line, answer.query['model']) : id;
  };
  const told = (first?.rows ?? []).flatMap((row, place) => {
    const nothingToday = place === 0 && flows.every(({ rows }) => rows[0]?.hostUsd === 0 && rows[0].apiUsd === 0);
    return nothingToday || (place % every !== 0 && place !== (first?.rows.length ?? 0) - 1) ? [] : [{ row, place }];
  });
  const rowOf = ({ row, place }: { readonly row: CashFlowRow; readonly place: number }): Row => ({
    cells: [
      row.month ?? 'today',
      row.tokens,
      row.instances,
      row.hostUsd,
      ...flows.flatMap(({ rows }): Cell[] => [rows[place]?.apiUsd ?? null, rows[place]?.cumulativeUsd ?? null]),
    ],
  });
  return {
    columns: [
      { title: 'month' },
      rightColumn('tokens', undefined, formatTokens),
      rightColumn('instances'),
      usd('own GPUs'),
      ...flows.flatMap(({ tariff }): Column[] => [usd(nameOf(tariff)), usd('ahead so far')]),
    ],
    rows: told.map(rowOf),
  };
}

function rateText({ internalRate: { code, perYear } }: CashFlow): string {
  if (code === 'none') return 'none';
  return perYear.map((rate) => (Math.abs(rate) > 100 ? 'beyond 10,000 %' : formatShare(rate))).join(', ');
}

function paybackText({ payback: { finalMonth } }: CashFlow): string {
  if (finalMonth === null) return 'not within the plan';
  return finalMonth === 0 ? 'at once' : `after ${finalMonth.toFixed(1)} months`;
}

/** What comes of each pair over the months of the plan. */
export function flowTotalsTable(answer: BreakEvenAnswer): Table {
  const nameOf = namesOf(answer);
  return {
    columns: [
      { title: 'own GPUs' },
      { title: 'against' },
      usd('own GPUs in all'),
      usd('API in all'),
      usd('saved, money of today'),
      { title: 'internal rate a year', align: 'right' },
      { title: 'payback', align: 'right' },
      usd('machines at the end'),
      usd('bound beyond'),
    ],
    rows: answer.cashFlows.map((flow) => ({
      cells: [
        nameOf(flow.offer),
        nameOf(flow.tariff),
        flow.totalHostUsd,
        flow.totalApiUsd,
        flow.savedPresentUsd,
        rateText(flow),
        paybackText(flow),
        flow.endUsd,
        flow.committedUsd,
      ],
    })),
  };
}

/** `host` as words. */
function optionInWords(option: string): string {
  if (option === 'host') return 'host now';
  if (option === 'api') return 'stay on the API';
  return `wait ${option.replace('wait-', '')} months, then host`;
}

/** Hosting now, later or never: what each costs and how much it may be regretted. */
export function optionTable({ options }: Sensitivity): Table {
  return {
    columns: [
      { title: 'way to go' },
      usd('cost, money of today'),
      usd('p10'),
      usd('p90'),
      rightColumn('cheapest', 'likely', formatShare),
      usd('mean regret'),
      usd('regret at p90'),
    ],
    rows: options.map(({ option, presentUsd, cheapest, meanRegretUsd, p90RegretUsd }) => ({
      cells: [optionInWords(option), presentUsd.now, presentUsd.p10, presentUsd.p90, cheapest, meanRegretUsd, p90RegretUsd],
    })),
  };
}
