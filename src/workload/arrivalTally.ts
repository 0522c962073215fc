import { Fault } from '../faults/fault.ts';
import { checkNumber } from '../units/number.ts';
import { DayProfile } from './dayProfile.ts';
import { GapSums, type Instant } from './gapSums.ts';
import type { Arrivals } from './traffic.ts';

/** Finer steps are the clock of a log, not a rounding of it. */
const LEAST_STEP_MS = 100;
/** Nothing is known of the gaps inside a longer step. */
const LONGEST_SPREAD_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Share of the requests that come at the time of an earlier one, from which equal steps are taken for rounded times. */
const EQUAL_SHARE = 0.1;
const WINDOWS = [1, 10, 60] as const;
type WindowSeconds = (typeof WINDOWS)[number];

/** Requests of the fullest of the windows of equal length, counted from the first request. */
interface Peak {
  readonly seconds: WindowSeconds;
  window: number;
  requests: number;
  most: number;
}

/** When requests come, from a sorted stream of any length in constant memory. */
export class ArrivalTally {
  readonly #day = new DayProfile();
  readonly #gaps = new GapSums();
  readonly #peaks: readonly Peak[] = WINDOWS.map((seconds) => ({ seconds, window: 0, requests: 0, most: 0 }));
  #firstMs: number | null = null;
  /** Requests of the first time. */
  #firstRequests = 0;
  #before: Instant | null = null;
  #now: Instant | null = null;
  #requests = 0;
  #instants = 0;
  /** Greatest common divisor of the times since the first; 0 while there is one time. */
  #divisorMs = 0;

  get requests(): number {
    return this.#requests;
  }

  /** Step to which the times are rounded, in ms; null where they are not: all must be multiples of it, many of them equal. */
  get quantumMs(): number | null {
    const equal = this.#requests - this.#instants >= EQUAL_SHARE * this.#requests;
    return equal && this.#divisorMs >= LEAST_STEP_MS ? this.#divisorMs : null;
  }

  /**
   * Counts requests of one time.
   *
   * @param atMs since 1970, or since the traffic began; not before the time added last
   * @param requests how many, a whole number
   * @throws Fault `invalid` for a time before the last one, a negative time or requests below 1
   */
  add(atMs: number, requests = 1): void {
    checkNumber(atMs, 'atMs', { min: 0 });
    checkNumber(requests, 'requests', { min: 1, integer: true });
    const now = this.#now;
    if (now && atMs < now.atMs)
      throw new Fault('invalid', 'requests are not sorted by time', { where: 'atMs', value: atMs, allowed: `at least ${now.atMs}` });
    this.#firstMs ??= atMs;
    if (atMs === this.#firstMs) this.#firstRequests += requests;
    this.#requests += requests;
    this.#day.add(atMs, requests);
    for (const peak of this.#peaks) count(peak, atMs - this.#firstMs, requests);
    if (now && now.atMs === atMs) {
      this.#now = { atMs, requests: now.requests + requests };
      return;
    }
    if (now) this.#gaps.add(this.#before, now);
    this.#before = now;
    this.#now = { atMs, requests };
    this.#instants += 1;
    this.#divisorMs = commonDivisor(this.#divisorMs, atMs - this.#firstMs);
  }

  /**
   * Rate, burstiness and day profile of what came so far. Where times are rounded to a step, its requests are taken to lie uniformly in
   * it, and the gaps are those expected then; gaps within steps of over a minute cannot be told. The profile needs times since 1970 over a
   * day or more.
   *
   * @returns null before there are two times
   */
  arrivals(): Arrivals | null {
    const [first, now] = [this.#firstMs, this.#now];
    if (first === null || !now || this.#instants < 2) return null;
    const step = this.quantumMs ?? 0;
    const spanMs = now.atMs + step - first;
    return {
      requestsPerSecond: ((step ? this.#requests : this.#requests - 1) / spanMs) * 1_000,
      gapCv: step > LONGEST_SPREAD_MS ? null : this.#gapCv(first, now, step),
      hours: step > HOUR_MS ? null : this.#day.over(first, now.atMs + step),
    };
  }

  /**
   * Requests of the fullest second, ten seconds or minute over the mean; windows follow each other from the first request.
   *
   * @param seconds of a window
   * @returns a ratio, at least 1; null before there are two times, and where the times are rounded to longer steps than a window
   */
  peakToMean(seconds: WindowSeconds): number | null {
    const rate = this.arrivals()?.requestsPerSecond;
    const peak = this.#peaks.find((each) => each.seconds === seconds);
    if (rate === undefined || !peak || (this.quantumMs ?? 0) > seconds * 1_000) return null;
    return Math.max(peak.most / (rate * seconds), 1);
  }

  /** `√(n Σ gap² / (Σ gap)² - 1)` over the n gaps. */
  #gapCv(first: number, now: Instant, stepMs: number): number | null {
    const gaps = this.#gaps.copy();
    gaps.add(this.#before, now);
    const count = this.#requests - 1;
    const edges = stepMs * (1 - 1 / (this.#firstRequests + 1) - 1 / (now.requests + 1));
    const sum = now.atMs - first + edges;
    return Math.sqrt(Math.max((count * gaps.at(stepMs)) / (sum * sum) - 1, 0));
  }
}

function count(peak: Peak, sinceFirstMs: number, requests: number): void {
  const window = Math.floor(sinceFirstMs / (peak.seconds * 1_000));
  peak.requests = (window === peak.window ? peak.requests : 0) + requests;
  peak.window = window;
  peak.most = Math.max(peak.most, peak.requests);
}

/** 0 divides into anything; 1 where a time is no whole number. */
function commonDivisor(a: number, b: number): number {
  if (!Number.isSafeInteger(b)) return 1;
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
