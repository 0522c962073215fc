import { hoursText } from '../../cost/hoursText.ts';
import type { ConditionalPrices, Tariff, TokenPrices } from '../../cost/tariff.ts';
import type { DecimalPrices, PriceSet } from './priceSet.ts';
import type { RegistryId } from './registry.ts';
import { slugOf } from './slug.ts';

/** What two tariffs are compared by. */
export type PricedTariff = Omit<Tariff, 'providerName' | 'providerKind' | 'source'>;

/** The registry that the id of a tariff begins with. */
export function registryOf({ id }: Pick<Tariff, 'id'>): string {
  return id.split(':')[0] ?? id;
}

/** Whose price it is, in the words of the catalog and in those of the registry. */
export interface ProposalOrigin {
  readonly registry: RegistryId;
  readonly registryProvider: string;
  readonly registryName: string;
  readonly provider: string;
  readonly model: string;
  readonly tier: string;
  /** The day on which the registry was read, or says that it looked. */
  readonly date: string;
  /** What it was read from. */
  readonly source: string;
}

/** A row for the tariffs of a catalog, with the cells that its files hold. */
export interface Proposal {
  /** File, line and place in it. */
  readonly where: string;
  /** The file itself states the day. */
  readonly statesDay: boolean;
  readonly tariff: PricedTariff;
  readonly cells: readonly string[];
  /** Lines of its conditions. */
  readonly conditionCells: readonly (readonly string[])[];
}

/** The id of the row that a price becomes: the registry's names, what tells its sets apart, and the day. */
export function proposalId({ registry, registryProvider, registryName, date }: ProposalOrigin, { tier, set }: PriceSet): string {
  const name = `${registry}:${slugOf(registryProvider) || 'maker'}:${slugOf(registryName)}`;
  return `${name}${tier === 'standard' ? '' : `/${slugOf(tier)}`}${set === null ? '' : `#${set}`}@${date}`;
}

function priceCells({ input, cacheRead, cacheWrite, cacheWrite1h, output, thinking }: DecimalPrices): string[] {
  return [input, cacheRead ?? '', cacheWrite ?? '', cacheWrite1h ?? '', output, thinking ?? ''];
}

function usdOf(prices: DecimalPrices, rate: number): TokenPrices {
  const usd = (price: string) => (rate === 1 ? Number(price) : Number((Number(price) * rate).toPrecision(12)));
  const optional = (price: string | null) => (price === null ? null : usd(price));
  return {
    inputUsdPerMtok: usd(prices.input),
    cacheReadUsdPerMtok: optional(prices.cacheRead),
    cacheWriteUsdPerMtok: optional(prices.cacheWrite),
    cacheWrite1hUsdPerMtok: optional(prices.cacheWrite1h),
    outputUsdPerMtok: usd(prices.output),
    thinkingUsdPerMtok: optional(prices.thinking),
  };
}

/**
 * The row that a price of a registry becomes.
 *
 * @param where file, line and place in it
 * @param rate USD for one unit of its currency on its day
 */
export function proposalOf(origin: ProposalOrigin, set: PriceSet, where: string, rate: number): Proposal {
  const { provider, model, tier, date, source } = origin;
  const { prices, currency, from, until } = set;
  const id = proposalId(origin, set);
  const conditions = set.conditions.map(
    (condition): ConditionalPrices => ({
      aboveInputTokens: condition.aboveInputTokens,
      hoursUtc: condition.hoursUtc,
      ...usdOf(condition, rate),
    }),
  );
  return {
    where,
    statesDay: set.date !== null,
    tariff: { id, provider, model, tier, ...usdOf(prices, rate), conditions, currency, from, until, date },
    cells: [id, provider, model, tier, currency, ...priceCells(prices), from ?? '', until ?? '', date, source],
    conditionCells: set.conditions.map((condition) => [
      id,
      condition.aboveInputTokens === null ? '' : String(condition.aboveInputTokens),
      hoursText(condition.hoursUtc),
      ...priceCells(condition),
    ]),
  };
}
