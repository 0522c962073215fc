import { compareFlows, type FlowComparison, flowPayback } from '../../cost/cashflow/flowComparison.ts';
import { apiFlow, type FlowPlan, hostFlow } from '../../cost/cashflow/monthlyFlow.ts';
import { monthlyRate } from '../../cost/cashflow/netPresentValue.ts';
import type { Trend } from '../../cost/cashflow/trend.ts';
import { type CashFlowCase, type CashFlowMonth, cashFlowMonths } from './cashFlowCase.ts';
import { FORMATS } from './numberFormat.ts';
import { type PlanNumber, trendFormula, trendNumbers } from './trendCells.ts';
import { columnName, formulaCell, numberCell, type SheetRow, textCell, type WorkbookSheet } from './workbook.ts';

/** The formula over other sheets that gives a number of the plan, where there is one. */
export type PlanLink = (name: PlanName) => { readonly formula: string; readonly value: number } | null;

export type PlanName =
  | 'requestsPerMonth'
  | 'usdPerRequest'
  | 'requestsPerReplica'
  | 'replicasPerStep'
  | 'instancesPerStep'
  | 'spareReplicas'
  | 'instanceUsd'
  | 'lifeMonths'
  | 'residualShare'
  | 'runningUsdPerMonth'
  | 'oneOffUsd'
  | 'costOfCapital';

interface NamedNumber extends PlanNumber {
  readonly name: string;
}

type Field = readonly [name: string, label: string, value: number, format: string, unit: string];

/** The numbers of the plan, in the order of the sheet. */
function numbersOf({ plan, costOfCapital, waitMonths }: CashFlowCase): NamedNumber[] {
  const { host, api } = plan;
  const { instances, fleet } = host;
  const buy = instances.kind === 'buy';
  const fields: Field[] = [
    ['requestsPerMonth', 'requests of a month, at a demand of 1', plan.requestsPerMonth, FORMATS.count, 'request/month'],
    ['usdPerRequest', 'the API: one request', api.usdPerRequest, FORMATS.smallPrice, 'USD/request'],
    ['requestsPerReplica', 'requests that a replica is planned to carry', fleet.requestsPerReplica, FORMATS.count, 'request/month'],
    ['replicasPerStep', 'replicas of a step of instances', fleet.replicasPerStep, FORMATS.count, ''],
    ['instancesPerStep', 'instances of a step', fleet.instancesPerStep, FORMATS.count, 'instance'],
    ['spareReplicas', 'replicas kept spare', fleet.spareReplicas, FORMATS.count, ''],
    [
      'instanceUsd',
      buy ? 'price of an instance' : 'rent of an instance',
      buy ? instances.usd : instances.usdPerMonth,
      FORMATS.cents,
      buy ? 'USD/instance' : 'USD/instance/month',
    ],
    [
      'lifeMonths',
      buy ? 'months of use' : 'months of a contract',
      buy ? instances.lifeMonths : instances.commitmentMonths,
      FORMATS.count,
      'month',
    ],
    ...(buy ? [['residualShare', 'share of the price that is left then', instances.residualShare, FORMATS.share, ''] as const] : []),
    ['runningUsdPerMonth', 'running cost of an instance', host.runningUsdPerMonth, FORMATS.cents, 'USD/instance/month'],
    ['oneOffUsd', 'paid once when hosting starts', host.oneOffUsd, FORMATS.cents, 'USD'],
    ['overlapMonths', 'months in which the API is still paid after the start', host.overlapMonths, FORMATS.count, 'month'],
    ['waitMonths', 'months on the API before hosting starts', waitMonths, FORMATS.count, 'month'],
    ['costOfCapital', 'cost of capital', costOfCapital, FORMATS.share, '1/year'],
  ];
  const named = fields.map(([name, label, value, format, unit]) => ({ name, label, value, format, unit }));
  const trend = (name: string, what: string, parts: Trend) =>
    trendNumbers(parts, what).map((number, place) => ({ name: `${name}${place}`, ...number }));
  return [
    ...named,
    ...trend('demand', 'demand', plan.demand),
    ...trend('apiPrice', 'price of the API', api.price),
    ...trend('hostPrice', buy ? 'price of instances' : 'rent', instances.price),
  ];
}

interface ColumnOf {
  readonly title: string;
  readonly width: number;
  readonly format: string;
  readonly value: (month: CashFlowMonth) => number;
  /** Formula of a place; null where nothing stands. */
  readonly formula: (row: Row) => string | null;
}

/** What a formula of a place may name. */
interface Row {
  readonly place: number;
  readonly last: boolean;
  readonly first: boolean;
  /** A column at this place. */
  readonly at: (column: string) => string;
  /** At the place before. */
  readonly before: (column: string) => string;
  /** From today to the place before. */
  readonly past: (column: string) => string;
  readonly cell: (name: string) => string;
  readonly trend: (name: string, parts: Trend) => string;
}

const MONTH = 'A';

/** All columns beside the month, in the order of the sheet: what is needed and taken, then what is paid. */
function columnsOf({ host, demand, api }: FlowPlan): readonly (ColumnOf & { readonly letter: string })[] {
  const buy = host.instances.kind === 'buy';
  const there = ({ past, cell, at }: Row, column: string) =>
    `SUMIFS(${past(column)},${past(MONTH)},">"&(${at(MONTH)}-${cell('lifeMonths')}))`;
  const open = (formula: (row: Row) => string) => (row: Row) => (row.last ? null : formula(row));
  const paid = (formula: (row: Row) => string) => (row: Row) => (row.first ? '0' : formula(row));
  const columns: readonly ColumnOf[] = [
    { title: 'demand', width: 10, format: FORMATS.four, value: (m) => m.demand, formula: open((r) => r.trend('demand', demand)) },
    {
      title: 'requests',
      width: 14,
      format: FORMATS.count,
      value: (m) => m.requests,
      formula: open((r) => `${r.cell('requestsPerMonth')}*${r.at('B')}`),
    },
    {
      title: 'API price, factor',
      width: 10,
      format: FORMATS.four,
      value: (m) => m.apiFactor,
      formula: open((r) => r.trend('apiPrice', api.price)),
    },
    {
      title: 'API bill of the month that starts',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.apiBill,
      formula: open((r) => `${r.at('C')}*${r.cell('usdPerRequest')}*${r.at('D')}`),
    },
    {
      title: 'instances needed',
      width: 11,
      format: FORMATS.count,
      value: (m) => m.needed,
      formula: open((r) => {
        const replicas = `-INT(-(${r.at('C')}/${r.cell('requestsPerReplica')})*(1-1E-12))+${r.cell('spareReplicas')}`;
        const steps = `-INT(-((${replicas})/${r.cell('replicasPerStep')})*(1-1E-12))`;
        return `IF(OR(${r.at(MONTH)}<${r.cell('waitMonths')},${r.at('C')}<=0),0,(${steps})*${r.cell('instancesPerStep')})`;
      }),
    },
    {
      title: 'there already',
      width: 10,
      format: FORMATS.count,
      value: (m) => m.there,
      formula: open((r) => (r.first ? '0' : there(r, 'H'))),
    },
    {
      title: buy ? 'bought' : 'taken',
      width: 10,
      format: FORMATS.count,
      value: (m) => m.taken,
      formula: open((r) => `MAX(0,${r.at('F')}-${r.at('G')})`),
    },
    { title: 'in use', width: 10, format: FORMATS.count, value: (m) => m.inUse, formula: open((r) => `${r.at('G')}+${r.at('H')}`) },
    {
      title: buy ? 'price, factor' : 'rent, factor',
      width: 10,
      format: FORMATS.four,
      value: (m) => m.hostFactor,
      formula: open((r) => r.trend('hostPrice', host.instances.price)),
    },
    {
      title: buy ? 'price of an instance' : 'rent of an instance',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.unitUsd,
      formula: open((r) => `${r.cell('instanceUsd')}*${r.at('J')}`),
    },
    { title: 'paid on the API alone', width: 14, format: FORMATS.usd, value: (m) => m.apiUsd, formula: paid((r) => r.before('E')) },
    {
      title: 'hosting: API still paid',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.stillApiUsd,
      formula: paid((r) => `IF(${r.before(MONTH)}<${r.cell('waitMonths')}+${r.cell('overlapMonths')},${r.at('L')},0)`),
    },
    {
      title: buy ? 'hosting: machines' : 'hosting: rent',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.instanceUsd,
      formula: buy
        ? (r) => (r.last ? '0' : `${r.at('H')}*${r.at('K')}`)
        : paid((r) => `SUMPRODUCT((${r.past(MONTH)}>=${r.at(MONTH)}-${r.cell('lifeMonths')})*${r.past('H')}*${r.past('K')})`),
    },
    {
      title: 'hosting: running',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.runningUsd,
      formula: paid((r) => `${r.before('I')}*${r.cell('runningUsdPerMonth')}`),
    },
    {
      title: 'hosting: once',
      width: 12,
      format: FORMATS.usd,
      value: (m) => m.oneOffUsd,
      formula: (r) => (r.last ? '0' : `IF(${r.at(MONTH)}=${r.cell('waitMonths')},${r.cell('oneOffUsd')},0)`),
    },
    {
      title: 'machines sold',
      width: 12,
      format: FORMATS.usd,
      value: (m) => m.soldUsd,
      formula: buy
        ? (r) =>
            r.first || r.last
              ? '0'
              : `SUMPRODUCT((${r.past(MONTH)}=${r.at(MONTH)}-${r.cell('lifeMonths')})*${r.past('H')}*${r.past('K')})*${r.cell('residualShare')}`
        : () => '0',
    },
    {
      title: 'hosting, all',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.hostUsd,
      formula: (r) => `${r.at('M')}+${r.at('N')}+${r.at('O')}+${r.at('P')}-${r.at('Q')}`,
    },
    {
      title: 'value of machines at the end',
      width: 14,
      format: FORMATS.usd,
      value: (m) => m.endUsd,
      formula: (r) => {
        if (!buy || !r.last) return '0';
        const age = `(${r.at(MONTH)}-${r.past(MONTH)})`;
        const left = `(1-(1-${r.cell('residualShare')})*${age}/${r.cell('lifeMonths')})`;
        return `SUMPRODUCT((${age}<=${r.cell('lifeMonths')})*${r.past('H')}*${r.past('K')}*${left})`;
      },
    },
    { title: 'saved', width: 14, format: FORMATS.usd, value: (m) => m.savedUsd, formula: (r) => `${r.at('L')}-${r.at('R')}+${r.at('S')}` },
    {
      title: 'saved so far, without the end',
      width: 16,
      format: FORMATS.usd,
      value: (m) => m.cumulativeUsd,
      formula: (r) => `${r.first ? '' : `${r.before('U')}+`}${r.at('L')}-${r.at('R')}`,
    },
  ];
  return columns.map((column, place) => ({ ...column, letter: columnName(place + 1) }));
}

/** Where the money saved comes out of the red, or falls into it, in the month that ends at a place. */
function crossedAt(sums: readonly number[], place: number): number | undefined {
  return flowPayback(sums.slice(Math.max(0, place - 1), place + 1)).crossings.map(({ month }) => place - 1 + month)[0];
}

/** Names of the totals with the formulas over the columns of money. */
function totalRows(
  { payback, totalUsd, netPresentValueUsd, internal }: FlowComparison,
  costOfCapital: number,
  from: number,
  to: number,
  cell: (name: string) => string,
  factorColumn: string,
  crossedColumn: string,
): SheetRow[] {
  const saved = `T${from}:T${to}`;
  const rate = `((1+${cell('costOfCapital')})^(1/12)-1)`;
  const one = internal?.code === 'one' ? internal.rates[0]?.ratePerPeriod : undefined;
  const yearly = one === undefined ? undefined : (1 + one) ** 12 - 1;
  const crossed = `${crossedColumn}${from}:${crossedColumn}${to}`;
  const paid = payback.finalMonth ?? 'never';
  const irr = `IRR(${saved},${one === undefined || one < -0.9 ? 0.01 : Number(one.toPrecision(2))})`;
  return [
    [textCell('saved in all'), formulaCell(`SUM(${saved})`, totalUsd, FORMATS.usd, 'result')],
    [
      textCell('present value of what is saved'),
      formulaCell(`T${from}+NPV(${rate},T${from + 1}:T${to})`, netPresentValueUsd, FORMATS.usd, 'result'),
    ],
    [
      textCell('internal rate of return, a year'),
      yearly === undefined
        ? textCell(internal?.code === 'several' ? 'several: no single rate says how good it is' : 'none', 'fixed')
        : formulaCell(`(1+${irr})^12-1`, yearly, FORMATS.share, 'result'),
    ],
    [
      textCell('paid back after months, for good'),
      formulaCell(`IF(ROUND(U${to},6)<0,"never",MAX(0,${crossed}))`, paid, FORMATS.one, 'result'),
    ],
    [textCell('cost of capital of a month'), formulaCell(rate, monthlyRate(costOfCapital), '0.0000%')],
    [textCell(`discounted, column ${factorColumn}; crossings of the red, column ${crossedColumn}`, 'muted')],
  ];
}

/**
 * Both sides month by month as live formulas, with totals: present value, internal rate and payback. Amounts stand at the end of the month
 * that they are paid for; month 0 is today.
 *
 * @param name of the sheet
 * @param link where a number of the plan stands on other sheets
 */
export function cashFlowSheet(name: string, flowCase: CashFlowCase, link: PlanLink = () => null): WorkbookSheet {
  const { plan, costOfCapital, waitMonths, title } = flowCase;
  const numbers = numbersOf(flowCase);
  const places = new Map(numbers.map((number, place) => [number.name, place + 3]));
  const cell = (named: string) => `$B$${(places.get(named) ?? 0) + 1}`;
  const comparison = compareFlows(hostFlow(plan, waitMonths), apiFlow(plan), costOfCapital);
  const columns = columnsOf(plan);
  const months = cashFlowMonths(flowCase);
  const totalsAt = numbers.length + 4;
  const TOTALS = 6;
  const headAt = totalsAt + TOTALS + 2;
  const from = headAt + 2;
  const to = from + plan.months;
  const factorColumn = columnName(columns.length + 1);
  const crossedColumn = columnName(columns.length + 2);
  const trend = (named: string, month: string, parts: Trend) =>
    trendFormula(
      parts,
      month,
      trendNumbers(parts, '').map((_, place) => cell(`${named}${place}`)),
    );
  const factor = 1 / (1 + monthlyRate(costOfCapital));
  const crossing = (place: number) => crossedAt(comparison.cumulativeUsd, place);
  const rows = months.map((month, place): SheetRow => {
    const row = from + place;
    const at = (column: string) => `${column}${row}`;
    const about: Row = {
      place,
      last: place === plan.months,
      first: place === 0,
      at,
      before: (column) => `${column}${row - 1}`,
      past: (column) => `${column}$${from}:${column}${row - 1}`,
      cell,
      trend: (named, parts) => trend(named, at(MONTH), parts),
    };
    const found = crossing(place);
    const red = `IF((ROUND(U${row - 1},6)<0)<>(ROUND(U${row},6)<0),A${row - 1}+U${row - 1}/(U${row - 1}-U${row}),"")`;
    return [
      numberCell(place, FORMATS.count, 'fixed'),
      ...columns.map(({ formula, value, format }) => {
        const text = formula(about);
        return text === null ? null : formulaCell(text, value(month), format);
      }),
      formulaCell(`T${row}/(1+$B$${totalsAt + 5})^A${row}`, month.savedUsd * factor ** place, FORMATS.usd),
      place === 0 ? null : formulaCell(red, found ?? '', FORMATS.one),
    ];
  });
  return {
    name,
    widths: [46, ...columns.map(({ width }) => width).map((width, place) => (place === 0 ? 18 : width)), 14, 12],
    frozenRows: 0,
    frozenColumns: 1,
    rows: [
      [textCell(`Cash flow: ${title}`, 'title')],
      [
        textCell(
          'Both sides month by month. White numbers are live: they follow the yellow cells here and on the sheet Inputs. Money stands at the end of the month that it is paid for; month 0 is today.',
          'muted',
          { spread: 12 },
        ),
      ],
      ['the plan', 'value', 'unit'].map((text) => textCell(text, 'header')),
      ...numbers.map(({ name: named, label, value, format, unit }) => {
        const linked = link(named as PlanName);
        const close = linked !== null && Math.abs(linked.value - value) <= 1e-9 * Math.max(Math.abs(value), 1e-9);
        return [
          textCell(label),
          close ? formulaCell(linked.formula, value, format) : numberCell(value, format, 'input'),
          textCell(unit, 'muted'),
        ];
      }),
      [],
      ...totalRows(comparison, costOfCapital, from, to, cell, factorColumn, crossedColumn),
      [],
      [],
      ['month', ...columns.map(({ title: text }) => text), 'saved, discounted', 'paid back at'].map((text) => textCell(text, 'header')),
      ...rows,
    ],
  };
}
