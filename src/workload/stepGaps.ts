/** Jitter of rounded times, in ms: the Mooncake traces have up to 3 around steps of 3 s. */
const JITTER_MS = 5;

/** Requests of one time. */
interface Instant {
  readonly atMs: number;
  readonly requests: number;
}

/** The earliest or latest of n uniform points in a step, from the near end, in steps: mean and mean square. */
const edge = (n: number) => 1 / (n + 1);
const edgeSquare = (n: number) => 2 / ((n + 1) * (n + 2));

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

  /** From the first request to the end of the last step. */
  get spanMs(): number {
    return (this.#now?.atMs ?? 0) + this.stepMs;
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

  /** `√(gaps × Σ gap² / (Σ gap)² - 1)`; null before there are two times. */
  cv(): number | null {
    const [first, now] = [this.#first, this.#now];
    if (!first || !now) return null;
    const sum = now.atMs - first.atMs + this.stepMs * (1 - edge(first.requests) - edge(now.requests));
    const squares = this.#sumOfSquares + this.#squares(this.#before, now);
    return Math.sqrt(Math.max(((this.#requests - 1) * squares) / (sum * sum) - 1, 0));
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
