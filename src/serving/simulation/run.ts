import type { Batch, StepClock } from './stepClock.ts';

/** Iterations that are timed one by one at a time, where the clock is not straight. */
const WINDOW = 64;

/** Iterations of one replica in which nothing but the context changes. */
export class Run {
  startMs = 0;
  iterations = 0;
  /** Of the first iteration; later ones have more context. */
  readonly batch: Batch = { decodeSequences: 0, contextTokens: 0, prefillTokens: 0, prefillContextTokens: 0 };
  private readonly clock: StepClock;
  private firstMs = 0;
  private growthMs = 0;
  private readonly ends = new Float64Array(WINDOW);
  private byWindow = false;

  constructor(clock: StepClock) {
    this.clock = clock;
  }

  /**
   * Begins a run of the batch.
   *
   * @param most iterations after which something changes
   * @param growth tokens that the context gains with each iteration
   * @returns when it ends, milliseconds
   */
  begin(startMs: number, most: number, growth: number): number {
    const { batch, clock } = this;
    this.startMs = startMs;
    this.firstMs = 1000 * clock.seconds(batch);
    this.byWindow = most > 1 && !clock.affineInContext;
    this.iterations = this.byWindow ? Math.min(most, WINDOW) : most;
    const context = batch.contextTokens;
    if (this.byWindow) {
      this.ends[0] = this.firstMs;
      for (let at = 1; at < this.iterations; at++) {
        batch.contextTokens += growth;
        this.ends[at] = (this.ends[at - 1] as number) + 1000 * clock.seconds(batch);
      }
    } else if (most > 1) {
      batch.contextTokens += growth;
      this.growthMs = 1000 * clock.seconds(batch) - this.firstMs;
    }
    batch.contextTokens = context;
    return this.endOf(this.iterations);
  }

  /** End of an iteration of the run, the first being 1. */
  private endOf(iteration: number): number {
    if (iteration === 0) return this.startMs;
    if (iteration === 1) return this.startMs + this.firstMs;
    if (this.byWindow) return this.startMs + (this.ends[iteration - 1] as number);
    return this.startMs + iteration * this.firstMs + (this.growthMs * iteration * (iteration - 1)) / 2;
  }

  /** Ends the run with the iteration in which a time falls; returns its end. */
  cutAt(timeMs: number): number {
    let [low, high] = [1, this.iterations];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endOf(middle) >= timeMs) high = middle;
      else low = middle + 1;
    }
    this.iterations = low;
    return this.endOf(low);
  }

  /** Iterations that ended by a time. */
  endedBy(timeMs: number): number {
    let ended = this.iterations;
    while (ended > 0 && this.endOf(ended) > timeMs) ended--;
    return ended;
  }
}
