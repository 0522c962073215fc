import { DAY_MS, HOUR_MS } from '../../units/time.ts';

/** Hours of eleven years: more are no log of one's own. */
const MOST_HOURS = 100_000;
/** Input below which an hour or a day says nothing. */
const LEAST_SHARE = 0.01;

interface Sums {
  cached: number;
  input: number;
}

/** A share of the input with its least and greatest value of a day, or of an hour where there is one day. */
export interface ShareBand {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

/** Cached tokens and input by the hour, for the band of their share. */
export class ShareTally {
  readonly #hours = new Map<number, Sums>();
  readonly #all: Sums = { cached: 0, input: 0 };
  #lastHour = Number.NaN;
  #last: Sums | undefined;

  add(atMs: number | null, cached: number, input: number): void {
    this.#all.cached += cached;
    this.#all.input += input;
    if (atMs === null) return;
    const hour = Math.floor(atMs / HOUR_MS);
    const sums = hour === this.#lastHour ? this.#last : this.#hours.get(hour);
    if (sums) {
      this.#lastHour = hour;
      this.#last = sums;
      sums.cached += cached;
      sums.input += input;
    } else if (this.#hours.size < MOST_HOURS) this.#hours.set(hour, { cached, input });
  }

  /** `cached / input` over all, and the least and greatest of the days or hours that have a hundredth of the input or more. */
  band(): ShareBand {
    const value = this.#all.input === 0 ? 0 : this.#all.cached / this.#all.input;
    const days = this.#parts(DAY_MS);
    const parts = days.length > 1 ? days : this.#parts(HOUR_MS);
    const shares = parts
      .filter(({ input }) => input >= LEAST_SHARE * this.#all.input && input > 0)
      .map(({ cached, input }) => cached / input);
    return { low: Math.min(value, ...shares), value, high: Math.max(value, ...shares) };
  }

  #parts(lengthMs: number): Sums[] {
    const parts = new Map<number, Sums>();
    for (const [hour, { cached, input }] of this.#hours) {
      const part = Math.floor((hour * HOUR_MS) / lengthMs);
      const sums = parts.get(part) ?? { cached: 0, input: 0 };
      parts.set(part, { cached: sums.cached + cached, input: sums.input + input });
    }
    return [...parts.values()];
  }
}
