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

/** Refuses a number that is not finite or lies outside its range. */
export function checkNumber(value: number, where: string, range: NumberRange = {}): number {
  const outside =
    !Number.isFinite(value) ||
    (range.integer && !Number.isSafeInteger(value)) ||
    (range.min !== undefined && value < range.min) ||
    (range.above !== undefined && value <= range.above) ||
    (range.max !== undefined && value > range.max);
  if (outside) throw new Fault('invalid', 'number out of range', { where, value, allowed: rangeInWords(range) });
  return value;
}

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i;

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
  if (/^[+-]?\d+,\d+$/.test(trimmed)) {
    throw new Fault('invalid', 'a comma is neither a decimal mark nor a separator here', {
      where,
      value: text,
      allowed: `${rangeInWords(range)}, with a point as decimal mark`,
      nearest: [trimmed.replace(',', '.')],
    });
  }
  if (!PLAIN_NUMBER.test(trimmed)) {
    throw new Fault('invalid', 'not a number', { where, value: text, allowed: rangeInWords(range) });
  }
  return checkNumber(Number(trimmed), where, range);
}
