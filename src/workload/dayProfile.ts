import { HOUR_MS } from '../units/time.ts';

const DAY_HOURS = 24;
/** Of 2000-01-01 UTC: times before it count from the start of a trace. */
const FIRST_EPOCH_MS = 946_684_800_000;

/** Requests by hour of the UTC day. */
export class DayProfile {
  readonly #requests: number[] = new Array(DAY_HOURS).fill(0);

  add(atMs: number, requests: number): void {
    const hour = Math.floor(atMs / HOUR_MS) % DAY_HOURS;
    this.#requests[hour] = (this.#requests[hour] ?? 0) + requests;
  }

  /**
   * The rate of each hour over the mean of the hours; an hour that was seen more often does not weigh more.
   *
   * @param fromMs first time seen, since 1970
   * @param toMs end of the last
   * @returns null where less than a day was seen or times do not count from 1970
   */
  over(fromMs: number, toMs: number): number[] | null {
    if (fromMs < FIRST_EPOCH_MS || toMs - fromMs < DAY_HOURS * HOUR_MS) return null;
    const rates = this.#requests.map((requests, hour) => requests / hoursSeen(hour, fromMs, toMs));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / DAY_HOURS;
    return rates.map((rate) => rate / mean);
  }
}

/** How long an hour of the day was seen between two times. */
function hoursSeen(hour: number, fromMs: number, toMs: number): number {
  const upTo = (ms: number) => {
    const hours = ms / HOUR_MS - hour;
    const days = Math.floor(hours / DAY_HOURS);
    return days + Math.min(hours - days * DAY_HOURS, 1);
  };
  return upTo(toMs) - upTo(fromMs);
}
