import type { DepreciationSchedule } from '../../cost/cashflow/depreciation.ts';
import type { PublishedTrend, Trend } from '../../cost/cashflow/trend.ts';
import { monthsBetween, parseTrend } from '../../cost/cashflow/trendText.ts';
import type { Distribution } from '../../evidence/distribution.ts';
import type { Origin } from '../../evidence/term.ts';
import { Fault } from '../../faults/fault.ts';
import { lookupName } from '../../faults/nearest.ts';
import { checkNumber } from '../../units/number.ts';
import type { Catalog } from '../catalog.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';

/** What is asked about the months to come. */
export interface TimeQuery {
  /** Months that are planned; those of one machine's ramp-up spread where only other words of time are given. */
  readonly months?: number;
  /** First month, `YYYY-MM`; the one after the asked day where none is given. */
  readonly start?: string;
  /** How the API's prices change: the id of a published trend, or as `parseTrend` reads it, the rate perhaps a range such as `-30..0%/year`. */
  readonly apiTrend?: string;
  /** How rents and prices of machines change. */
  readonly rentTrend?: string;
  /** How the volume changes, its rate perhaps a range. */
  readonly demandTrend?: string;
  /** Months for which rented instances are bound. */
  readonly commitmentMonths?: number;
  /** Cost of capital a year, by which later money counts less. */
  readonly discount?: number;
  /** Months of waiting that are held against beginning now. */
  readonly waitMonths?: readonly number[];
  /** Id of a tax schedule. */
  readonly depreciation?: string;
  /** Share of profit that is paid as tax. */
  readonly taxRate?: number;
}

/** How a price or the volume changes: what is planned with, and how sure its rate is. */
export interface PriceTrend {
  readonly trend: Trend;
  /** What a year makes of 1: a factor, so that no doubt takes away all. */
  readonly factor: Distribution;
  readonly source: Origin;
}

/** What of a flow is taxed. */
export interface Tax {
  readonly schedule: DepreciationSchedule;
  readonly rate: number;
}

/** The months to come, with defaults filled and numbers checked. */
export interface TimeQuestion {
  readonly months: number;
  /** `YYYY-MM`. */
  readonly firstMonth: string;
  readonly api: PriceTrend;
  readonly rent: PriceTrend;
  readonly demand: PriceTrend;
  /** null: as each kind of purchase binds. */
  readonly commitmentMonths: number | null;
  readonly discount: number;
  readonly discountSource: Origin;
  readonly waits: readonly number[];
  readonly tax: Tax | null;
}

/** The fields of a query that are about the months to come. */
const TIME_FIELDS = [
  'months',
  'start',
  'apiTrend',
  'rentTrend',
  'demandTrend',
  'commitmentMonths',
  'discount',
  'waitMonths',
  'depreciation',
  'taxRate',
] as const satisfies readonly (keyof TimeQuery)[];

const WAIT = 6;
const RATE_RANGE = /^([+-]?[0-9.]+) ?%? ?\.\. ?([+-]?[0-9.]+) ?% ?(?:\/|per |a )year$/;

/** Whether anything about the months to come is asked. */
function asksTime(query: TimeQuery): boolean {
  return TIME_FIELDS.some((name) => query[name] !== undefined);
}

const SAMPLED: ReadonlySet<string> = new Set([...TIME_FIELDS, 'sensitivity', 'uncertainty']);

/** A question of today alone, at the middle of what is uncertain, and not asked anew to say how sure it is. */
export function ofToday<Q extends object>(query: Q): Q {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !SAMPLED.has(name))) as Q;
}

/** What was asked about time, for the head of an answer. */
export function timeQueryOf(query: TimeQuery): Record<string, string | number> {
  return Object.fromEntries(
    TIME_FIELDS.flatMap((name) => {
      const value = query[name];
      if (value === undefined) return [];
      return [[name, typeof value === 'object' ? value.join(', ') : value] as const];
    }),
  );
}

/** The month after a day. */
function monthAfter(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

/** The same trend with another rate of change. */
export function withRate(trend: Trend, perYear: number): Trend {
  return [{ kind: 'rate', perYear }, ...trend.filter(({ kind }) => kind !== 'rate')];
}

function factorOf(trend: Trend): Distribution {
  const part = trend.find((one) => one.kind === 'rate');
  return { kind: 'point', value: 1 + (part?.kind === 'rate' ? part.perYear : 0) };
}

function published({ perYear }: PublishedTrend): PriceTrend {
  const { low, value, high, source } = perYear;
  return { trend: withRate([], value), factor: { kind: 'estimate', low: 1 + low, value: 1 + value, high: 1 + high }, source };
}

/** Takes the range of a rate out of the text of a trend, and puts its middle there. */
function rangedRate(text: string, where: string): { readonly text: string; readonly factor: Distribution | null } {
  let factor: Distribution | null = null;
  const parts = text.split(',').map((part) => {
    const [, low = '', high = ''] = RATE_RANGE.exec(part.trim()) ?? [];
    if (low === '') return part;
    const range = { above: -100, max: 1e4 };
    const ends = [Number(low), Number(high)].map((end) => checkNumber(end, where, range, text) / 100) as [number, number];
    if (ends[0] > ends[1])
      throw new Fault('invalid', 'the low end is above the high end', { where, value: text, nearest: [`${high}..${low}%/year`] });
    factor = { kind: 'uniform', low: 1 + ends[0], high: 1 + ends[1] };
    return `${Number(((ends[0] + ends[1]) * 50).toFixed(9))}%/year`;
  });
  return { text: parts.join(','), factor };
}

/** A trend of prices as asked, or the first one of its kind that is published. */
function priceTrend(asked: string | undefined, of: PublishedTrend['of'], where: string, firstMonth: string, catalog: Catalog): PriceTrend {
  const known = catalog.trends.filter((trend) => trend.of === of);
  const [first] = known;
  if (asked === undefined) return first ? published(first) : { trend: [], factor: factorOf([]), source: 'kplan' };
  if (/^[a-z][a-z0-9-]*$/.test(asked) && asked !== 'constant')
    return published(lookupName(new Map(known.map((trend) => [trend.id, trend])), asked, where, 'kplan data trends'));
  const { text, factor } = rangedRate(asked, where);
  const trend = parseTrend(text, where, firstMonth);
  if (trend.some(({ kind }) => kind === 'ramp'))
    throw new Fault('invalid', 'a price does not ramp up from nothing', {
      where,
      value: asked,
      allowed: 'a rate such as -20%/year, steps such as 2027-01:-10%',
    });
  return { trend, factor: factor ?? factorOf(trend), source: 'user' };
}

function demandTrend(asked: string | undefined, firstMonth: string): PriceTrend {
  if (asked === undefined) return { trend: [], factor: factorOf([]), source: 'kplan' };
  const { text, factor } = rangedRate(asked, '--demand-trend');
  const trend = parseTrend(text, '--demand-trend', firstMonth);
  return { trend, factor: factor ?? factorOf(trend), source: 'user' };
}

function taxOf({ depreciation, taxRate }: TimeQuery, catalog: Catalog): Tax | null {
  if (depreciation === undefined && taxRate === undefined) return null;
  if (taxRate === undefined)
    throw new Fault('missing', 'nobody says how much of the profit is paid', {
      where: '--tax-rate',
      allowed: 'a share such as 0.25, with --depreciation',
    });
  const rate = checkNumber(taxRate, '--tax-rate', { min: 0, max: 0.99 });
  if (depreciation === undefined)
    throw new Fault('missing', 'nobody says what may be deducted when', {
      where: '--depreciation',
      allowed: 'a schedule of `kplan data depreciation`, with --tax-rate',
    });
  const schedules = new Map(catalog.depreciation.map((schedule) => [schedule.id, schedule]));
  return { schedule: lookupName(schedules, depreciation, '--depreciation', 'kplan data depreciation'), rate };
}

/**
 * The months to come: as asked, prices else as published trends have them, later money worth less by the cost of capital.
 *
 * @returns null where nothing about time is asked
 * @throws Fault `invalid`, `unknown`, `missing` or `contradiction` for words that cannot be meant
 */
export function resolveTime(query: TimeQuery, question: HostingQuestion, catalog: Catalog): TimeQuestion | null {
  if (!asksTime(query)) return null;
  const { ownership, asOf } = question;
  const months = checkNumber(query.months ?? ownership.spreadMonths, '--months', { min: 1, max: 120, integer: true });
  const firstMonth = query.start ?? monthAfter(asOf);
  if (monthsBetween(asOf.slice(0, 7), firstMonth, '--start') < 0)
    throw new Fault('invalid', 'a plan begins with facts that are known', {
      where: '--start',
      value: firstMonth,
      allowed: `${asOf.slice(0, 7)} or later`,
    });
  const wait = (value: number) => checkNumber(value, '--wait', { min: 1, max: Math.max(1, months - 1), integer: true });
  const { costOfCapital } = ownership.inputs;
  const commitment = query.commitmentMonths;
  return {
    months,
    firstMonth,
    api: priceTrend(query.apiTrend, 'api-price', '--api-trend', firstMonth, catalog),
    rent: priceTrend(query.rentTrend, 'gpu-rent', '--rent-trend', firstMonth, catalog),
    demand: demandTrend(query.demandTrend, firstMonth),
    commitmentMonths: commitment === undefined ? null : checkNumber(commitment, '--commitment', { min: 1, max: 120, integer: true }),
    discount: query.discount === undefined ? costOfCapital.value : checkNumber(query.discount, '--discount', { min: 0, max: 10 }),
    discountSource: query.discount === undefined ? costOfCapital.source : 'user',
    waits: [...new Set((query.waitMonths ?? (months > WAIT ? [WAIT] : [])).map(wait))].sort((a, b) => a - b),
    tax: taxOf(query, catalog),
  };
}
