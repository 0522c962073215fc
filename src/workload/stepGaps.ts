/** Jitter of rounded times, in ms: the Mooncake traces have up to 3 around steps of 3 s. */
export const JITTER_MS = 5;

/** Requests of one time. */
interface Instant {
  readonly atMs: number;
  readonly requests: number;
}

/** The earliest or latest of n uniform points in a step, from the near end, in steps: mean and mean square. */
const edge = (n: number) => 1 / (n + 1);
const edgeSquare = (n: number) => 2 / ((n + 1) * (n + 2));

/** Sums of the gaps between requests whose times are rounded to one step: all that is kept of the times. */
export interface GapSums {
  /** In ms; 0 for times that are not rounded. */
  readonly stepMs: number;
  readonly requests: number;
  /** Different times, after rounding. */
  readonly instants: number;
  /** Requests of the first time and of the last. */
  readonly firstRequests: number;
  readonly lastRequests: number;
  /** The last time after the first, in ms. */
  readonly lastMs: number;
  /** Expected squares of the gaps, in ms². */
  readonly squares: number;
}

/**
 * Coefficient of variation of gaps: `√(gaps × Σ gap² / (Σ gap)² - 1)`.
 *
 * @returns null before there are two times
 * @example gapCv({ stepMs: 0, requests: 3, instants: 3, firstRequests: 1, lastRequests: 1, lastMs: 4, squares: 10 }) // 0.5
 */
export function gapCv({ stepMs, requests, instants, firstRequests, lastRequests, lastMs, squares }: GapSums): number | null {
  if (instants < 2) return null;
  const sum = lastMs + stepMs * (1 - edge(firstRequests) - edge(lastRequests));
  return Math.sqrt(Math.max(((requests - 1) * squares) / (sum * sum) - 1, 0));
}

/**
 * Gaps between requests whose times are rounded to one step. The n requests of a step are taken to lie uniformly in it, and the expected
 * squares of the gaps are summed: `2 step² / ((n + 1) (n + 2))` for each inside the step.
 */
export class StepGaps {
  /** In ms; 0 for times that are not rounded. */
  readonly stepMs: number;
  #sumOfSquares = 0;
  #requests = 0;
  #instants = 0;
  #first: Instant | null = null;
  #before: Instant | null = null;
  #now: Instant | null = null;

  constructor(stepMs: number) {
    this.stepMs = stepMs;
  }

  /** Different times, after rounding. */
  get instants(): number {
    return this.#instants;
  }

  /** Whether a time is a multiple of the step, but for jitter. */
  takes(sinceFirstMs: number): boolean {
    return this.stepMs === 0 || Math.abs(this.#rounded(sinceFirstMs) - sinceFirstMs) <= JITTER_MS;
  }

  add(sinceFirstMs: number, requests: number): void {
    const atMs = this.#rounded(sinceFirstMs);
    const now = this.#now;
    this.#requests += requests;
    if (now?.atMs === atMs) {
      this.#now = { atMs, requests: now.requests + requests };
      return;
    }
    if (now) this.#sumOfSquares += this.#squares(this.#before, now);
    this.#first ??= now;
    this.#before = now;
    this.#now = { atMs, requests };
    this.#instants += 1;
  }

  /** What came so far. */
  sums(): GapSums {
    const [first, now] = [this.#first ?? this.#now, this.#now];
    return {
      stepMs: this.stepMs,
      requests: this.#requests,
      instants: this.#instants,
      firstRequests: first?.requests ?? 0,
      lastRequests: now?.requests ?? 0,
      lastMs: (now?.atMs ?? 0) - (first?.atMs ?? 0),
      squares: this.#sumOfSquares + (now ? this.#squares(this.#before, now) : 0),
    };
  }

  #rounded(sinceFirstMs: number): number {
    return this.stepMs === 0 ? sinceFirstMs : Math.round(sinceFirstMs / this.stepMs) * this.stepMs;
  }

  /** Expected squares of the gaps after the last request of the time before up to the last of this one, in ms². */
  #squares(before: Instant | null, { atMs, requests }: Instant): number {
    const area = this.stepMs ** 2;
    const inside = (requests - 1) * edgeSquare(requests) * area;
    if (!before) return inside;
    const idle = atMs - before.atMs - this.stepMs;
    const [end, start] = [edge(before.requests), edge(requests)];
    const ends = edgeSquare(before.requests) + edgeSquare(requests) + 2 * end * start;
    return inside + idle * idle + 2 * idle * this.stepMs * (end + start) + ends * area;
  }
}
