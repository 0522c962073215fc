import { afterTax } from '../../cost/cashflow/afterTax.ts';
import { compareFlows, type FlowComparison, flowPayback } from '../../cost/cashflow/flowComparison.ts';
import { apiFlow, closedFlow, hostFlow, type MonthlyFlow } from '../../cost/cashflow/monthlyFlow.ts';
import { monthlyRate, netPresentValue, yearlyRate } from '../../cost/cashflow/netPresentValue.ts';
import { monthAt } from '../../plan/outlook/cashFlow.ts';
import { type CashFlowCase, cashFlowMonths } from './cashFlowCase.ts';
import { type ColumnKey, flowColumns, type Place } from './cashFlowColumns.ts';
import { FORMATS } from './numberFormat.ts';
import { type NamedNumber, planNumbers } from './planNumbers.ts';
import { trendFormula, trendNumbers } from './trendCells.ts';
import { cellReference, columnName, formulaCell, numberCell, type SheetRow, textCell, type WorkbookSheet } from './workbook.ts';

/** The formula over other sheets that gives a number of the plan, where there is one. */
export type PlanLink = (number: NamedNumber) => string | null;

/** Name of the sheet, with a number where there are several. */
export const CASH_FLOW = 'Cash flow';
/** The cells of its totals, as other sheets name them. */
export interface FlowTotals {
  readonly apiUsd: string;
  readonly hostUsd: string;
  readonly savedUsd: string;
  readonly perYear: string;
  readonly paybackMonths: string;
}

/** A sheet of a cash flow. */
export interface FlowSheet {
  readonly sheet: WorkbookSheet;
  readonly totals: FlowTotals;
}

/** Rows above the numbers of the plan. */
const HEAD = 3;
const TOTALS = 8;

/** Where everything stands: rows counted from 1. */
interface Grid {
  readonly cell: (name: string) => string;
  readonly column: (key: ColumnKey) => string;
  readonly from: number;
  readonly to: number;
  readonly rateCell: string;
  readonly discounted: string;
  readonly crossed: string;
}

function gridOf(flowCase: CashFlowCase, numbers: readonly NamedNumber[], keys: readonly ColumnKey[]): Grid {
  const places = new Map(numbers.map(({ name }, place) => [name, HEAD + place + 1]));
  const columns = new Map(keys.map((key, place) => [key, columnName(place)]));
  const from = HEAD + numbers.length + TOTALS + 4;
  const letter = (place: number) => columnName(keys.length + place);
  return {
    cell: (name) => (name === 'months' ? String(flowCase.plan.months) : `$B$${places.get(name) ?? 0}`),
    column: (key) => columns.get(key) ?? '',
    from,
    to: from + flowCase.plan.months,
    rateCell: `$B$${HEAD + numbers.length + 2}`,
    discounted: letter(0),
    crossed: letter(1),
  };
}

/** Where the money saved comes out of the red, or falls into it, in the month that ends at a place. */
function crossedAt(sums: readonly number[], place: number): number | undefined {
  return flowPayback(sums.slice(Math.max(0, place - 1), place + 1)).crossings.map(({ month }) => place - 1 + month)[0];
}

/** All that a range of a column holds. */
function rangeOf(key: ColumnKey, { column, from, to }: Grid): string {
  return `${column(key)}${from}:${column(key)}${to}`;
}

/** Money of today of what an alternative costs: its column, less what the end brings. */
function presentFormula(key: ColumnKey, end: ColumnKey | null, grid: Grid): string {
  const { column, from, to, rateCell } = grid;
  const name = column(key);
  const brought = end === null ? '' : `-${column(end)}${to}/(1+${rateCell})^${to - from}`;
  return `${name}${from}+NPV(${rateCell},${name}${from + 1}:${name}${to})${brought}`;
}

function returnCell({ internal }: FlowComparison, saved: string) {
  const { code = 'none', rates = [] } = internal ?? {};
  const monthly = rates[0]?.ratePerPeriod;
  if (code === 'several') return textCell('several: no single rate says how good it is', 'fixed');
  if (monthly === undefined) return textCell('none', 'fixed');
  const guess = monthly < -0.9 ? 0.01 : Number(monthly.toPrecision(2));
  return formulaCell(`(1+IRR(${saved},${guess}))^12-1`, yearlyRate(monthly), FORMATS.share, 'result');
}

/** The totals below the plan: what is saved in all and in money of today, the rate of return, and the payback. */
function totalRows(
  flowCase: CashFlowCase,
  flows: readonly [host: MonthlyFlow, api: MonthlyFlow],
  compared: FlowComparison,
  grid: Grid,
): SheetRow[] {
  const { costOfCapital, tax } = flowCase;
  const [host, api] = flows;
  const rate = monthlyRate(costOfCapital);
  const saved = rangeOf('savedUsd', grid);
  const sums = `${grid.column('cumulativeUsd')}${grid.to}`;
  const [apiKey, hostKey, endKey] = tax
    ? (['taxedApiUsd', 'taxedHostUsd', 'taxedEndUsd'] as const)
    : (['apiUsd', 'hostUsd', 'endUsd'] as const);
  const present = (flow: MonthlyFlow) => netPresentValue(closedFlow(flow), rate);
  const usd = (label: string, formula: string, value: number): SheetRow => [
    textCell(label),
    formulaCell(formula, value, FORMATS.usd, 'result'),
  ];
  const crossed = `${grid.crossed}${grid.from}:${grid.crossed}${grid.to}`;
  const paid = compared.payback.finalMonth ?? 'never';
  return [
    [textCell('cost of capital of a month'), formulaCell(`(1+${grid.cell('costOfCapital')})^(1/12)-1`, rate, '0.0000%')],
    usd('the API in money of today', presentFormula(apiKey, null, grid), present(api)),
    usd('hosting in money of today, less what machines are worth at the end', presentFormula(hostKey, endKey, grid), present(host)),
    usd('saved in money of today (net present value)', presentFormula('savedUsd', null, grid), compared.netPresentValueUsd),
    usd('saved in all, not discounted', `SUM(${saved})`, compared.totalUsd),
    [textCell('internal rate of return, a year'), returnCell(compared, saved)],
    [
      textCell('paid back after months, for good'),
      formulaCell(`IF(ROUND(${sums},6)<0,"never",MAX(0,${crossed}))`, paid, FORMATS.one, 'result'),
    ],
    [],
  ];
}

/** Rows of the months, from today to the end. */
function monthRows(flowCase: CashFlowCase, compared: FlowComparison, grid: Grid): SheetRow[] {
  const columns = flowColumns(flowCase);
  const { column, cell, from, rateCell } = grid;
  const factor = 1 / (1 + monthlyRate(flowCase.costOfCapital));
  return cashFlowMonths(flowCase).map((month, count): SheetRow => {
    const row = from + count;
    const at = (key: ColumnKey) => `$${column(key)}${row}`;
    const before = (key: ColumnKey) => `$${column(key)}${row - 1}`;
    const place: Place = {
      first: count === 0,
      last: count === flowCase.plan.months,
      at,
      before,
      past: (key) => `$${column(key)}$${from}:$${column(key)}${row - 1}`,
      cell,
      trend: (name, parts) =>
        trendFormula(
          parts,
          at('month'),
          trendNumbers(parts, '').map((_, part) => cell(`${name}${part}`)),
        ),
    };
    const [was, is] = [before('cumulativeUsd'), at('cumulativeUsd')];
    const crossing = `IF((ROUND(${was},6)<0)<>(ROUND(${is},6)<0),${before('month')}+${was}/(${was}-${is}),"")`;
    return [
      numberCell(count, count === 0 ? '0" · today"' : `0" · ${monthAt(flowCase.firstMonth, count - 1)}"`, 'fixed'),
      ...columns.map(({ key, formula, format }) => {
        const text = formula(place);
        return text === null ? null : formulaCell(text, month[key], format);
      }),
      formulaCell(`${at('savedUsd')}/(1+${rateCell})^${at('month')}`, month.savedUsd * factor ** count, FORMATS.usd),
      count === 0 ? null : formulaCell(crossing, crossedAt(compared.cumulativeUsd, count) ?? '', FORMATS.one),
    ];
  });
}

/**
 * Both sides month by month as live formulas, with totals: money of today, internal rate and payback. Amounts stand at the end of the month
 * that they are paid for; month 0 is today.
 *
 * @param name of the sheet
 * @param link where a number of the plan stands on other sheets
 */
export function cashFlowSheet(name: string, flowCase: CashFlowCase, link: PlanLink = () => null): FlowSheet {
  const { plan, costOfCapital, waitMonths, tax, title } = flowCase;
  const columns = flowColumns(flowCase);
  const numbers = planNumbers(flowCase);
  const grid = gridOf(flowCase, numbers, ['month', ...columns.map(({ key }) => key)]);
  const taxed = (flow: MonthlyFlow) => (tax ? afterTax(flow, tax, tax.rate) : flow);
  const [host, api] = [taxed(hostFlow(plan, waitMonths)), taxed(apiFlow(plan))];
  const compared = compareFlows(host, api, costOfCapital);
  const note =
    'Both sides month by month, at kplan’s middle values. White numbers are live: they follow the yellow cells here and those of the sheet Inputs. Money stands at the end of the month that it is paid for; month 0 is today.';
  const totalAt = (place: number) => cellReference(name, HEAD + numbers.length + 1 + place, 1);
  const sheet = {
    name,
    widths: [46, 20, ...columns.slice(1).map(() => 15), 15, 12],
    frozenRows: 0,
    frozenColumns: 1,
    rows: [
      [textCell(`Cash flow: ${title}`, 'title')],
      [textCell(note, 'muted', { spread: 10 })],
      ['the plan', 'value', 'unit'].map((text) => textCell(text, 'header')),
      ...numbers.map((number): SheetRow => {
        const { label, value, format, unit } = number;
        const formula = link(number);
        const shown = formula === null ? numberCell(value, format, 'input') : formulaCell(formula, value, format);
        return [textCell(label), shown, textCell(unit, 'muted')];
      }),
      [],
      ...totalRows(flowCase, [host, api], compared, grid),
      [],
      ['month', ...columns.map((column) => column.title), 'saved, discounted', 'red is left or entered at'].map((text) =>
        textCell(text, 'header'),
      ),
      ...monthRows(flowCase, compared, grid),
    ],
  };
  const totals = { apiUsd: totalAt(1), hostUsd: totalAt(2), savedUsd: totalAt(3), perYear: totalAt(5), paybackMonths: totalAt(6) };
  return { sheet, totals };
}
