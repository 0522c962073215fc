import type { Tariff } from './tariff.ts';

/** Tokens of one request in disjoint leaves, each with a price of its own. */
export interface BilledTokens {
  readonly uncached: number;
  readonly cacheRead: number;
  readonly output: number;
}

/**
 * Splits a request by price: `uncached = input * (1 - reuse)`, `cache read = input * reuse`.
 *
 * @param reuse share of the input tokens that the API finds in its KV cache
 */
export function billedTokens(inputTokens: number, outputTokens: number, reuse: number): BilledTokens {
  return { uncached: inputTokens * (1 - reuse), cacheRead: inputTokens * reuse, output: outputTokens };
}

/** The cache-read price that applies: that of input where none is published. */
export function cacheReadUsdPerMtok({ cacheReadUsdPerMtok: published, inputUsdPerMtok }: Tariff): number {
  return published ?? inputUsdPerMtok;
}

/**
 * Price of one request: `(uncached * input + cacheRead * cache read + output * output price) / 1e6`.
 *
 * @param tariff USD per million tokens
 * @returns USD
 * @example usdPerRequest(kimiList, billedTokens(84_000, 1_000, 71 / 84)) // 0.02984
 */
export function usdPerRequest(tariff: Tariff, { uncached, cacheRead, output }: BilledTokens): number {
  const { inputUsdPerMtok, outputUsdPerMtok } = tariff;
  return (uncached * inputUsdPerMtok + cacheRead * cacheReadUsdPerMtok(tariff) + output * outputUsdPerMtok) / 1e6;
}
