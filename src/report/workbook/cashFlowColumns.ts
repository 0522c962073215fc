import type { FlowPlan } from '../../cost/cashflow/monthlyFlow.ts';
import type { Trend } from '../../cost/cashflow/trend.ts';
import type { CashFlowCase, CashFlowMonth } from './cashFlowCase.ts';
import { FORMATS } from './numberFormat.ts';

/** What a formula of a place may name. */
export interface Place {
  readonly first: boolean;
  readonly last: boolean;
  /** A column at this place. */
  readonly at: (column: ColumnKey) => string;
  /** At the place before. */
  readonly before: (column: ColumnKey) => string;
  /** From today to the place before. */
  readonly past: (column: ColumnKey) => string;
  /** A number of the plan. */
  readonly cell: (name: string) => string;
  readonly trend: (name: string, parts: Trend) => string;
}

export type ColumnKey = 'month' | keyof CashFlowMonth;

/** A column of the sheet of a cash flow. */
export interface FlowColumn {
  readonly key: keyof CashFlowMonth;
  readonly title: string;
  readonly format: string;
  /** Formula at a place; null where nothing stands. */
  readonly formula: (place: Place) => string | null;
}

type Formula = (place: Place) => string;

const open = (formula: Formula) => (place: Place) => (place.last ? null : formula(place));
const paid = (formula: Formula) => (place: Place) => (place.first ? '0' : formula(place));

function neededFormula({ at, cell }: Place): string {
  const replicas = `-INT(-(${at('requests')}/${cell('requestsPerReplica')})*(1-1E-12))+${cell('spareReplicas')}`;
  const steps = `-INT(-((${replicas})/${cell('replicasPerStep')})*(1-1E-12))`;
  return `IF(OR(${at('month')}<${cell('waitMonths')},${at('requests')}<=0),0,(${steps})*${cell('instancesPerStep')})`;
}

/** What is needed, taken and in use, month by month. */
function fleetColumns({ host, demand, api }: FlowPlan): FlowColumn[] {
  const buy = host.instances.kind === 'buy';
  const { count, four, usd } = FORMATS;
  return [
    { key: 'demand', title: 'demand', format: four, formula: open(({ trend }) => trend('demand', demand)) },
    { key: 'requests', title: 'requests', format: count, formula: open(({ cell, at }) => `${cell('requestsPerMonth')}*${at('demand')}`) },
    { key: 'apiFactor', title: 'API price, factor', format: four, formula: open(({ trend }) => trend('apiPrice', api.price)) },
    {
      key: 'apiBill',
      title: 'API bill of the month that starts',
      format: usd,
      formula: open(({ at, cell }) => `${at('requests')}*${cell('usdPerRequest')}*${at('apiFactor')}`),
    },
    { key: 'needed', title: 'instances needed', format: count, formula: open(neededFormula) },
    {
      key: 'there',
      title: 'there already',
      format: count,
      formula: open(({ first, past, at, cell }) =>
        first ? '0' : `SUMIFS(${past('taken')},${past('month')},">"&(${at('month')}-${cell('lifeMonths')}))`,
      ),
    },
    { key: 'taken', title: buy ? 'bought' : 'taken', format: count, formula: open(({ at }) => `MAX(0,${at('needed')}-${at('there')})`) },
    { key: 'inUse', title: 'in use', format: count, formula: open(({ at }) => `${at('there')}+${at('taken')}`) },
    {
      key: 'hostFactor',
      title: buy ? 'price, factor' : 'rent, factor',
      format: four,
      formula: open(({ trend }) => trend('hostPrice', host.instances.price)),
    },
    {
      key: 'unitUsd',
      title: buy ? 'price of an instance' : 'rent of an instance',
      format: usd,
      formula: open(({ cell, at }) => `${cell('instanceUsd')}*${at('hostFactor')}`),
    },
  ];
}

/** Bought in the past, by what it cost, where a condition on the month of the purchase holds. */
function boughtWhere(condition: string, { past }: Place, share = ''): string {
  return `SUMPRODUCT((${condition})*${past('taken')}*${past('unitUsd')}${share})`;
}

function soldFormula(place: Place): string {
  if (place.first || place.last) return '0';
  const due = `${place.past('month')}=${place.at('month')}-${place.cell('lifeMonths')}`;
  return `${boughtWhere(due, place)}*${place.cell('residualShare')}`;
}

function endFormula(place: Place): string {
  if (!place.last) return '0';
  const age = `(${place.at('month')}-${place.past('month')})`;
  const life = place.cell('lifeMonths');
  return boughtWhere(`${age}<=${life}`, place, `*(1-(1-${place.cell('residualShare')})*${age}/${life})`);
}

/** What is paid and received, month by month, before taxes. */
function moneyColumns({ host }: FlowPlan): FlowColumn[] {
  const buy = host.instances.kind === 'buy';
  const { usd } = FORMATS;
  return [
    { key: 'apiUsd', title: 'paid on the API alone', format: usd, formula: paid(({ before }) => before('apiBill')) },
    {
      key: 'stillApiUsd',
      title: 'hosting: API still paid',
      format: usd,
      formula: paid(({ before, cell, at }) => `IF(${before('month')}<${cell('waitMonths')}+${cell('overlapMonths')},${at('apiUsd')},0)`),
    },
    {
      key: 'instanceUsd',
      title: buy ? 'hosting: machines' : 'hosting: rent',
      format: usd,
      formula: buy
        ? ({ last, at }) => (last ? '0' : `${at('taken')}*${at('unitUsd')}`)
        : paid((place) => boughtWhere(`${place.past('month')}>=${place.at('month')}-${place.cell('lifeMonths')}`, place)),
    },
    {
      key: 'runningUsd',
      title: 'hosting: running',
      format: usd,
      formula: paid(({ before, cell }) => `${before('inUse')}*${cell('runningUsdPerMonth')}`),
    },
    {
      key: 'oneOffUsd',
      title: 'hosting: once',
      format: usd,
      formula: ({ last, at, cell }) => (last ? '0' : `IF(${at('month')}=${cell('waitMonths')},${cell('oneOffUsd')},0)`),
    },
    { key: 'soldUsd', title: 'machines sold', format: usd, formula: buy ? soldFormula : () => '0' },
    {
      key: 'hostUsd',
      title: 'hosting, all',
      format: usd,
      formula: ({ at }) => `${at('stillApiUsd')}+${at('instanceUsd')}+${at('runningUsd')}+${at('oneOffUsd')}-${at('soldUsd')}`,
    },
    { key: 'endUsd', title: 'value of machines at the end', format: usd, formula: buy ? endFormula : () => '0' },
  ];
}

/** The sum of the shares of the tax years that end within some months. */
function deductedWithin(months: string, years: number, { cell }: Place): string {
  return Array.from({ length: years }, (_, year) => `IF(${12 * (year + 1)}<=${months},${cell(`deducted${year}`)},0)`).join('+');
}

/** The same after taxes: a machine is deducted at the end of each tax year, and its sale is taxed beyond what is left in the books. */
function taxColumns({ plan, tax }: CashFlowCase): FlowColumn[] {
  if (!tax) return [];
  const buy = plan.host.instances.kind === 'buy';
  const years = tax.shares.length;
  const { usd } = FORMATS;
  const kept = ({ cell }: Place) => `(1-${cell('taxRate')})`;
  const deducted = (place: Place) =>
    tax.shares
      .map((_, year) => {
        const due = boughtWhere(`${place.past('month')}=${place.at('month')}-${12 * (year + 1)}`, place);
        return `IF(${12 * (year + 1)}<=${place.cell('lifeMonths')},${place.cell(`deducted${year}`)}*${due},0)`;
      })
      .join('+');
  const book = (place: Place) => {
    const { past, at, cell, last } = place;
    const age = `(${at('month')}-${past('month')})`;
    if (last) return boughtWhere(`${age}<=${cell('lifeMonths')}`, place, `*(1-${past('deductedShare')})`);
    return `${boughtWhere(`${age}=${cell('lifeMonths')}`, place)}*(1-(${deductedWithin(cell('lifeMonths'), years, place)}))`;
  };
  return [
    {
      key: 'deductedShare',
      title: 'deducted by the end, if bought now',
      format: FORMATS.share,
      formula: (place) => deductedWithin(`(${place.cell('months')}-${place.at('month')})`, years, place),
    },
    { key: 'taxedApiUsd', title: 'the API, after taxes', format: usd, formula: (place) => `${place.at('apiUsd')}*${kept(place)}` },
    { key: 'deductedUsd', title: 'deducted for machines', format: usd, formula: buy ? paid(deducted) : () => '0' },
    { key: 'bookUsd', title: 'in the books of what is sold or left', format: usd, formula: buy ? paid(book) : () => '0' },
    {
      key: 'taxedHostUsd',
      title: 'hosting, after taxes',
      format: usd,
      formula: (place) => {
        const { at, cell, last } = place;
        if (!buy) return `${at('hostUsd')}*${kept(place)}`;
        const books = last ? '' : `-${at('bookUsd')}`;
        return `${at('hostUsd')}*${kept(place)}+${cell('taxRate')}*(${at('instanceUsd')}-${at('deductedUsd')}${books})`;
      },
    },
    {
      key: 'taxedEndUsd',
      title: 'end, after taxes',
      format: usd,
      formula: ({ last, at, cell }) => (last && buy ? `${at('endUsd')}-${cell('taxRate')}*(${at('endUsd')}-${at('bookUsd')})` : '0'),
    },
  ];
}

/** All columns beside the month: what is needed and taken, what is paid, taxes, and what is saved. */
export function flowColumns(flowCase: CashFlowCase): FlowColumn[] {
  const { plan, tax } = flowCase;
  const [api, host, end] = tax ? (['taxedApiUsd', 'taxedHostUsd', 'taxedEndUsd'] as const) : (['apiUsd', 'hostUsd', 'endUsd'] as const);
  return [
    ...fleetColumns(plan),
    ...moneyColumns(plan),
    ...taxColumns(flowCase),
    { key: 'savedUsd', title: 'saved', format: FORMATS.usd, formula: ({ at }) => `${at(api)}-${at(host)}+${at(end)}` },
    {
      key: 'cumulativeUsd',
      title: 'saved so far, without the end',
      format: FORMATS.usd,
      formula: ({ first, before, at }) => `${first ? '' : `${before('cumulativeUsd')}+`}${at(api)}-${at(host)}`,
    },
  ];
}
