import type { DaySpan } from './tariff.ts';

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/**
 * Hours of the day as the rows of a catalog write them.
 *
 * @example hoursText([{ fromMinute: 60, toMinute: 240 }, { fromMinute: 360, toMinute: 600 }]) // '01:00-04:00 06:00-10:00'
 */
export function hoursText(spans: readonly DaySpan[]): string {
  return spans.map(({ fromMinute, toMinute }) => `${clock(fromMinute)}-${clock(toMinute)}`).join(' ');
}
