import { Fault } from '../faults/fault.ts';

/** Average hours in a month: 8,760 / 12. */
export const HOURS_PER_MONTH = 730;
export const SECONDS_PER_HOUR = 3600;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/**
 * Reads an ISO day.
 *
 * @example parseDate('2026-11-22', '--as-of') // '2026-11-22'
 */
export function parseDate(text: string, where: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new Fault('invalid', 'not a day of the calendar', { where, value: text, allowed: 'YYYY-MM-DD' });
  }
  return text;
}

/**
 * The last day that an ISO date means: itself, or the last day of its month.
 *
 * @example lastDay('2026-02') // '2026-02-28'
 */
export function lastDay(date: string): string {
  if (date.length !== 7) return date;
  const [year = 0, month = 0] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/**
 * Whether a fact of this date exists on a day; a date to the month counts as its last day.
 *
 * @param date ISO day or month
 * @param asOf ISO day
 * @example knownBy('2026-02', '2026-02-27') // false
 */
export function knownBy(date: string, asOf: string): boolean {
  return lastDay(date) <= asOf;
}

/** Whole days from one ISO date to another; a date to the month counts as its first day. */
export function daysBetween(from: string, to: string): number {
  const day = (date: string) => Date.parse(`${date.length === 7 ? `${date}-01` : date}T00:00:00Z`);
  return Math.round((day(to) - day(from)) / 86_400_000);
}
