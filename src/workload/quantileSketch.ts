import { checkNumber } from '../units/number.ts';

/** Lengths below it have a bin each; above, each octave has half as many bins, none wider than 0.1 % of its lengths. */
const EXACT = 2_048;

function binOf(tokens: number): number {
  const whole = Math.round(tokens);
  if (whole < EXACT) return whole;
  const octave = Math.floor(Math.log2(whole / (EXACT / 2)));
  return octave * (EXACT / 2) + Math.floor(whole / 2 ** octave);
}

function middleOf(bin: number): number {
  if (bin < EXACT) return bin;
  const octave = Math.floor(bin / (EXACT / 2)) - 1;
  const width = 2 ** octave;
  return (bin - octave * (EXACT / 2)) * width + (width - 1) / 2;
}

/**
 * Percentiles of a stream of lengths in constant memory (about 21,000 bins at most): exact to the token below 2,048, within 0.05 % above.
 */
export class QuantileSketch {
  readonly #bins = new Map<number, number>();
  #requests = 0;

  get requests(): number {
    return this.#requests;
  }

  /**
   * Counts one length.
   *
   * @param tokens rounded to whole ones
   * @param requests how many have that length
   * @throws Fault `invalid` for lengths outside 0 to 1e9 or requests that are not above 0
   */
  add(tokens: number, requests = 1): void {
    checkNumber(tokens, 'tokens', { min: 0, max: 1e9 });
    checkNumber(requests, 'requests', { above: 0 });
    this.#put(binOf(tokens), requests);
  }

  /** Counts what another sketch has counted. */
  merge(other: QuantileSketch): void {
    for (const [bin, requests] of [...other.#bins]) this.#put(bin, requests);
  }

  /**
   * The least length that at least a share of the requests does not exceed (nearest rank).
   *
   * @param share 0.5 for the median
   * @returns tokens; NaN before the first request
   * @throws Fault `invalid` for a share outside 0 to 1
   */
  quantile(share: number): number {
    checkNumber(share, 'share', { min: 0, max: 1 });
    const bins = [...this.#bins].sort(([a], [b]) => a - b);
    let left = share * this.#requests;
    for (const [bin, requests] of bins) {
      left -= requests;
      if (left <= this.#requests * 1e-12) return middleOf(bin);
    }
    return middleOf(bins.at(-1)?.[0] ?? Number.NaN);
  }

  #put(bin: number, requests: number): void {
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + requests);
    this.#requests += requests;
  }
}
