import { Fault } from '../../faults/fault.ts';
import { checkNumber, parseNumber } from '../../units/number.ts';
import type { Trend, TrendPart } from './trend.ts';

const MOST_CHARACTERS = 400;
const MOST_MONTHS = 600;
/** A hundredfold of more per year is a slip of the keyboard. */
const MOST_CHANGE = 100;
const MONTHS_PER_YEAR = 12;

const ALLOWED =
  'constant, or parts with commas between them: -30%/year, 2%/month, 2027-01:-10%, ramp 6 months, s-ramp 6 months, ramp 6 months from 20%';

const NUMBER = '[+-]?[0-9]{1,6}(?:\\.[0-9]{1,9})?';
const RATE = new RegExp(`^(${NUMBER}) ?% ?(?:/|per |a )(year|month)$`);
const STEP = new RegExp(`^([0-9]{4}-[0-9]{2}) ?: ?(${NUMBER}) ?%$`);
const RAMP = new RegExp(`^(s-)?ramp ([0-9]{1,4}) months?(?: from (${NUMBER}) ?%)?$`);
const MONTH = /^([0-9]{4})-(0[1-9]|1[0-2])$/;

/**
 * Months from one month of the calendar to another.
 *
 * @param where option or field of the later one, for the message
 * @throws Fault `invalid` for what is no month
 * @example monthsBetween('2026-11', '2027-01', 'step') // 2
 */
export function monthsBetween(first: string, month: string, where: string): number {
  const count = (text: string) => {
    const [, year = '', ofYear = ''] = MONTH.exec(text) ?? [];
    if (year === '') throw new Fault('invalid', 'not a month of the calendar', { where, value: text, allowed: 'YYYY-MM' });
    return Number(year) * MONTHS_PER_YEAR + Number(ofYear);
  };
  return count(month) - count(first);
}

/** A share of which nothing or less would be left, or beyond all that is seen, is refused. */
function change(percent: string, where: string): number {
  const range = { above: -100, max: MOST_CHANGE * 100 };
  return parseNumber(percent, `${where}, per cent`, range) / 100;
}

function parsePart(text: string, where: string, firstMonth: string): TrendPart {
  const [, ratePercent, unit] = RATE.exec(text) ?? [];
  if (ratePercent !== undefined) {
    const each = change(ratePercent, where);
    const perYear = unit === 'year' ? each : (1 + each) ** MONTHS_PER_YEAR - 1;
    return { kind: 'rate', perYear: checkNumber(perYear, `${where}, change of a year`, { above: -1, max: MOST_CHANGE }, text) };
  }
  const [, date, stepPercent] = STEP.exec(text) ?? [];
  if (date !== undefined && stepPercent !== undefined) {
    const month = monthsBetween(firstMonth, date, where);
    if (month < 0 || month > MOST_MONTHS) {
      const allowed = `a month from ${firstMonth} on, at most ${MOST_MONTHS} months later`;
      throw new Fault('invalid', 'a step outside the months that are planned', { where, value: text, allowed });
    }
    return { kind: 'step', month, change: change(stepPercent, where) };
  }
  const [, slow, length, from] = RAMP.exec(text) ?? [];
  if (length !== undefined) {
    const months = parseNumber(length, `${where}, months of the ramp`, { min: 1, max: MOST_MONTHS, integer: true });
    const share = from === undefined ? 0 : parseNumber(from, `${where}, start of the ramp in per cent`, { min: 0, max: 100 }) / 100;
    return { kind: 'ramp', shape: slow === undefined ? 'linear' : 's', months, from: share };
  }
  throw new Fault('invalid', 'not a trend', { where, value: text, allowed: ALLOWED });
}

/** What may stand only once: a rate, a ramp, a step of one month. */
function identity(part: TrendPart): string {
  return part.kind === 'step' ? `step in month ${part.month}` : part.kind;
}

/** Per cent without the noise of binary fractions. */
function percent(share: number): string {
  return `${Number((share * 100).toFixed(9))}%`;
}

/**
 * Writes a trend as `parseTrend` reads it.
 *
 * @param firstMonth month 0 of the plan, `YYYY-MM`
 * @example formatTrend(parseTrend('s-ramp 6 months from 20%, 2027-03:-10.5%', 'demand', '2026-12'), '2026-12') // 's-ramp 6 months from 20%, 2027-03:-10.5%'
 * @example formatTrend([], '2026-12') // 'constant'
 */
export function formatTrend(trend: Trend, firstMonth: string): string {
  const first = monthsBetween('0000-01', firstMonth, 'first month');
  const text = (part: TrendPart): string => {
    if (part.kind === 'rate') return `${percent(part.perYear)}/year`;
    if (part.kind === 'ramp') {
      const from = part.from === 0 ? '' : ` from ${percent(part.from)}`;
      return `${part.shape === 's' ? 's-' : ''}ramp ${part.months} months${from}`;
    }
    const year = Math.floor((first + part.month) / MONTHS_PER_YEAR);
    const month = ((first + part.month) % MONTHS_PER_YEAR) + 1;
    return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}:${percent(part.change)}`;
  };
  return trend.length === 0 ? 'constant' : trend.map(text).join(', ');
}

/**
 * Reads a trend: `constant`, or parts with commas between them, whose factors multiply: a rate (`-30%/year`, `2%/month`), steps
 * (`2027-01:-10%`), a ramp (`ramp 6 months`, `s-ramp 6 months from 20%`).
 *
 * @param where option or field that holds it, for the message
 * @param firstMonth month 0 of the plan, `YYYY-MM`, from which steps are counted
 * @throws Fault `invalid` for what is no trend, for a loss of 100 % or more and for a step before the first month; `contradiction` for two
 *   rates, two ramps or two steps of one month
 * @example parseTrend('-12%/year, 2027-03:-10%', '--api-trend', '2026-12').map(({ kind }) => kind) // ['rate', 'step']
 * @example parseTrend('constant', '--api-trend', '2026-12') // []
 */
export function parseTrend(text: string, where: string, firstMonth: string): Trend {
  const trimmed = text.trim();
  if (trimmed === 'constant') return [];
  if (trimmed.length > MOST_CHARACTERS) {
    throw new Fault('invalid', 'too long for a trend', { where, value: text, allowed: `at most ${MOST_CHARACTERS} characters` });
  }
  const parts = trimmed.split(',').map((part) => parsePart(part.trim(), where, firstMonth));
  const seen = new Set<string>();
  for (const part of parts) {
    const name = identity(part);
    if (seen.has(name)) throw new Fault('contradiction', `more than one ${name}`, { where, value: text, allowed: 'one of each' });
    seen.add(name);
  }
  return parts;
}
