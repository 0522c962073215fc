import type { BandFact } from '../../evidence/source.ts';
import { checkNumber } from '../../units/number.ts';

/** One cause of change; the factors of several causes multiply. */
export type TrendPart =
  /** Change of a year, compounded month by month: -0.3 for 30 % less. */
  | { readonly kind: 'rate'; readonly perYear: number }
  /** From this month on (0: the first) everything is `1 + change` times what it was. */
  | { readonly kind: 'step'; readonly month: number; readonly change: number }
  /** From a share of 1 to all of it within some months, at an even pace or slow at both ends. */
  | { readonly kind: 'ramp'; readonly shape: 'linear' | 's'; readonly months: number; readonly from: number };

/** How a price, a rent or a demand changes over the months; no part: it stays. */
export type Trend = readonly TrendPart[];

/** A change per year that somebody published or that dated prices show. */
export interface PublishedTrend {
  readonly id: string;
  readonly of: 'api-price' | 'gpu-rent';
  readonly name: string;
  /** Share per year, compounded. */
  readonly perYear: BandFact;
  readonly note: string;
}

const MONTHS_PER_YEAR = 12;

/**
 * Refuses a trend that is not written as `parseTrend` would read it: nothing may fall by all or more.
 *
 * @throws Fault `invalid` with the part at fault
 */
export function checkTrend(trend: Trend, where: string): void {
  for (const [place, part] of trend.entries()) {
    const at = `${where}[${place}]`;
    if (part.kind === 'rate') checkNumber(part.perYear, `${at}.perYear`, { above: -1 });
    if (part.kind === 'step') {
      checkNumber(part.month, `${at}.month`, { min: 0, integer: true });
      checkNumber(part.change, `${at}.change`, { above: -1 });
    }
    if (part.kind === 'ramp') {
      checkNumber(part.months, `${at}.months`, { above: 0 });
      checkNumber(part.from, `${at}.from`, { min: 0, max: 1 });
    }
  }
}

/** The area under the ramp from 0 to 1 up to the share `x` of its length: under `x` itself, or under `3x² - 2x³`. */
function risen(shape: 'linear' | 's', x: number): number {
  return shape === 'linear' ? x ** 2 / 2 : x ** 3 - x ** 4 / 2;
}

function rampFactor(part: Extract<TrendPart, { kind: 'ramp' }>, month: number): number {
  const { shape, months, from } = part;
  const until = (end: number) => (end < months ? months * risen(shape, end / months) : months / 2 + end - months);
  return from + (1 - from) * (until(month + 1) - until(month));
}

function partFactor(part: TrendPart, month: number): number {
  if (part.kind === 'rate') return (1 + part.perYear) ** (month / MONTHS_PER_YEAR);
  if (part.kind === 'step') return month >= part.month ? 1 + part.change : 1;
  return rampFactor(part, month);
}

/**
 * What a trend makes of 1 in a month: the product over its parts of `(1 + rate)^(month / 12)` at the start of the month, `1 + change` from
 * a step on, and the mean over the month of a ramp that rises as `x` or as `3x² - 2x³`, x being the share of its length that has passed.
 *
 * @param month months after the first, whose number is 0
 * @returns a factor, 0 or more
 * @example trendFactor(parseTrend('-30%/year', 'apiPrice', '2026-12'), 12).toFixed(4) // '0.7000'
 * @example [0, 1, 2, 3].map((month) => trendFactor(parseTrend('ramp 2 months', 'demand', '2026-12'), month)) // [0.25, 0.75, 1, 1]
 */
export function trendFactor(trend: Trend, month: number): number {
  return trend.reduce((factor, part) => factor * partFactor(part, month), 1);
}
