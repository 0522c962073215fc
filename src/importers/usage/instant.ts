import { Fault } from '../../faults/fault.ts';

/** An instant with the zone that was written behind it. */
export interface Instant {
  /** Milliseconds since 1970 UTC, with the fraction of one that was written. */
  readonly ms: number;
  /** `none` where the text names no zone: it is read as UTC. */
  readonly zone: 'none' | 'utc' | 'offset' | 'epoch';
}

const FORM = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;
const NUMBER = /^\d{1,16}(\.\d{1,9})?$/;
/** Seconds of a number below it, milliseconds above: the year 5138 in the one, 1973 in the other. */
const SECONDS_BELOW = 1e11;
const MINUTE = 60_000;
/** Kiribati is 14 hours ahead of UTC; in minutes. */
const FARTHEST_ZONE = 14 * 60;

const days = new Map<string, number>();

/** Milliseconds of a day at midnight UTC; NaN where the calendar has no such day. */
function dayMs(day: string): number {
  const known = days.get(day);
  if (known !== undefined) return known;
  const ms = Date.parse(`${day}T00:00:00Z`);
  const found = !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day ? ms : Number.NaN;
  if (days.size > 4000) days.clear();
  days.set(day, found);
  return found;
}

function refused(where: string, value: unknown): Fault {
  return new Fault('invalid', 'not a time', {
    where,
    value: typeof value === 'object' ? typeof value : value,
    allowed: 'such as 2026-08-21T09:30:00Z, 2026-08-21, or seconds or milliseconds since 1970',
  });
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  if (minutes > FARTHEST_ZONE || Number(digits.slice(2)) > 59) return Number.NaN;
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE;
}

/**
 * A time as files write it: ISO 8601 with any fraction of a second and any zone, a day, or seconds or milliseconds since 1970.
 *
 * `ms = midnight + hours + minutes + seconds + fraction - offset`; a text without a zone is read as UTC.
 *
 * @param value what the field holds
 * @param where the field, for the message
 * @throws Fault `missing` where it is blank, `invalid` for anything else
 * @example instantOf('2023-11-16 18:17:03.9799600', 'TIMESTAMP').ms // 1700158623979.96
 */
export function instantOf(value: unknown, where: string): Instant {
  if (value === undefined || value === null || value === '') throw new Fault('missing', 'a time is missing', { where });
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (NUMBER.test(text)) {
    const number = Number(text);
    return { ms: number < SECONDS_BELOW ? number * 1000 : number, zone: 'epoch' };
  }
  const [, day = '', hours = '0', minutes = '0', seconds = '0', fraction = '0', zone] = FORM.exec(text) ?? [];
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  const ms = dayMs(day) + (h * 3600 + m * 60 + s) * 1000 + Number(fraction) * 1000 - offsetMs(zone);
  if (Number.isNaN(ms) || h > 24 || m > 59 || s > 60 || (h === 24 && m + s + Number(fraction) > 0)) throw refused(where, value);
  return { ms, zone: zone === undefined ? 'none' : /^[+-]/.test(zone) ? 'offset' : 'utc' };
}
