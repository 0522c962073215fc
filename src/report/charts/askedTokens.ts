import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import { asksVolume } from '../../plan/hosting/trafficVolume.ts';

/** Tokens of a month that an answer was asked about; null where it was asked about none. */
export function askedTokens({ query, monthly }: Pick<BreakEvenAnswer, 'query' | 'monthly'>): number | null {
  return asksVolume(query) ? (monthly[0]?.tokensPerMonth ?? null) : null;
}
