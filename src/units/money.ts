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
  if (usd !== 0 && Math.abs(usd) < 0.01) return formatUsd(usd);
  return `${usd < 0 ? '-' : ''}$${groupDigits(Math.abs(usd).toFixed(2))}`;
}

/** Amounts below a dollar keep millionths, so that little is not nothing. */
function unitOf(usd: number): number {
  return Math.abs(usd) < 1 ? 1e6 : 100;
}

/**
 * An amount to the cent, below a dollar to the millionth.
 *
 * @example toCents(1315.1952) // 1315.2
 */
export function toCents(usd: number): number {
  return Math.round(usd * unitOf(usd)) / unitOf(usd);
}

/**
 * The lines of a bill to the cent so that they add up to their total to the cent: each is rounded down, and the cents that are left go to
 * the lines that lost most.
 *
 * @param lines amounts, none below 0
 * @returns as many amounts, each less than a cent from its own
 * @example centsOf([1.004, 1.004, 1.004]) // [1.01, 1, 1]
 */
export function centsOf(lines: readonly number[]): number[] {
  const total = lines.reduce((sum, usd) => sum + usd, 0);
  const unit = unitOf(total);
  const floors = lines.map((usd) => Math.floor(usd * unit + 1e-6));
  const left = Math.round(total * unit) - floors.reduce((sum, units) => sum + units, 0);
  const lost = lines
    .map((usd, place) => ({ place, part: usd * unit - (floors[place] ?? 0) }))
    .sort((a, b) => b.part - a.part || a.place - b.place);
  const lucky = new Set(lost.slice(0, Math.max(0, left)).map(({ place }) => place));
  return floors.map((units, place) => (units + (lucky.has(place) ? 1 : 0)) / unit);
}
