import { ArrivalTally } from '../../workload/arrivalTally.ts';
import type { Arrivals } from '../../workload/traffic.ts';
import { rateSeen } from './rateSeen.ts';

/** Times kept to be sorted: 8 bytes each. */
const MOST_KEPT = 16_000_000;

/** What times say that were counted. */
interface CountedArrivals {
  readonly arrivals: Arrivals;
  readonly quantumMs: number | null;
}

/** When requests came, from times in any order: counted as they come while they are sorted, and sorted at the end where they are not. */
export class ArrivalTimes {
  readonly #tally = new ArrivalTally();
  #kept = new Float64Array(1024);
  #count = 0;
  #last = Number.NEGATIVE_INFINITY;
  #sorted = true;
  #counted: CountedArrivals | null = null;

  get count(): number {
    return this.#count;
  }

  get isSorted(): boolean {
    return this.#sorted;
  }

  /** Whether times are out of order and too many to be sorted. */
  get isLost(): boolean {
    return !this.#sorted && this.#count > MOST_KEPT;
  }

  /** @param atMs milliseconds of the file's clock, from 0 */
  add(atMs: number): void {
    if (atMs < this.#last) this.#sorted = false;
    this.#last = atMs;
    if (this.#sorted) this.#tally.add(atMs);
    if (this.#count < MOST_KEPT) {
      if (this.#count === this.#kept.length) {
        const grown = new Float64Array(this.#kept.length * 2);
        grown.set(this.#kept);
        this.#kept = grown;
      }
      this.#kept[this.#count] = atMs;
    }
    this.#count++;
  }

  /** Requests whose times were counted elsewhere, alone. */
  addCounted(requests: number, counted: CountedArrivals | null): void {
    this.#count = requests;
    this.#counted = counted;
  }

  /** Rate, burstiness and profile; null where there are fewer than two times, or they cannot be put in order. */
  result(): CountedArrivals | null {
    if (this.#counted) return this.#counted;
    if (this.isLost) return null;
    const tally = this.#sorted ? this.#tally : this.#inOrder();
    const arrivals = tally.arrivals();
    return arrivals && { arrivals, quantumMs: tally.quantumMs };
  }

  /** The rate that the mean request saw; null where times are out of order. */
  rateSeen(mean: number | null): number | null {
    return this.#sorted ? rateSeen(this.#kept.subarray(0, Math.min(this.#count, MOST_KEPT)), mean) : null;
  }

  #inOrder(): ArrivalTally {
    const tally = new ArrivalTally();
    for (const atMs of this.#kept.slice(0, this.#count).sort()) tally.add(atMs);
    return tally;
  }
}
