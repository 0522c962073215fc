import { Fault } from '../faults/fault.ts';
import { checkNumber } from '../units/number.ts';

/** Tokens in disjoint leaves, each with a price of its own; `thinking` alone is inside another: `output`. */
export interface TokenLeaves {
  readonly uncached: number;
  readonly cacheRead: number;
  /** Written to an entry that lives 5 minutes, or as long as the host says. */
  readonly cacheWrite: number;
  /** Written to an entry that lives an hour. */
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly thinking: number;
}

/** Token counts as an API or a log states them. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  /** Inside the output, as everywhere seen. */
  readonly thinking?: number;
  /** Whether tokens read from and written to the cache are inside `input` (OpenAI, Moonshot) or beside it (Anthropic). */
  readonly cached: 'inside' | 'beside';
}

/** All input tokens, reused or not. */
export function inputTokensOf({ uncached, cacheRead, cacheWrite, cacheWrite1h }: TokenLeaves): number {
  return uncached + cacheRead + cacheWrite + cacheWrite1h;
}

function exceeds(part: number, whole: number, message: string, where: string): Fault {
  return new Fault('contradiction', message, { where, value: part, allowed: `at most ${whole}` });
}

/**
 * Overlapping counts as disjoint leaves: `uncached = input - cache read - cache write` where those are inside the input.
 *
 * @param where what the counts belong to, for the message
 * @throws Fault `invalid` for a count below zero, `contradiction` where parts exceed their whole: never clamped
 * @example leavesOf({ input: 100, cacheRead: 80, output: 10, cached: 'inside' }, 'row 1').uncached // 20
 */
export function leavesOf(counts: TokenCounts, where: string): TokenLeaves {
  const { input, output, cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0, thinking = 0, cached } = counts;
  const sum = input + output + cacheRead + cacheWrite + cacheWrite1h + thinking;
  const least = Math.min(input, output, cacheRead, cacheWrite, cacheWrite1h, thinking);
  if (!(least >= 0 && sum < Number.POSITIVE_INFINITY))
    for (const count of [input, output, cacheRead, cacheWrite, cacheWrite1h, thinking]) checkNumber(count, where, { min: 0 });
  const inside = cached === 'inside' ? cacheRead + cacheWrite + cacheWrite1h : 0;
  if (inside > input) throw exceeds(inside, input, 'more tokens in the cache than input tokens', where);
  if (thinking > output) throw exceeds(thinking, output, 'more thinking tokens than output tokens', where);
  return { uncached: input - inside, cacheRead, cacheWrite, cacheWrite1h, output, thinking };
}

/** How a request of known lengths splits. */
export interface RequestSplit {
  /** Share of the input that the API finds in its cache. */
  readonly reuse: number;
  /** Share of the other input that is written to the cache. */
  readonly writeShare: number;
  /** Share of the output that is thinking. */
  readonly thinkingShare: number;
}

/**
 * The leaves of a mean request: `cache read = input × reuse`, `cache write = input × (1 - reuse) × write share`, the rest is uncached.
 *
 * @param inputTokens reused or not
 * @example requestLeaves(84_000, 1_000, { reuse: 71 / 84, writeShare: 0, thinkingShare: 0 }).uncached // 13_000
 */
export function requestLeaves(inputTokens: number, outputTokens: number, { reuse, writeShare, thinkingShare }: RequestSplit): TokenLeaves {
  const fresh = inputTokens * (1 - reuse);
  return {
    uncached: fresh * (1 - writeShare),
    cacheRead: inputTokens * reuse,
    cacheWrite: fresh * writeShare,
    cacheWrite1h: 0,
    output: outputTokens,
    thinking: outputTokens * thinkingShare,
  };
}
