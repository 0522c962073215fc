import { checkNumber } from '../units/number.ts';
import { joinedCells } from './joinedCells.ts';
import type { LengthCell } from './traffic.ts';

/** Above any context window; what lies beyond is a unit error. */
const MOST_TOKENS = 1e9;
const BINS_PER_OCTAVE = 4;
/** More than the bins of the longest length. */
const OUTPUT_BINS = 256;

interface Bin {
  requests: number;
  inputSum: number;
  outputSum: number;
}

function binOf(tokens: number): number {
  return tokens < 1 ? 0 : 1 + Math.floor(BINS_PER_OCTAVE * Math.log2(tokens));
}

/**
 * Least whole length of each bin, in order: what a program needs that counts requests elsewhere in the same bins.
 *
 * @returns the first is 0; lengths above 1e9 are in none
 * @example lengthBinEdges().slice(0, 6) // [0, 1, 2, 3, 4, 5]
 */
export function lengthBinEdges(): number[] {
  const edges = [0];
  for (let bin = 1; bin <= binOf(MOST_TOKENS); bin++) {
    const near = Math.round(2 ** ((bin - 1) / BINS_PER_OCTAVE));
    const least = [near - 1, near, near + 1].find((tokens) => tokens >= 1 && binOf(tokens) >= bin);
    if (least !== undefined && least > (edges.at(-1) ?? 0)) edges.push(least);
  }
  return edges;
}

function joined(a: Bin, b: Bin): Bin {
  return { requests: a.requests + b.requests, inputSum: a.inputSum + b.inputSum, outputSum: a.outputSum + b.outputSum };
}

function grow(bin: Bin, requests: number, inputSum: number, outputSum: number): void {
  bin.requests += requests;
  bin.inputSum += inputSum;
  bin.outputSum += outputSum;
}

/** Between the mean lengths of two bins, in squared octaves. */
function distance(a: Bin, b: Bin): number {
  const octaves = (x: number, y: number) => Math.log2((1 + x) / (1 + y));
  return octaves(a.inputSum / a.requests, b.inputSum / b.requests) ** 2 + octaves(a.outputSum / a.requests, b.outputSum / b.requests) ** 2;
}

/**
 * How long requests are: input and output lengths together, in bins of a quarter octave. Takes a stream of any length in constant memory
 * and keeps the sums of each bin, so that means stay exact.
 */
export class LengthTally {
  readonly #bins = new Map<number, Bin>();
  readonly #all: Bin = { requests: 0, inputSum: 0, outputSum: 0 };

  get requests(): number {
    return this.#all.requests;
  }

  /** Tokens per request; NaN before the first. */
  get meanInput(): number {
    return this.#all.inputSum / this.#all.requests;
  }

  get meanOutput(): number {
    return this.#all.outputSum / this.#all.requests;
  }

  /**
   * Counts requests of one length.
   *
   * @param inputTokens per request, reused or not
   * @param outputTokens per request
   * @param requests how many of that length; lengths are their means then
   * @throws Fault `invalid` for lengths outside 0 to 1e9 or requests that are not above 0
   */
  add(inputTokens: number, outputTokens: number, requests = 1): void {
    checkNumber(inputTokens, 'inputTokens', { min: 0, max: MOST_TOKENS });
    checkNumber(outputTokens, 'outputTokens', { min: 0, max: MOST_TOKENS });
    checkNumber(requests, 'requests', { above: 0 });
    const key = binOf(inputTokens) * OUTPUT_BINS + binOf(outputTokens);
    this.#put(key, requests, inputTokens * requests, outputTokens * requests);
  }

  /**
   * Counts the requests of one bin, which were counted elsewhere.
   *
   * @param inputSum tokens of all of them
   * @param outputSum tokens of all of them
   * @param requests how many
   * @throws Fault `invalid` for mean lengths outside 0 to 1e9 or requests that are not above 0
   */
  addBin(inputSum: number, outputSum: number, requests: number): void {
    checkNumber(requests, 'requests', { above: 0 });
    const [input, output] = [inputSum / requests, outputSum / requests];
    checkNumber(input, 'inputTokens', { min: 0, max: MOST_TOKENS });
    checkNumber(output, 'outputTokens', { min: 0, max: MOST_TOKENS });
    this.#put(binOf(input) * OUTPUT_BINS + binOf(output), requests, inputSum, outputSum);
  }

  /** Counts what another tally has counted. */
  merge(other: LengthTally): void {
    for (const [key, { requests, inputSum, outputSum }] of [...other.#bins]) this.#put(key, requests, inputSum, outputSum);
  }

  /**
   * The joint histogram, ascending by input and then by output length. While there are more than `most` cells the lightest joins the one
   * of the nearest lengths; the weight of a cell is its share of requests plus its shares of input and output tokens, so that rare long
   * requests stay.
   *
   * @param most cells, at least 1
   * @returns shares of sum 1; `Σ share × length` is the mean length; empty before the first request
   */
  cells(most = 200): LengthCell[] {
    checkNumber(most, 'most', { min: 1, integer: true });
    const { requests, inputSum, outputSum } = this.#all;
    const weight = (bin: Bin) => bin.requests / requests + bin.inputSum / (inputSum || 1) + bin.outputSum / (outputSum || 1);
    const bins = [...this.#bins].sort(([a], [b]) => a - b).map(([, bin]) => bin);
    return joinedCells(bins, most, { weight, distance, join: joined })
      .map((bin) => ({
        share: bin.requests / requests,
        inputTokens: bin.inputSum / bin.requests,
        outputTokens: bin.outputSum / bin.requests,
      }))
      .sort((a, b) => a.inputTokens - b.inputTokens || a.outputTokens - b.outputTokens);
  }

  #put(key: number, requests: number, inputSum: number, outputSum: number): void {
    let bin = this.#bins.get(key);
    if (!bin) {
      bin = { requests: 0, inputSum: 0, outputSum: 0 };
      this.#bins.set(key, bin);
    }
    grow(bin, requests, inputSum, outputSum);
    grow(this.#all, requests, inputSum, outputSum);
  }
}
