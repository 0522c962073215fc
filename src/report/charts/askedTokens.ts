import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';

const ASKS = ['tokensPerMonth', 'requestsPerMonth', 'users'] as const;

/** Tokens of a month that an answer was asked about; null where it was asked about none. */
export function askedTokens({ query, monthly }: Pick<BreakEvenAnswer, 'query' | 'monthly'>): number | null {
  return ASKS.some((name) => query[name] !== undefined) ? (monthly[0]?.tokensPerMonth ?? null) : null;
}
