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
