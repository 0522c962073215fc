import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { daysBetween, parseDate } from '../../units/time.ts';

const MONTHS_PER_YEAR = 12;
/** What spreadsheets take for a year in XNPV, leap years included. */
const DAYS_PER_YEAR = 365;

/** Refuses a flow without amounts, or with one that is no finite number. */
export function checkFlow(flow: readonly number[], where: string): void {
  if (flow.length === 0) throw new Fault('invalid', 'no amounts', { where, allowed: 'at least one amount' });
  const broken = flow.findIndex((usd) => !Number.isFinite(usd));
  if (broken >= 0) checkNumber(flow[broken] ?? Number.NaN, `${where}[${broken}]`);
}

/** Refuses a rate at which money is worth nothing, or less, a period later. */
function checkRate(rate: number, where: string): number {
  return checkNumber(rate, where, { above: -1 });
}

/**
 * The monthly rate that compounds to a yearly one: `(1 + r)^(1/12) - 1`, not `r / 12`.
 *
 * @param perYear share, above -1
 * @throws Fault `invalid` at -1 or below
 * @example monthlyRate(0.08).toFixed(8) // '0.00643403'
 */
export function monthlyRate(perYear: number): number {
  return (1 + checkRate(perYear, 'rate')) ** (1 / MONTHS_PER_YEAR) - 1;
}

/**
 * The yearly rate to which a monthly one compounds: `(1 + i)^12 - 1`.
 *
 * @param perMonth share, above -1
 * @throws Fault `invalid` at -1 or below
 * @example yearlyRate(monthlyRate(0.08)).toFixed(12) // '0.080000000000'
 */
export function yearlyRate(perMonth: number): number {
  return (1 + checkRate(perMonth, 'rate')) ** MONTHS_PER_YEAR - 1;
}

/**
 * What a flow is worth today: `Σ flow[t] / (1 + i)^t`, so that the first amount, of today, is not discounted.
 *
 * @param flow amounts at the ends of periods 0, 1, 2 …; received above 0, paid below
 * @param ratePerPeriod share, above -1; of months: `monthlyRate(rate per year)`
 * @returns money of today
 * @throws Fault `invalid` for no amounts, one that is not finite, or a rate of -1 or below
 * @see Brealey, Myers, Allen: Principles of Corporate Finance
 * @example netPresentValue([-1000, 600, 600], 0.1).toFixed(2) // '41.32'
 */
export function netPresentValue(flow: readonly number[], ratePerPeriod: number): number {
  checkFlow(flow, 'flow');
  const factor = 1 / (1 + checkRate(ratePerPeriod, 'rate'));
  return flow.reduceRight((later, usd) => usd + factor * later, 0);
}

/**
 * NPV as spreadsheets have it: `NPV(rate; flow) = Σ flow[t] / (1 + i)^(t + 1)`, where even the first amount comes one period from now. So
 * `netPresentValue(flow, i) = flow[0] + NPV(i; flow[1]; flow[2]; …)`.
 *
 * @param flow amounts at the ends of periods 1, 2, 3 …
 * @throws Fault as `netPresentValue`
 * @see OpenDocument 1.2, part 2 (OpenFormula), function NPV
 * @example spreadsheetNpv([-1000, 600, 600], 0.1).toFixed(2) // '37.57'
 */
export function spreadsheetNpv(flow: readonly number[], ratePerPeriod: number): number {
  return netPresentValue(flow, ratePerPeriod) / (1 + ratePerPeriod);
}

/** An amount on a day. */
export interface DatedAmount {
  /** ISO day. */
  readonly date: string;
  readonly usd: number;
}

/**
 * What amounts on days are worth on the first of these days, as XNPV of spreadsheets: `Σ usd / (1 + r)^(days / 365)`.
 *
 * @param amounts the first one sets the day of value; others may not lie before it
 * @param ratePerYear share, above -1
 * @throws Fault `invalid` as `netPresentValue`, and for a day before the first
 * @example datedNetPresentValue([{ date: '2026-01-01', usd: -1000 }, { date: '2027-01-01', usd: 1200 }], 0.1).toFixed(2) // '90.91'
 */
export function datedNetPresentValue(amounts: readonly DatedAmount[], ratePerYear: number): number {
  checkFlow(
    amounts.map(({ usd }) => usd),
    'flow',
  );
  const growth = 1 + checkRate(ratePerYear, 'rate');
  const first = amounts[0]?.date ?? '';
  return amounts.reduce((sum, { date, usd }, place) => {
    const where = `flow[${place}].date`;
    const days = daysBetween(parseDate(first, 'flow[0].date'), parseDate(date, where));
    if (days < 0) throw new Fault('invalid', 'a day before the first', { where, value: date, allowed: `${first} or later` });
    return sum + usd / growth ** (days / DAYS_PER_YEAR);
  }, 0);
}
