import type { SourceId } from '../evidence/source.ts';

/** Prices of tokens, USD per million. A price that is null is not published. */
export interface TokenPrices {
  readonly inputUsdPerMtok: number;
  /** null: cached tokens bill at the input price. */
  readonly cacheReadUsdPerMtok: number | null;
  /** For an entry that lives 5 minutes, or as long as the host says; null: written tokens bill at the input price. */
  readonly cacheWriteUsdPerMtok: number | null;
  /** For an entry that lives an hour; null: as the shorter write. */
  readonly cacheWrite1hUsdPerMtok: number | null;
  readonly outputUsdPerMtok: number;
  /** null: thinking tokens bill as output. */
  readonly thinkingUsdPerMtok: number | null;
}

/** Hours of each day, UTC: from the first minute of the day, inclusive, to the second, exclusive. */
export interface DaySpan {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Prices that replace those of a tariff where all its conditions hold; of several that do, the last one counts. */
export interface ConditionalPrices extends TokenPrices {
  /** Input tokens of the request, reused or not, strictly above which all of its tokens cost this; null: any length. */
  readonly aboveInputTokens: number | null;
  /** Empty: at any hour. */
  readonly hoursUtc: readonly DaySpan[];
}

type Condition = Pick<ConditionalPrices, 'aboveInputTokens' | 'hoursUtc'>;

/**
 * The first condition that can never count, because a later one of the same hours holds from as short an input on.
 *
 * @returns its place, or -1
 * @example hiddenCondition([{ aboveInputTokens: 200_000, hoursUtc: [] }, { aboveInputTokens: 32_000, hoursUtc: [] }]) // 0
 */
export function hiddenCondition(conditions: readonly Condition[]): number {
  const hoursOf = ({ hoursUtc }: Condition) => hoursUtc.map(({ fromMinute, toMinute }) => `${fromMinute}-${toMinute}`).join();
  return conditions.findIndex((condition, index) =>
    conditions
      .slice(index + 1)
      .some((later) => hoursOf(later) === hoursOf(condition) && (later.aboveInputTokens ?? -1) <= (condition.aboveInputTokens ?? -1)),
  );
}

/** A dated price of API tokens at one host. */
export interface Tariff extends TokenPrices {
  readonly id: string;
  readonly provider: string;
  /** As it writes itself. */
  readonly providerName: string;
  /** vendor = the maker of the model; host = runs the weights; router = resells hosts. */
  readonly providerKind: 'vendor' | 'host' | 'router';
  readonly model: string;
  /** standard, or another service tier such as batch, flex, fast. */
  readonly tier: string;
  /** Long contexts, hours of the day. */
  readonly conditions: readonly ConditionalPrices[];
  /** In which the host lists it; the prices here are USD at the rate of the row's day. */
  readonly currency: string;
  /** First day on which it holds; null: not stated, known since `date`. */
  readonly from: string | null;
  /** First day on which it holds no longer; null: open. */
  readonly until: string | null;
  /** The day on which its registry was read. */
  readonly date: string;
  readonly source: SourceId;
}
