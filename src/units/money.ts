import { groupDigits } from './number.ts';

/** `$1,234,567`, or with cents below $1,000 and more places below one cent. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd);
  const digits = size === 0 || size >= 1000 ? 0 : size >= 0.01 ? 2 : 6;
  return `${usd < 0 ? '-' : ''}$${groupDigits(size.toFixed(digits))}`;
}

/** `$1,234,567.80`: to the cent, for tables that are added up. */
export function formatCents(usd: number): string {
  return `${usd < 0 ? '-' : ''}$${groupDigits(Math.abs(usd).toFixed(2))}`;
}

/**
 * An amount to the cent.
 *
 * @example toCents(1.005 * 100) // 100.5
 */
export function toCents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/**
 * The lines of a bill to the cent so that they add up to its total to the cent: each is rounded down, and the cents that are left go to
 * the lines that lost most.
 *
 * @param lines USD, none negative
 * @returns USD in cents; their sum is the rounded sum of the lines
 * @example inCents([0.333, 0.333, 0.334]) // [0.33, 0.33, 0.34]
 */
export function inCents(lines: readonly number[]): number[] {
  const exact = lines.map((usd) => usd * 100);
  const whole = exact.map((cents) => Math.floor(cents));
  const total = Math.round(exact.reduce((sum, cents) => sum + cents, 0));
  const left = total - whole.reduce((sum, cents) => sum + cents, 0);
  const lost = (index: number) => (exact[index] ?? 0) - (whole[index] ?? 0);
  const order = lines.map((_, index) => index).sort((a, b) => lost(b) - lost(a) || a - b);
  const raised = new Set(order.slice(0, left));
  return whole.map((cents, index) => (cents + (raised.has(index) ? 1 : 0)) / 100);
}
