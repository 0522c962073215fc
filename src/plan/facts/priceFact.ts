import { hoursText } from '../../cost/hoursText.ts';
import type { Offer } from '../../cost/offer.ts';
import type { DaySpan, Tariff, TokenPrices } from '../../cost/tariff.ts';
import { effectiveDate } from '../../cost/tariffChoice.ts';

/** One price of a fact. */
export interface PriceField {
  /** As published; null where it is not. */
  readonly usd: number | null;
  /** What is billed: an unpublished price is that of another field. */
  readonly billedUsd: number;
}

/** A dated price as tariffs and offers are compared: who says it, of what, since when. */
export interface PriceFact {
  readonly kind: 'tariff' | 'offer';
  readonly id: string;
  readonly provider: string;
  /** Catalog id of the model, or of the GPU. */
  readonly subject: string;
  /** What is sold of it: a service tier, or instances. */
  readonly product: string;
  /** Who says it: the registry of a tariff, the source of an offer. */
  readonly registry: string;
  /** Facts of one series follow each other. */
  readonly series: string;
  /** What several may say a price of, and should agree; null where it compares with nothing. */
  readonly common: string | null;
  /** First day on which it holds, as far as is known. */
  readonly since: string;
  /** The day on which it says that it begins; null where it does not. */
  readonly begins: string | null;
  /** The day on which it was read. */
  readonly date: string;
  /** Whether it stands in the user's own catalog folder. */
  readonly own: boolean;
  /** By name of the field; USD per million tokens, or per GPU-hour. */
  readonly prices: Readonly<Record<string, PriceField>>;
}

/** A tariff as a registry lists it; one without a source is about to become the user's own. */
type ListedTariff = Omit<Tariff, 'providerName' | 'providerKind' | 'source'> & Partial<Pick<Tariff, 'source'>>;

/** The source of the user's own rows. */
const OWN = 'user';

function published(usd: number | null, instead: number): PriceField {
  return { usd, billedUsd: usd ?? instead };
}

function tokenFields(prices: TokenPrices, prefix: string): [string, PriceField][] {
  const { inputUsdPerMtok: input, outputUsdPerMtok: output } = prices;
  const write = prices.cacheWriteUsdPerMtok ?? input;
  return [
    [`${prefix}input`, published(input, input)],
    [`${prefix}cache read`, published(prices.cacheReadUsdPerMtok, input)],
    [`${prefix}cache write`, published(prices.cacheWriteUsdPerMtok, input)],
    [`${prefix}cache write 1h`, published(prices.cacheWrite1hUsdPerMtok, write)],
    [`${prefix}output`, published(output, output)],
    [`${prefix}thinking`, published(prices.thinkingUsdPerMtok, output)],
  ];
}

/** When a condition holds; registries that write 271,999 and 272,000 mean one tier. */
function conditionName(aboveInputTokens: number | null, hoursUtc: readonly DaySpan[]): string {
  const length = aboveInputTokens === null ? [] : [`above ${Math.round(aboveInputTokens / 1000)},000 tokens`];
  const hours = hoursUtc.length === 0 ? [] : [`${hoursText(hoursUtc)} UTC`];
  return [...length, ...hours].join(', ');
}

/** The day from which a tariff is known to hold; empty where only its end is. */
function since(tariff: ListedTariff): string {
  return tariff.from === null && tariff.until !== null && tariff.until <= tariff.date ? '' : effectiveDate(tariff);
}

/**
 * A tariff as a fact that compares with others of its registry over time, and with other registries.
 *
 * @example tariffFact(kimiList).common // 'standard'
 */
export function tariffFact(tariff: ListedTariff): PriceFact {
  const { id, provider, model, tier } = tariff;
  const registry = id.split(':')[0] ?? id;
  const conditions = tariff.conditions.flatMap((condition) =>
    tokenFields(condition, `${conditionName(condition.aboveInputTokens, condition.hoursUtc)}: `),
  );
  return {
    kind: 'tariff',
    id,
    provider,
    subject: model,
    product: tier,
    registry,
    series: ['tariff', registry, provider, model, tier].join('|'),
    common: tier,
    since: since(tariff),
    begins: tariff.from,
    date: tariff.date,
    own: (tariff.source ?? OWN) === OWN,
    prices: Object.fromEntries([...tokenFields(tariff, ''), ...conditions]),
  };
}

function sizeWords({ pricing, gpusPerInstance: gpus }: Offer): string {
  return gpus === null ? pricing : `${pricing}, ${gpus} GPU${gpus === 1 ? '' : 's'}`;
}

function productWords(offer: Offer): string {
  const term = offer.termMonths === null ? [] : [`${offer.termMonths} months`];
  return [sizeWords(offer), ...term, offer.instance, offer.region].filter((word) => word !== '').join(', ');
}

/** What is sold by an offer, whatever it costs and whenever it was read: a newer row of a product takes the place of an older one. */
export function offerProduct({ provider, gpu, instance, region, pricing, termMonths }: Offer): string {
  return [provider, gpu, instance, region, pricing, termMonths].join('|');
}

/** An offer as a fact that compares with the same product over time, and on demand with what other sources say of its provider. */
export function offerFact(offer: Offer): PriceFact {
  const { id, provider, gpu, pricing, usdPerGpuHour } = offer;
  return {
    kind: 'offer',
    id,
    provider,
    subject: gpu,
    product: productWords(offer),
    registry: offer.source === OWN ? 'own' : offer.source.replace(/^sources#/, ''),
    series: `offer|${offerProduct(offer)}`,
    common: pricing === 'on-demand' ? sizeWords(offer) : null,
    since: offer.date,
    begins: null,
    date: offer.date,
    own: offer.source === OWN,
    prices: { 'GPU-hour': published(usdPerGpuHour, usdPerGpuHour) },
  };
}

/** The price of a field, or of the one that counts where a condition has none of its own. */
export function priceAt({ prices }: PriceFact, field: string): PriceField {
  return prices[field] ?? prices[field.slice(field.lastIndexOf(': ') + 2)] ?? { usd: null, billedUsd: Number.NaN };
}
