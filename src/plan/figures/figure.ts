import { type Estimate, exactly } from '../../evidence/estimate.ts';
import { formatDerivedPrice, formatUsd } from '../../units/money.ts';
import { groupDigits } from '../../units/number.ts';
import { formatTokens } from '../../units/tokens.ts';

export type FigureUnit =
  | 'USD'
  | 'months'
  | 'USD/month'
  | 'USD/Mtok'
  | 'tokens/month'
  | 'tokens'
  | 'tokens/s'
  | 'ms'
  | 'bytes'
  | 'share'
  | 'count';

/** One number of an answer by which two answers are compared. */
export interface Figure {
  /** What it says, the same in every answer: `cost`, `replicas`, `break-even` … */
  readonly code: string;
  /** Of which fleet, price or load; empty where the answer has only one. */
  readonly subject: string;
  readonly label: string;
  readonly unit: FigureUnit;
  /** null: the answer has none, such as a break-even that never comes. */
  readonly value: Estimate | null;
}

/** A figure that is known exactly, or an estimate of it. */
export function figure(code: string, subject: string, label: string, unit: FigureUnit, value: Estimate | number | null): Figure {
  return { code, subject, label, unit, value: typeof value === 'number' ? exactly(value) : value };
}

/** Differences smaller than this share are rounding. */
export const ROUNDING = 1e-9;

function apart(a: number, b: number): boolean {
  return a !== b && Math.abs(a - b) > ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether two values of a figure differ by more than rounding; one that comes or goes does. */
export function differs(before: Estimate | null, after: Estimate | null): boolean {
  if (before === null || after === null) return before !== after;
  return apart(before.value, after.value);
}

/** Whether two values of a figure, or the ends of their bands, differ by more than rounding. */
export function differsInBand(before: Estimate | null, after: Estimate | null): boolean {
  return differs(before, after) || (before !== null && after !== null && (apart(before.low, after.low) || apart(before.high, after.high)));
}

const AGAINST = ' against ';

/** The subject of a figure about a fleet and a price. */
export function pairSubject(offer: string, tariff: string): string {
  return `${offer}${AGAINST}${tariff}`;
}

/** The fleet of a subject about a fleet and a price; the whole of any other. */
export function fleetOf(subject: string): string {
  return subject.split(AGAINST)[0] ?? subject;
}

/** The price of a subject about a fleet and a price; null of any other. */
export function priceOf(subject: string): string | null {
  return subject.split(AGAINST)[1] ?? null;
}

/** The subject of a figure about a replica at so many requests in flight. */
export function loadSubject(replica: string, concurrency: number): string {
  return `${replica}${atLoad(concurrency)}`;
}

/** The words of a load in a subject. */
export function atLoad(concurrency: number): string {
  return ` at ${concurrency} in flight`;
}

const LOAD = / at (\d+) in flight$/;

/** The requests in flight that a subject is of; null where it is of none. */
export function loadOf(subject: string): number | null {
  const [, count] = LOAD.exec(subject) ?? [];
  return count === undefined ? null : Number(count);
}

/**
 * A subject with other names for its fleet and its price.
 *
 * @example renamedSubject('h200 against list', (id) => id.toUpperCase()) // 'H200 against LIST'
 */
export function renamedSubject(subject: string, nameOf: (id: string) => string): string {
  return subject.split(AGAINST).map(nameOf).join(AGAINST);
}

const GIB = 2 ** 30;

/**
 * A value of a figure with its unit.
 *
 * @example figureText('USD/month', 41_100) // '$41,100 a month'
 */
export function figureText(unit: FigureUnit, value: number): string {
  switch (unit) {
    case 'USD':
      return formatUsd(value);
    case 'months':
      return `${Number(value.toFixed(1))} months`;
    case 'USD/month':
      return `${formatUsd(value)} a month`;
    case 'USD/Mtok':
      return `${formatDerivedPrice(value)} per million tokens`;
    case 'tokens/month':
      return `${formatTokens(value)} tokens a month`;
    case 'tokens':
      return `${groupDigits(value.toFixed(0))} tokens`;
    case 'tokens/s':
      return `${groupDigits(Number(value.toPrecision(3)).toString())} tokens/s`;
    case 'ms':
      return `${Number(value.toPrecision(3))} ms`;
    case 'bytes':
      return `${(value / GIB).toFixed(2)} GiB`;
    case 'share':
      return `${Math.round(100 * value)} %`;
    case 'count':
      return groupDigits(String(Number(value.toFixed(2))));
  }
}

/**
 * The band of a figure; empty where it is exact or has none.
 *
 * @example bandText(figure('replicas', 'h200', 'replicas', 'count', { low: 2, value: 5, high: 10, basis: 'modelled' })) // '2 to 10'
 */
export function bandText({ unit, value }: Figure): string {
  if (value === null || value.low === value.high) return '';
  const low = figureText(unit, value.low);
  return Number.isFinite(value.high) ? `${low} to ${figureText(unit, value.high)}` : `${low} or more`;
}

/** A figure with its band. */
export function wholeText(one: Figure): string {
  const band = bandText(one);
  if (one.value === null) return 'none';
  return `${figureText(one.unit, one.value.value)}${band === '' ? '' : ` (${band})`}`;
}

/**
 * Three numbers of a figure with the unit once, those that are equal once; null is without end.
 *
 * @example bandedText('USD/month', { low: 40_536, value: 81_072, high: null }) // '$81,072 ($40,536 to without end) a month'
 */
export function bandedText(
  unit: FigureUnit,
  { low, value, high }: { readonly low: number | null; readonly value: number | null; readonly high: number | null },
): string {
  const texts = [low, value, high].map((one) => (one === null ? null : figureText(unit, one)));
  const parts = texts.map((text) => (text === null ? ['without', 'end'] : text.split(' ')));
  const [amounts, units] = [parts.map(([amount = '']) => amount), texts.map((text) => text?.split(' ').slice(1).join(' '))];
  const shared = [...new Set(units.filter((of) => of !== undefined))];
  const isShared = shared.length === 1;
  const at = (place: number) => (texts[place] === null ? 'without end' : isShared ? amounts[place] : texts[place]);
  const band = at(0) === at(1) && at(2) === at(1) ? '' : ` (${at(0)} to ${at(2)})`;
  const suffix = isShared && shared[0] !== '' ? ` ${shared[0]}` : '';
  return `${at(1)}${band}${suffix}`;
}
