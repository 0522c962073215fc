import type { Account, AccountTier } from '../../src/cost/account.ts';
import type { OwnedMachine } from '../../src/cost/ownership.ts';
import type { ConditionalPrices, Tariff, TokenPrices } from '../../src/cost/tariff.ts';

/** Kimi-K2.7-Code at its vendor's list price, of which a test says what differs. */
export function tariffOf(partial: Partial<Tariff> = {}): Tariff {
  return {
    id: 'list',
    provider: 'moonshotai',
    providerName: 'Moonshot AI',
    providerKind: 'vendor',
    model: 'kimi-k2.7-code',
    tier: 'standard',
    inputUsdPerMtok: 0.95,
    cacheReadUsdPerMtok: 0.19,
    cacheWriteUsdPerMtok: null,
    cacheWrite1hUsdPerMtok: null,
    outputUsdPerMtok: 4,
    thinkingUsdPerMtok: null,
    conditions: [],
    currency: 'USD',
    from: null,
    until: null,
    date: '2026-06-15',
    source: 'x',
    ...partial,
  };
}

/** Prices that hold under a condition: for any length at any hour, unless said otherwise. */
export function conditionOf(
  partial: Partial<ConditionalPrices> & Pick<TokenPrices, 'inputUsdPerMtok' | 'outputUsdPerMtok'>,
): ConditionalPrices {
  return {
    aboveInputTokens: null,
    hoursUtc: [],
    cacheReadUsdPerMtok: null,
    cacheWriteUsdPerMtok: null,
    cacheWrite1hUsdPerMtok: null,
    thinkingUsdPerMtok: null,
    ...partial,
  };
}

export const kimiList = tariffOf();

/** GPT-5.5: another price for whole requests of more than 272,000 input tokens. */
export const gpt55 = tariffOf({
  id: 'gpt-5.5',
  provider: 'openai',
  model: 'gpt-5.5',
  inputUsdPerMtok: 5,
  cacheReadUsdPerMtok: 0.5,
  outputUsdPerMtok: 30,
  conditions: [conditionOf({ aboveInputTokens: 272_000, inputUsdPerMtok: 10, cacheReadUsdPerMtok: 1, outputUsdPerMtok: 45 })],
});

/** 8 × H200 with the inputs of Lenovo LP2368: no residual value, no cost of capital, PUE within the price of power. */
export const machine: OwnedMachine = {
  capexUsd: 277_897.75,
  kilowatts: 9.7,
  lifeYears: 5,
  residualShare: 0,
  costOfCapital: 0,
  maintenanceShare: 0.12,
  pue: 1,
  usdPerKwh: 0.3,
  colocationUsdPerMonth: 1500,
  networkUsdPerMonth: 0,
};

const tier = (topUpUsd: number, requestsPerMinute: number, tokensPerMinute: number, tokensPerDay: number | null = null): AccountTier => ({
  topUpUsd,
  concurrency: null,
  requestsPerMinute,
  tokensPerMinute,
  tokensPerDay,
});

/** The ends and the middle of what an account at Moonshot may use. */
export const moonshot: Account = {
  id: 'moonshotai',
  tiers: [tier(1, 3, 500_000, 1_500_000), tier(20, 500, 3_000_000), tier(3000, 10_000, 5_000_000)],
  source: 'x',
};
