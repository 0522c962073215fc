import type { DaySpan } from '../../cost/tariff.ts';

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::00(?:\.0{1,6})?)?(?:Z|\+00:00)$/;

/**
 * The minute of the day of a time in UTC.
 *
 * @returns null for another zone, for seconds, and for what is no time
 * @example utcMinute('00:30:00Z') // 30
 */
export function utcMinute(time: string): number | null {
  const [, hours, minutes] = TIME.exec(time) ?? [];
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes);
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/**
 * Hours as the rows of a catalog write them.
 *
 * @example hoursText([{ fromMinute: 60, toMinute: 240 }, { fromMinute: 360, toMinute: 600 }]) // '01:00-04:00 06:00-10:00'
 */
export function hoursText(spans: readonly DaySpan[]): string {
  return spans.map(({ fromMinute, toMinute }) => `${clock(fromMinute)}-${clock(toMinute)}`).join(' ');
}
