import { Fault } from '../faults/fault.ts';

/** What a number must satisfy, and how that is said to the user. */
export interface NumberRange {
  readonly min?: number;
  /** The minimum itself is refused. */
  readonly above?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

function rangeInWords({ min, above, max, integer }: NumberRange): string {
  const parts = [integer ? 'a whole number' : 'a number'];
  if (min !== undefined) parts.push(`at least ${min}`);
  if (above !== undefined) parts.push(`above ${above}`);
  if (max !== undefined) parts.push(`at most ${max}`);
  return parts.join(', ');
}

/**
 * Refuses a number that is not finite or lies outside its range.
 *
 * @param seen what the user wrote, where it is not the number itself
 */
export function checkNumber(value: number, where: string, range: NumberRange = {}, seen: unknown = value): number {
  const outside =
    !Number.isFinite(value) ||
    (range.integer && !Number.isSafeInteger(value)) ||
    (range.min !== undefined && value < range.min) ||
    (range.above !== undefined && value <= range.above) ||
    (range.max !== undefined && value > range.max);
  if (outside) throw new Fault('invalid', 'number out of range', { where, value: seen, allowed: rangeInWords(range) });
  return value;
}

const PLAIN_NUMBER = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i;
const WITH_COMMAS = /^[+-]?\d+(,\d+)+(\.\d+)?$/;
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** What a number with commas may have meant: `131,072` the plain count, `3,50` a decimal point. */
function withoutCommas(text: string): string[] {
  if (THOUSANDS.test(text)) return [text.replaceAll(',', '')];
  return text.split(',').length === 2 && !text.includes('.') ? [text.replace(',', '.')] : [];
}

/**
 * Reads a plain decimal number: a point as decimal mark, no thousands separators, no unit.
 *
 * @param text what the user typed
 * @param where option or field, for the message
 * @param range limits
 * @throws Fault `invalid` for anything else, a decimal comma included
 * @example parseNumber('3.50', '--price') // 3.5
 */
export function parseNumber(text: string, where: string, range: NumberRange = {}): number {
  const trimmed = text.trim();
  if (WITH_COMMAS.test(trimmed)) {
    throw new Fault('invalid', 'a comma is neither a decimal mark nor a separator here', {
      where,
      value: text,
      allowed: `${rangeInWords(range)}, with a point as decimal mark`,
      nearest: withoutCommas(trimmed),
    });
  }
  if (!PLAIN_NUMBER.test(trimmed)) {
    throw new Fault('invalid', 'not a number', { where, value: text, allowed: rangeInWords(range) });
  }
  return checkNumber(Number(trimmed), where, range, text);
}

/**
 * Separates thousands with commas; the locale machinery of the runtime would cost more than the rest of an answer.
 *
 * @param digits a plain decimal number as text
 * @example groupDigits('1234567.5') // '1,234,567.5'
 */
export function groupDigits(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const signs = whole.startsWith('-') ? 1 : 0;
  let grouped = whole;
  for (let at = whole.length - 3; at > signs; at -= 3) grouped = `${grouped.slice(0, at)},${grouped.slice(at)}`;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * A share in per cent, to a digit below ten.
 *
 * @example formatPercent(0.123) // '12 %'
 * @example formatPercent(0.0123) // '1.2 %'
 */
export function formatPercent(share: number): string {
  const percent = 100 * share;
  return `${Number(percent.toFixed(Math.abs(percent) < 10 ? 1 : 0))} %`;
}
