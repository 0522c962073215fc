import type { ConversationCell, ConversationShape } from './conversation.ts';
import { joinedCells } from './joinedCells.ts';
import { QuantileSketch } from './quantileSketch.ts';

/** A longer gap is a pause: the user is not active in it. */
export const LONGEST_GAP_MS = 600_000;

/** Below it lies one gap in a hundred. */
const LEAST_SHARE = 0.01;

/** Conversations that are told apart. */
const MOST_CONVERSATIONS = 1_000_000;

interface Seen {
  requests: number;
  readonly firstInput: number;
  inputSum: number;
  lastInput: number;
  lastMs: number | null;
}

interface Bin {
  readonly conversations: number;
  readonly requests: number;
  readonly firstSum: number;
  readonly lastSum: number;
}

/** Mean over median of a lognormal above a least value gives its spread: `sigma = sqrt(2 ln((mean - least) / (median - least)))`. */
function sigmaOf(sketch: QuantileSketch, sum: number, least: number): number {
  if (sketch.requests === 0) return 0;
  const [mean, median] = [sum / sketch.requests - least, sketch.quantile(0.5) - least];
  return Math.sqrt(2 * Math.log(Math.max(1, mean / Math.max(1, median))));
}

/** Ends of an even rise with the first input and the mean of a conversation; one that falls is even. */
function endsOf({ requests, firstInput, inputSum }: Seen, longest: number): { readonly first: number; readonly last: number } {
  const mean = inputSum / requests;
  const first = Math.min(firstInput, mean);
  return { first, last: Math.min(longest, 2 * mean - first) };
}

/** How conversations go, from a stream of their requests in the order of time within each. */
export class ConversationTally {
  readonly #seen = new Map<string, Seen>();
  readonly #steps = new QuantileSketch();
  readonly #gaps = new QuantileSketch();
  #stepSum = 0;
  #gapSum = 0;
  #pauses = 0;
  #pauseSum = 0;
  #freshSum = 0;
  #longest = 0;

  /** Conversations told apart; beyond a million none is added. */
  get conversations(): number {
    return this.#seen.size;
  }

  /**
   * Counts one request.
   *
   * @param atMs when it came; null where nobody says
   * @param freshTokens input that a KV cache without limits would not find; null where nobody says: what is more than before
   */
  add(conversation: string, atMs: number | null, inputTokens: number, freshTokens: number | null): void {
    const seen = this.#seen.get(conversation);
    if (!seen && this.#seen.size >= MOST_CONVERSATIONS) return;
    this.#freshSum += freshTokens ?? Math.max(0, inputTokens - (seen?.lastInput ?? 0));
    this.#longest = Math.max(this.#longest, inputTokens);
    if (!seen) {
      this.#seen.set(conversation, { requests: 1, firstInput: inputTokens, inputSum: inputTokens, lastInput: inputTokens, lastMs: atMs });
      return;
    }
    const step = inputTokens - seen.lastInput;
    if (step > 0) {
      this.#steps.add(step);
      this.#stepSum += step;
    }
    const gap = atMs === null || seen.lastMs === null ? null : atMs - seen.lastMs;
    if (gap !== null && gap > 0) this.#gap(gap);
    seen.requests += 1;
    seen.inputSum += inputTokens;
    seen.lastInput = inputTokens;
    seen.lastMs = atMs;
  }

  #gap(gapMs: number): void {
    if (gapMs > LONGEST_GAP_MS) {
      this.#pauses += 1;
      this.#pauseSum += gapMs;
    } else {
      this.#gaps.add(gapMs);
      this.#gapSum += gapMs;
    }
  }

  /**
   * The shape of the conversations: cells of like ones, each an even rise of the same mean, the spread of steps and gaps, and as many
   * rewritten prefixes as make the fresh tokens those that were counted.
   *
   * @param most cells
   * @returns null where no conversation has a second request, or none comes without a pause
   */
  shape(most: number): ConversationShape | null {
    const all = [...this.#seen.values()];
    const requests = all.reduce((sum, seen) => sum + seen.requests, 0);
    if (requests === all.length || this.#gaps.requests === 0) return null;
    const bins = all.map((seen): Bin => {
      const { first, last } = endsOf(seen, this.#longest);
      return { conversations: 1, requests: seen.requests, firstSum: first, lastSum: last };
    });
    const laterInput = all.reduce((sum, seen) => sum + seen.inputSum - seen.firstInput, 0);
    const risen = bins.reduce((sum, { lastSum }) => sum + lastSum, 0);
    const leastGapMs = this.#gaps.quantile(LEAST_SHARE);
    return {
      cells: cellsOf(bins, most, all.length),
      growthSigma: sigmaOf(this.#steps, this.#stepSum, 0),
      leastGapSeconds: leastGapMs / 1000,
      meanGapSeconds: this.#gapSum / this.#gaps.requests / 1000,
      gapSigma: sigmaOf(this.#gaps, this.#gapSum, leastGapMs),
      rewriteShare: Math.min(1, Math.max(0, (this.#freshSum - risen) / laterInput)),
      pauseShare: this.#pauses / (this.#pauses + this.#gaps.requests),
      meanPauseSeconds: this.#pauses === 0 ? 0 : this.#pauseSum / this.#pauses / 1000,
    };
  }
}

function cellsOf(bins: readonly Bin[], most: number, conversations: number): ConversationCell[] {
  const octaves = (x: number, y: number) => Math.log2((1 + x) / (1 + y)) ** 2;
  const per = (bin: Bin, sum: number) => sum / bin.conversations;
  const total = bins.reduce((sum, { requests }) => sum + requests, 0);
  return joinedCells(bins, most, {
    weight: (bin) => bin.conversations / conversations + bin.requests / total,
    distance: (a, b) =>
      octaves(per(a, a.requests), per(b, b.requests)) +
      octaves(per(a, a.firstSum), per(b, b.firstSum)) +
      octaves(per(a, a.lastSum), per(b, b.lastSum)),
    join: (a, b) => ({
      conversations: a.conversations + b.conversations,
      requests: a.requests + b.requests,
      firstSum: a.firstSum + b.firstSum,
      lastSum: a.lastSum + b.lastSum,
    }),
  })
    .map((bin) => ({
      share: bin.conversations / conversations,
      requests: per(bin, bin.requests),
      firstInputTokens: per(bin, bin.firstSum),
      lastInputTokens: per(bin, bin.lastSum),
    }))
    .sort((a, b) => a.firstInputTokens - b.firstInputTokens || a.requests - b.requests);
}
