import { Fault } from '../faults/fault.ts';
import { checkNumber, groupDigits, parseNumber } from './number.ts';

const SUFFIXES: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, ki: 2 ** 10, m: 2 ** 20, mi: 2 ** 20 };
const CONTEXT = /^([+-]?[\d.,e]+?)([a-z]*)$/i;

/**
 * Reads a context length: `128k`, `128Ki` and `131072` are all 131,072 tokens, `0.25M` is 262,144.
 *
 * @param text digits with an optional suffix k, Ki, M or Mi (1,024 and 1,048,576)
 * @param where option or field, for the message
 * @returns whole tokens, at least 1
 * @throws Fault `invalid` for byte units, decimals that are not whole tokens, zero or less
 * @example parseContext('128k', '--ctx') // 131072
 */
export function parseContext(text: string, where: string): number {
  const [, digits = '', suffix = ''] = CONTEXT.exec(text.trim()) ?? [];
  const factor = SUFFIXES[suffix.toLowerCase()];
  const unreadable = digits === '' || factor === undefined || Math.abs(Number(digits)) === Number.POSITIVE_INFINITY;
  if (unreadable || (suffix !== '' && digits.includes(','))) {
    const bytes = /^g?i?b$|^[kmgt]i?b$/i.test(suffix);
    throw new Fault('invalid', bytes ? 'a context is counted in tokens, not in bytes' : 'not a context length', {
      where,
      value: text,
      allowed: 'tokens such as 128k, 131072, 128Ki or 0.25M (k = 1,024, M = 1,048,576)',
    });
  }
  return checkNumber(parseNumber(digits, where) * factor, where, { min: 1, max: 2 ** 32, integer: true }, text);
}

/** One context length, or the ends of a range such as `32k..256k`. */
export interface ContextRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a context length or a range of them.
 *
 * @example parseContextRange('32k..256k', '--ctx') // { from: 32768, to: 262144 }
 */
export function parseContextRange(text: string, where: string): ContextRange {
  const [first = '', second, ...more] = text.split('..');
  if (second === undefined) {
    const tokens = parseContext(first, where);
    return { from: tokens, to: tokens };
  }
  const whole = first.trim() !== '' && second.trim() !== '' && more.length === 0;
  const [from, to] = whole ? [parseContext(first, where), parseContext(second, where)] : [0, 0];
  if (to <= from) {
    throw new Fault('invalid', 'a range rises from its first length to its second', {
      where,
      value: text,
      allowed: 'for example 32k..256k',
    });
  }
  return { from, to };
}

/** The contexts of a range: doublings of its start, and its end. */
export function contextsIn({ from, to }: ContextRange): number[] {
  const contexts = [];
  for (let tokens = from; tokens < to; tokens *= 2) contexts.push(tokens);
  return [...contexts, to];
}

/** `131,072`. */
export function formatCount(count: number): string {
  return groupDigits(Math.round(count).toFixed(0));
}

/** Whether a length was most likely meant in units of 1,024: a multiple of eight of them or a power of two, and no round decimal number. */
function isBinary(tokens: number): boolean {
  const kibi = tokens / 1024;
  return Number.isInteger(kibi) && tokens % 1000 !== 0 && (kibi % 8 === 0 || Number.isInteger(Math.log2(kibi)));
}

/**
 * `128k`, `256k`, `1M` (k = 1,024), or the plain count of any other length.
 *
 * @example formatContext(128000) // '128,000'
 */
export function formatContext(tokens: number): string {
  if (!isBinary(tokens)) return formatCount(tokens);
  return tokens % 2 ** 20 === 0 ? `${tokens / 2 ** 20}M` : `${tokens / 1024}k`;
}

/** `3.4B`, `12.5M`, `980k`: large counts of tokens at three digits, decimal. */
export function formatTokens(tokens: number): string {
  const steps: readonly [number, string][] = [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  for (const [size, letter] of steps) {
    if (Math.abs(tokens) >= size) return `${groupDigits(String(Number((tokens / size).toPrecision(3))))}${letter}`;
  }
  return `${Number(tokens.toPrecision(3))}`;
}
