/** Requests of one time. */
export interface Instant {
  readonly atMs: number;
  readonly requests: number;
}

/** The place of the earliest or latest of `n` uniform points in a step, from the near end: mean and mean square, in steps. */
const edge = (n: number) => 1 / (n + 1);
const edgeSquare = (n: number) => 2 / ((n + 1) * (n + 2));

/**
 * Sum of the squared gaps between requests as a polynomial in the width of a step, so that the width may become known last. Requests of a
 * step lie uniformly in it, and the expected squares are summed: each of the gaps of n points in a step has `2 q² / ((n + 1) (n + 2))`.
 */
export class GapSums {
  #constant = 0;
  #linear = 0;
  #square = 0;

  copy(): GapSums {
    const copy = new GapSums();
    copy.#constant = this.#constant;
    copy.#linear = this.#linear;
    copy.#square = this.#square;
    return copy;
  }

  /** Gaps from the last request of the instant before to the last of this one. */
  add(before: Instant | null, now: Instant): void {
    this.#square += (now.requests - 1) * edgeSquare(now.requests);
    if (!before) return;
    const gap = now.atMs - before.atMs;
    const after = edge(before.requests) + edge(now.requests);
    this.#constant += gap * gap;
    this.#linear += 2 * gap * (after - 1);
    this.#square += 1 - 2 * after + edgeSquare(before.requests) + edgeSquare(now.requests) + 2 * edge(before.requests) * edge(now.requests);
  }

  /** In ms². */
  at(stepMs: number): number {
    return this.#constant + stepMs * (this.#linear + stepMs * this.#square);
  }
}
