import type { LeafPrices } from '../../cost/tokenPrice.ts';
import type { FocusMeter } from './focusRow.ts';

const METERS: Readonly<Record<keyof LeafPrices, string>> = {
  uncached: 'Input Tokens',
  cacheRead: 'Cached Input Tokens',
  cacheWrite: 'Cache Write Tokens',
  cacheWrite1h: 'Cache Write Tokens, 1 Hour',
  answer: 'Output Tokens',
  thinking: 'Thinking Tokens',
};

/**
 * Tokens of one kind in a month and what they cost.
 *
 * @param usd the amount, where it is rounded to the cent
 */
export function tokenMeter(leaf: keyof LeafPrices, tokens: number, usdPerMtok: number, usd = (tokens * usdPerMtok) / 1e6): FocusMeter {
  return { meter: METERS[leaf], quantity: tokens, unit: 'Tokens', perUnit: 1_000_000, unitUsd: usdPerMtok, usd };
}

/** Whether a code of a bill is one of tokens. */
export function isLeaf(code: string): code is keyof LeafPrices {
  return code in METERS;
}
