import { Fault } from '../faults/fault.ts';
import { checkNumber } from '../units/number.ts';
import { DayProfile } from './dayProfile.ts';
import { type GapSums, gapCv, StepGaps } from './stepGaps.ts';
import type { Arrivals } from './traffic.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** What logs and traces round times to, longest first; finer is the clock itself. */
export const STEPS_MS: readonly number[] = [
  24 * HOUR_MS,
  HOUR_MS,
  ...[30, 20, 15, 10, 5, 3, 2, 1].map((minutes) => minutes * MINUTE_MS),
  ...[30, 20, 15, 10, 5, 3, 2, 1].map((seconds) => seconds * SECOND_MS),
  500,
  250,
  200,
  100,
];
/** Nothing is known of the gaps inside a longer step. */
const LONGEST_SPREAD_MS = MINUTE_MS;
/** Share of the requests that come at the time of an earlier one, from which common steps are taken for rounded times. */
const EQUAL_SHARE = 0.1;
const WINDOWS = [1, 10, 60] as const;
type WindowSeconds = (typeof WINDOWS)[number];

/** The longest step that holds for times of which a tenth share the time of an earlier one; else the times as they are. */
function chosen<T extends Pick<GapSums, 'instants'>>(rounded: readonly T[], raw: T, requests: number): T {
  return rounded.find(({ instants }) => instants > 1 && requests - instants >= EQUAL_SHARE * requests) ?? raw;
}

/**
 * Rate, burstiness and day profile of times that were counted: those in steps of over a minute have no gaps.
 *
 * @param firstMs since 1970
 * @param rounded of the steps that all times are multiples of, longest first
 * @param raw of the times as they are
 * @param day requests by hour
 * @returns with the step to which the times are rounded, null where they are not; null before there are two times
 * @example arrivalsOfSums(0, [], { stepMs: 0, requests: 3, instants: 3, firstRequests: 1, lastRequests: 1, lastMs: 4000, squares: 1e7 }, new DayProfile())?.arrivals.gapCv // 0.5
 */
export function arrivalsOfSums(
  firstMs: number,
  rounded: readonly GapSums[],
  raw: GapSums,
  day: DayProfile,
): { readonly arrivals: Arrivals; readonly quantumMs: number | null } | null {
  if (raw.instants < 2) return null;
  const gaps = chosen(rounded, raw, raw.requests);
  const spanMs = gaps.lastMs + gaps.stepMs;
  const counted = gaps.stepMs === 0 ? raw.requests - 1 : raw.requests;
  return {
    arrivals: {
      requestsPerSecond: (counted / spanMs) * SECOND_MS,
      gapCv: gaps.stepMs > LONGEST_SPREAD_MS ? null : gapCv(gaps),
      hours: gaps.stepMs > HOUR_MS ? null : day.over(firstMs, firstMs + spanMs),
    },
    quantumMs: gaps.stepMs || null,
  };
}

/** Requests of the fullest of the windows of equal length that follow each other from the first request. */
interface Peak {
  readonly seconds: WindowSeconds;
  window: number;
  requests: number;
  most: number;
}

/** When requests come, from a sorted stream of any length in constant memory. */
export class ArrivalTally {
  readonly #day = new DayProfile();
  readonly #raw = new StepGaps(0);
  /** Of the steps that all times so far are multiples of. */
  #rounded: readonly StepGaps[] = STEPS_MS.map((step) => new StepGaps(step));
  readonly #peaks: readonly Peak[] = WINDOWS.map((seconds) => ({ seconds, window: 0, requests: 0, most: 0 }));
  #firstMs: number | null = null;
  #lastMs = 0;
  #requests = 0;

  get requests(): number {
    return this.#requests;
  }

  /**
   * Step to which the times are rounded, in ms; null where they are not: all lie within 5 ms of its multiples after the first, and a tenth
   * of the requests shares the time of an earlier one.
   */
  get quantumMs(): number | null {
    return this.#gaps().stepMs || null;
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
    if (atMs < this.#lastMs)
      throw new Fault('invalid', 'requests are not sorted by time', { where: 'atMs', value: atMs, allowed: `at least ${this.#lastMs}` });
    this.#firstMs ??= atMs;
    this.#lastMs = atMs;
    this.#requests += requests;
    const since = atMs - this.#firstMs;
    this.#day.add(atMs, requests);
    for (const peak of this.#peaks) count(peak, since, requests);
    if (!this.#rounded.every((gaps) => gaps.takes(since))) this.#rounded = this.#rounded.filter((gaps) => gaps.takes(since));
    this.#raw.add(since, requests);
    for (const gaps of this.#rounded) gaps.add(since, requests);
  }

  /**
   * Rate, burstiness and day profile of what came so far. Where times are rounded to a step, its requests are taken to lie uniformly in
   * it; gaps inside steps of over a minute cannot be told. The profile needs times since 1970, over a day or more.
   *
   * @returns null before there are two times
   */
  arrivals(): Arrivals | null {
    const first = this.#firstMs;
    if (first === null) return null;
    const rounded = this.#rounded.map((gaps) => gaps.sums());
    return arrivalsOfSums(first, rounded, this.#raw.sums(), this.#day)?.arrivals ?? null;
  }

  /**
   * Requests of the fullest second, ten seconds or minute over their mean; windows follow each other from the first request.
   *
   * @param seconds of a window
   * @returns a ratio, at least 1; null before there are two times, and where times are rounded to longer steps than a window
   */
  peakToMean(seconds: WindowSeconds): number | null {
    const peak = this.#peaks.find((each) => each.seconds === seconds);
    if (!peak || this.#raw.instants < 2 || this.#gaps().stepMs > seconds * SECOND_MS) return null;
    return (peak.most * (peak.window + 1)) / this.#requests;
  }

  /** Of the longest step that holds, or of the times as they are. */
  #gaps(): StepGaps {
    return chosen(this.#rounded, this.#raw, this.#requests);
  }
}

function count(peak: Peak, sinceFirstMs: number, requests: number): void {
  const window = Math.floor(sinceFirstMs / (peak.seconds * SECOND_MS));
  peak.requests = (window === peak.window ? peak.requests : 0) + requests;
  peak.window = window;
  peak.most = Math.max(peak.most, peak.requests);
}
