import type { ConditionalPrices, DaySpan, Tariff, TokenPrices } from './tariff.ts';

/** What each leaf of a request costs, USD per million tokens: no price is left open. */
export interface LeafPrices {
  readonly uncached: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly answer: number;
  readonly thinking: number;
}

const MINUTES_PER_DAY = 1440;
const WHOLE_DAY: readonly DaySpan[] = [{ fromMinute: 0, toMinute: MINUTES_PER_DAY }];

/** Fills what is not published: a missing cache price is the input price, thinking bills as output. */
function filled(prices: TokenPrices): LeafPrices {
  const { inputUsdPerMtok: input, outputUsdPerMtok: output } = prices;
  const cacheWrite = prices.cacheWriteUsdPerMtok ?? input;
  return {
    uncached: input,
    cacheRead: prices.cacheReadUsdPerMtok ?? input,
    cacheWrite,
    cacheWrite1h: prices.cacheWrite1hUsdPerMtok ?? cacheWrite,
    answer: output,
    thinking: prices.thinkingUsdPerMtok ?? output,
  };
}

function inSpan({ fromMinute, toMinute }: DaySpan, minute: number): boolean {
  return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

function holds({ aboveInputTokens, hoursUtc }: ConditionalPrices, inputTokens: number, minute: number): boolean {
  const long = aboveInputTokens === null || inputTokens > aboveInputTokens;
  return long && (hoursUtc.length === 0 || hoursUtc.some((span) => inSpan(span, minute)));
}

/** Minutes of the day at which some price of the tariff, or the traffic, may change. */
function turns({ conditions }: Tariff, hours: readonly DaySpan[]): number[] {
  const spans = [...hours, ...conditions.flatMap(({ hoursUtc }) => hoursUtc)];
  const minutes = new Set([0, ...spans.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute % MINUTES_PER_DAY])]);
  return [...minutes].sort((a, b) => a - b);
}

/**
 * The prices of a request's leaves: those of the last condition that holds, else the base prices; over hours with different prices,
 * the mean by minutes, for traffic that is even over its hours.
 *
 * @param inputTokens of the request, reused or not: it chooses the context tier, strictly above its threshold
 * @param asked hours in which the traffic comes, UTC; all day where none are given
 * @returns USD per million tokens
 * @example [272_000, 272_001].map((tokens) => leafPrices(gpt55, tokens).uncached) // [5, 10]
 */
export function leafPrices(tariff: Tariff, inputTokens: number, asked: readonly DaySpan[] = []): LeafPrices {
  const hours = asked.length === 0 ? WHOLE_DAY : asked;
  const at = (minute: number) => filled(tariff.conditions.findLast((condition) => holds(condition, inputTokens, minute)) ?? tariff);
  const starts = turns(tariff, hours);
  const parts = starts.flatMap((start, index) => {
    const minutes = (starts[index + 1] ?? MINUTES_PER_DAY) - start;
    return hours.some((span) => inSpan(span, start)) ? [{ minutes, prices: at(start) }] : [];
  });
  const [first] = parts;
  if (!first) return at(0);
  const total = parts.reduce((sum, { minutes }) => sum + minutes, 0);
  const mean = (leaf: keyof LeafPrices) =>
    parts.every(({ prices }) => prices[leaf] === first.prices[leaf])
      ? first.prices[leaf]
      : parts.reduce((sum, { minutes, prices }) => sum + minutes * prices[leaf], 0) / total;
  return {
    uncached: mean('uncached'),
    cacheRead: mean('cacheRead'),
    cacheWrite: mean('cacheWrite'),
    cacheWrite1h: mean('cacheWrite1h'),
    answer: mean('answer'),
    thinking: mean('thinking'),
  };
}
