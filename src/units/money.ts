import { groupDigits } from './number.ts';

/** `$1,234,567`, or with cents below $1,000 and more places below one cent. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd);
  const digits = size === 0 || size >= 1000 ? 0 : size >= 0.01 ? 2 : 6;
  return `${usd < 0 ? '-' : ''}$${groupDigits(size.toFixed(digits))}`;
}

/** A price of one thing: as `formatUsd`, but with three digits below a dollar and up to four places: `$4.475`, `$0.0276`. */
export function formatPrice(usd: number): string {
  const size = Math.abs(usd);
  if (size >= 1000 || size === 0) return formatUsd(usd);
  const digits = size >= 1 ? Number(size.toFixed(4)) : Number(size.toPrecision(3));
  const places = String(digits).includes('e') ? '' : (String(digits).split('.')[1] ?? '');
  return `${usd < 0 ? '-' : ''}$${digits.toFixed(Math.max(2, Math.min(places.length || 2, 8)))}`;
}

/** A price that was computed, not stated: to three digits. */
export function formatDerivedPrice(usd: number): string {
  return formatPrice(Number(usd.toPrecision(3)));
}

/** `$1,234,567.80`: to the cent, for tables that are added up. */
export function formatCents(usd: number): string {
  return `${usd < 0 ? '-' : ''}$${groupDigits(Math.abs(usd).toFixed(2))}`;
}

/**
 * An amount to the cent. A bill is rounded line by line, and its total is the sum of the rounded lines.
 *
 * @example toCents(1315.1952) // 1315.2
 */
export function toCents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/**
 * The sum of amounts that are in cents, without the noise of binary fractions.
 *
 * @example sumOfCents([0.1, 0.2]) // 0.3
 */
export function sumOfCents(lines: readonly number[]): number {
  return lines.reduce((sum, usd) => sum + Math.round(usd * 100), 0) / 100;
}
