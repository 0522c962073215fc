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
/** Months that are told one by one; more by the quarter, very many by the year. */
const MOST_MONTHS = 36;
const MOST_QUARTERS = 120;

const usd = (title: string) => rightColumn(title, 'USD', formatUsd);

/** How many months one row holds. */
function stride(months: number): number {
  if (months <= MOST_MONTHS) return 1;
  return months <= MOST_QUARTERS ? 3 : MONTHS_PER_YEAR;
}

/** The cash flows of one fleet, an API price each. */
function flowsOf({ cashFlows }: BreakEvenAnswer, fleet: Pick<FleetLine, 'id'>): CashFlow[] {
  return cashFlows.filter(({ offer }) => offer === fleet.id);
}

const PERIODS: Readonly<Record<number, string>> = { 1: 'Month by month', 3: 'Quarter by quarter', 12: 'Year by year' };

/** What one row of the table of a plan holds. */
export function periodInWords({ time }: BreakEvenAnswer): string {
  return PERIODS[stride(time?.months ?? 1)] ?? '';
}

/** Places of the months that each row holds: today alone, then so many at a time. */
function periods(months: number): number[][] {
  const every = stride(months);
  const rows = Array.from({ length: Math.ceil(months / every) }, (_, row) =>
    Array.from({ length: Math.min(every, months - row * every) }, (_each, month) => row * every + month + 1),
  );
  return [[0], ...rows];
}

/** Both sides period by period, for one fleet: what each pays in it, and how far hosting is ahead of each API price so far. */
export function cashFlowTable(answer: BreakEvenAnswer, fleet: FleetLine): Table {
  const flows = flowsOf(answer, fleet);
  const [first] = flows;
  const rows = first?.rows ?? [];
  const nameOf = (id: string) => {
    const line = answer.tariffs.find((tariff) => tariff.id === id);
    return line ? tariffName(line, answer.query['model']) : id;
  };
  const sum = (of: readonly CashFlowRow[], places: readonly number[], value: (row: CashFlowRow) => number) =>
    places.reduce((total, place) => total + (of[place] ? value(of[place]) : 0), 0);
  const rowOf = (places: readonly number[]): Row => {
    const [from, to] = [rows[places[0] ?? 0]?.month, rows[places.at(-1) ?? 0]?.month];
    return {
      cells: [
        from === to ? (from ?? 'today') : `${from} to ${to}`,
        sum(rows, places, ({ tokens }) => tokens),
        Math.max(...places.map((place) => rows[place]?.instances ?? 0)),
        sum(rows, places, ({ hostUsd }) => hostUsd),
        ...flows.flatMap((flow): Cell[] => [
          sum(flow.rows, places, ({ apiUsd }) => apiUsd),
          flow.rows[places.at(-1) ?? 0]?.cumulativeUsd ?? null,
        ]),
      ],
    };
  };
  const told = periods(rows.length - 1).filter(
    ([place]) => place !== 0 || flows.some((flow) => flow.rows[0]?.hostUsd !== 0 || flow.rows[0].apiUsd !== 0),
  );
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
