import { usdPerRequest } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import type { TokenLeaves } from '../../cost/tokenLeaves.ts';
import type { FailureCode, RecordedAsk, RequestRecord } from '../client/record.ts';
import { type LadderStep, worstTokens } from './step.ts';

/** What a ladder may cost at most. */
export interface WorstCase {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** null where no price is known. */
  readonly usd: number | null;
}

function leaves(more: Partial<TokenLeaves>): TokenLeaves {
  return { uncached: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, thinking: 0, ...more };
}

/**
 * Dollars of one request at most: nothing found in the cache, written to it or not, and the output thinking or answer, whichever is dearer.
 *
 * @param input tokens
 * @param output tokens
 * @returns USD; null without a tariff
 * @example worstRequestUsd({ input: 1e6, output: 0 }, kimiList) // 0.95
 */
export function worstRequestUsd(
  { input, output }: { readonly input: number; readonly output: number },
  tariff: Tariff | null,
): number | null {
  if (tariff === null) return null;
  const inputs: Partial<TokenLeaves>[] = [{ uncached: input }, { cacheWrite: input }];
  const outputs: Partial<TokenLeaves>[] = [{ output }, { output, thinking: output }];
  return Math.max(...inputs.flatMap((of) => outputs.map((to) => usdPerRequest(tariff, leaves({ ...of, ...to })))));
}

/**
 * What steps may cost at most: all input and the longest output of every request.
 *
 * @param tariff null where no price is known
 */
export function worstCaseOf(steps: readonly LadderStep[], tariff: Tariff | null): WorstCase {
  const each = steps.map(({ shape, requests }) => ({ requests: requests * (shape.conversation?.turns ?? 1), ...worstTokens(shape) }));
  const sum = (of: (row: (typeof each)[number]) => number) => each.reduce((total, row) => total + of(row), 0);
  return {
    requests: sum(({ requests }) => requests),
    inputTokens: sum(({ requests, input }) => requests * input),
    outputTokens: sum(({ requests, output }) => requests * output),
    usd: tariff && sum((row) => row.requests * (worstRequestUsd(row, tariff) ?? 0)),
  };
}

/** Dollars of a request at most, by what was asked; null without a tariff. */
export function worstAskUsd({ inputTokens, maxOutputTokens }: RecordedAsk, tariff: Tariff | null): number | null {
  return worstRequestUsd(worstTokens({ inputTokens, outputTokens: maxOutputTokens }), tariff);
}

/** Failures before a token was computed, which no host bills and no server counts. */
export const UNCOMPUTED: readonly FailureCode[] = ['refused', 'unauthorised', 'not-found', 'rate-limited', 'bad-request', 'redirected'];

/**
 * Dollars that a request has cost: by the usage that it states, else the most that it can have cost; never less output than the chunks
 * that came, each of which holds a token at least.
 *
 * @returns USD; null without a tariff
 */
export function spentUsd(
  { ask, usage, failure, chunks }: Pick<RequestRecord, 'ask' | 'usage' | 'failure' | 'chunks'>,
  tariff: Tariff | null,
): number | null {
  if (tariff === null) return null;
  if (failure && UNCOMPUTED.includes(failure.code)) return 0;
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = usage;
  const output = Math.max(outputTokens ?? 0, chunks.length);
  if (inputTokens === null || outputTokens === null || failure) {
    const worst = worstTokens({ inputTokens: ask.inputTokens, outputTokens: ask.maxOutputTokens });
    return worstRequestUsd({ input: Math.max(inputTokens ?? 0, worst.input), output: Math.max(output, worst.output) }, tariff);
  }
  const cacheRead = Math.min(inputTokens, cachedTokens ?? 0);
  const thinking = Math.min(output, reasoningTokens ?? 0);
  return usdPerRequest(tariff, leaves({ uncached: inputTokens - cacheRead, cacheRead, output, thinking }));
}
