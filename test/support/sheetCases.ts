import {
  type Depreciable,
  decliningBalance,
  decliningThenStraight,
  fixedDecliningBalance,
  straightLine,
} from '../../src/cost/cashflow/depreciation.ts';
import { modifiedInternalRate, spreadsheetRate } from '../../src/cost/cashflow/internalRate.ts';
import { datedNetPresentValue, spreadsheetNpv } from '../../src/cost/cashflow/netPresentValue.ts';
import type { SheetCase } from './libreOffice.ts';

/** A function of spreadsheets with what kplan makes of the same numbers; null: an error there. */
export interface ComparedCase extends SheetCase {
  readonly ours: number | null;
}

/** Flows of a machine that pays back, of one that never does, and of those whose rate is none, several or hard to find. */
const FLOWS: readonly (readonly number[])[] = [
  [-1000, 600, 600],
  [-240_000, ...Array.from({ length: 35 }, () => 9_500), 57_500],
  [-240_000, ...Array.from({ length: 24 }, () => 5_000)],
  [-277_897.75, ...Array.from({ length: 60 }, (_, month) => 14_000 * 0.97 ** month)],
  [-100, 230, -132],
  [-1000, 3600, -4310, 1716],
  [-100, 100, -100],
  [100, -230, 132.25],
  [100, 200, 300],
  [0, -500, 0, 800],
  [-1, 0, 0, 0, 0, 50],
  [-1000, 100, 100],
  [1000, -600, -600],
  [-10, 110, -230, 132, 5],
];
const RATES = [-0.5, 0, 0.006434, 0.08, 0.35, 2];

const DATED = [
  { flow: [-1000, 1100], days: ['2026-01-01', '2027-01-01'] },
  { flow: [-240_000, 90_000, 90_000, 90_000, 40_000], days: ['2026-12-01', '2027-12-01', '2028-12-01', '2029-12-01', '2030-02-28'] },
  { flow: [-50, 20, 20, 20], days: ['2027-12-31', '2028-02-29', '2028-02-29', '2031-06-30'] },
];

const ASSETS: readonly Depreciable[] = [
  { costUsd: 240_000, salvageUsd: 48_000, periods: 4 },
  { costUsd: 1_000_000, salvageUsd: 100_000, periods: 6 },
  { costUsd: 461_567.5, salvageUsd: 1, periods: 5 },
  { costUsd: 52_390.5, salvageUsd: 0, periods: 3 },
  { costUsd: 10_000, salvageUsd: 9_000, periods: 10 },
];

function orNull(compute: () => number): number | null {
  try {
    return compute();
  } catch {
    return null;
  }
}

const flowCases = FLOWS.flatMap((flow): ComparedCase[] => [
  ...RATES.map((rate) => ({ formula: `NPV(${rate};{flow})`, flow, ours: spreadsheetNpv(flow, rate) })),
  { formula: 'IRR({flow})', flow, ours: spreadsheetRate(flow) },
  { formula: 'IRR({flow};0.3)', flow, ours: spreadsheetRate(flow, 0.3) },
  { formula: 'MIRR({flow};0.1;0.12)', flow, ours: orNull(() => modifiedInternalRate(flow, 0.1, 0.12)) },
  { formula: 'MIRR({flow};0;0.05)', flow, ours: orNull(() => modifiedInternalRate(flow, 0, 0.05)) },
]);

const datedCases = DATED.flatMap(({ flow, days }) =>
  [0, 0.08, 0.5].map((rate): ComparedCase => {
    const amounts = flow.map((usd, place) => ({ usd, date: days[place] ?? '' }));
    return { formula: `XNPV(${rate};{flow};{days})`, flow, days, ours: datedNetPresentValue(amounts, rate) };
  }),
);

const depreciationCases = ASSETS.flatMap((asset): ComparedCase[] => {
  const of = `${asset.costUsd};${asset.salvageUsd};${asset.periods}`;
  const each = (values: readonly number[], formula: (period: number) => string): ComparedCase[] =>
    values.map((ours, index) => ({ formula: formula(index + 1), ours }));
  return [
    { formula: `SLN(${of})`, ours: straightLine(asset)[0] ?? 0 },
    ...each(fixedDecliningBalance(asset), (period) => `DB(${of};${period})`),
    ...each(fixedDecliningBalance(asset, 7), (period) => `DB(${of};${period};7)`),
    ...each(decliningBalance(asset), (period) => `DDB(${of};${period})`),
    ...each(decliningBalance(asset, 1.5), (period) => `DDB(${of};${period};1.5)`),
    ...each(decliningThenStraight(asset), (period) => `VDB(${of};${period - 1};${period})`),
  ];
});

/** Functions of spreadsheets over the cases that decide whether ours agree. */
export const COMPARED: readonly ComparedCase[] = [...flowCases, ...datedCases, ...depreciationCases];
