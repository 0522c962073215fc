import type { DaySpan, Tariff } from './tariff.ts';
import { inputTokensOf, type TokenLeaves } from './tokenLeaves.ts';
import { type LeafPrices, leafPrices } from './tokenPrice.ts';

/** One line of a bill: tokens of one leaf at their price. */
export interface BillLine {
  readonly leaf: keyof LeafPrices;
  readonly tokens: number;
  readonly usdPerMtok: number;
  readonly usd: number;
}

const LEAVES: readonly (keyof LeafPrices)[] = ['uncached', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'answer', 'thinking'];

function tokensOf(leaf: keyof LeafPrices, { output, thinking, ...input }: TokenLeaves): number {
  if (leaf === 'thinking') return thinking;
  return leaf === 'answer' ? output - thinking : input[leaf];
}

/** Whether a host asks for writing to its cache: where none of its prices says so, written tokens are plain input. */
function chargesForWrites({ cacheWriteUsdPerMtok, cacheWrite1hUsdPerMtok, conditions }: Tariff): boolean {
  return [
    cacheWriteUsdPerMtok,
    cacheWrite1hUsdPerMtok,
    ...conditions.flatMap((one) => [one.cacheWriteUsdPerMtok, one.cacheWrite1hUsdPerMtok]),
  ].some((price) => price !== null);
}

/**
 * The leaves that a tariff tells apart: where writing to the cache costs nothing of its own, written tokens are uncached input.
 *
 * @example billedLeaves(kimiList, requestLeaves(100, 10, { reuse: 0.5, writeShare: 1, thinkingShare: 0 })).uncached // 50
 */
export function billedLeaves(tariff: Tariff, leaves: TokenLeaves): TokenLeaves {
  if (chargesForWrites(tariff)) return leaves;
  const { uncached, cacheWrite, cacheWrite1h } = leaves;
  return { ...leaves, uncached: uncached + cacheWrite + cacheWrite1h, cacheWrite: 0, cacheWrite1h: 0 };
}

/**
 * The bill of some tokens at a tariff, a line per leaf: `tokens × price / 1e6`.
 *
 * @param leaves tokens of one request, whose length chooses the context tier
 * @param hours hours in which the traffic comes, UTC; all day where none are given
 * @returns USD; leaves without tokens have no line
 * @example bill(kimiList, leavesOf({ input: 50_000, output: 5_000, cached: 'inside' }, 'a session')).map(({ usd }) => usd) // [0.0475, 0.02]
 */
export function bill(tariff: Tariff, leaves: TokenLeaves, hours?: readonly DaySpan[]): BillLine[] {
  const prices = leafPrices(tariff, inputTokensOf(leaves), hours);
  const billed = billedLeaves(tariff, leaves);
  return LEAVES.flatMap((leaf) => {
    const tokens = tokensOf(leaf, billed);
    return tokens > 0 ? [{ leaf, tokens, usdPerMtok: prices[leaf], usd: (tokens * prices[leaf]) / 1e6 }] : [];
  });
}

/**
 * The price of one request: the sum of its bill.
 *
 * @param leaves tokens of one request
 * @returns USD
 * @example usdPerRequest(kimiList, leavesOf({ input: 50_000, output: 5_000, cached: 'inside' }, 'a session')) // 0.0675
 */
export function usdPerRequest(tariff: Tariff, leaves: TokenLeaves, hours?: readonly DaySpan[]): number {
  return bill(tariff, leaves, hours).reduce((sum, { usd }) => sum + usd, 0);
}

/**
 * What a million tokens of a mix cost: its bill over all of its tokens,
 * `input share × (hit rate × cache read + (1 - hit rate) × input) + output share × output`.
 *
 * @param leaves tokens of one request, or their shares
 * @returns USD per million tokens: input, reused or not, plus output
 * @example blendedUsdPerMtok(kimiList, leavesOf({ input: 75, output: 25, cached: 'inside' }, 'a mix')).toFixed(4) // '1.7125'
 */
export function blendedUsdPerMtok(tariff: Tariff, leaves: TokenLeaves, hours?: readonly DaySpan[]): number {
  return (usdPerRequest(tariff, leaves, hours) / (inputTokensOf(leaves) + leaves.output)) * 1e6;
}
