import type { Estimate } from '../evidence/estimate.ts';
import { median } from '../evidence/median.ts';
import type { SourceId } from '../evidence/source.ts';
import type { Gpu } from '../hardware/gpu.ts';
import { daysBetween, knownBy } from '../units/time.ts';
import type { Offer } from './offer.ts';
import type { Purchase } from './purchase.ts';

/** A price for the instances of one GPU type, as the answer uses it. */
export interface OfferChoice {
  /** `h200-sxm/median`, `/latest` or `/ownership`, or the id of the offer. */
  readonly id: string;
  readonly usdPerGpuHour: Estimate;
  readonly gpusPerInstance: number;
  readonly method: string;
  readonly offers: readonly Offer[];
  readonly source: SourceId;
  readonly warning: string | null;
}

/** Which offers are meant; those of every provider and region where none is named. */
export interface OfferWish {
  readonly purchase: Exclude<Purchase, 'owned'>;
  readonly provider?: string;
  readonly region?: string;
}

const ON_DEMAND: OfferWish = { purchase: 'on-demand' };
const TERM_MONTHS: Readonly<Partial<Record<Purchase, number>>> = { 'reserved-1y': 12, 'reserved-3y': 36 };

function isWished(offer: Offer, { purchase, provider, region }: OfferWish): boolean {
  const term = TERM_MONTHS[purchase];
  const pricing = purchase.startsWith('reserved') ? 'reserved' : purchase;
  return (
    offer.pricing === pricing &&
    (term === undefined || offer.termMonths === term) &&
    (provider === undefined || offer.provider === provider) &&
    (region === undefined || offer.region === region)
  );
}

/** Days after which a price of GPUs counts as past. */
export const RECENT_DAYS = 90;
const YEAR_DAYS = 365;
/** From how many providers on their range says how much prices differ. */
export const LEAST_PROVIDERS = 3;
/** Where there is one price alone, how far others are supposed to lie from it. */
const SUPPOSED_RATIO = 1.5;
const SUPPOSED = `×/÷ ${SUPPOSED_RATIO}`;
/** The instance of an ownership model that stands for a cloud which rents the GPUs out. */
const NEOCLOUD = 'owned by a neocloud';

/** The newest row of each product that exists on the day. */
function standing(offers: readonly Offer[], asOf: string): Offer[] {
  const newest = new Map<string, Offer>();
  for (const offer of offers) {
    if (!knownBy(offer.date, asOf)) continue;
    const product = [offer.provider, offer.gpu, offer.instance, offer.region, offer.pricing, offer.termMonths].join(' ');
    const known = newest.get(product);
    if (!known || offer.date > known.date) newest.set(product, offer);
  }
  return [...newest.values()].sort((a, b) => a.usdPerGpuHour - b.usdPerGpuHour || a.id.localeCompare(b.id));
}

function byProvider(offers: readonly Offer[]): Offer[][] {
  const rows = new Map<string, Offer[]>();
  for (const offer of offers) rows.set(offer.provider, [...(rows.get(offer.provider) ?? []), offer]);
  return [...rows.values()];
}

/** The one price of a provider: the median of its rows. */
function priceOf(rows: readonly Offer[]): number {
  return median(rows.map(({ usdPerGpuHour }) => usdPerGpuHour));
}

/** A value among prices that are too few to call their range measured. */
function assumedBand(value: number, prices: readonly number[]): { readonly usdPerGpuHour: Estimate; readonly single: boolean } {
  const [low, high] = [Math.min(value, ...prices), Math.max(value, ...prices)];
  const single = low === high;
  const [below, above] = single ? [value / SUPPOSED_RATIO, value * SUPPOSED_RATIO] : [low, high];
  return { usdPerGpuHour: { low: below, value, high: above, basis: 'assumed' }, single };
}

function sourceNearest(offers: readonly Offer[], value: number): SourceId {
  const distance = ({ usdPerGpuHour }: Offer) => Math.abs(usdPerGpuHour - value);
  return offers.reduce<Offer | null>((best, offer) => (!best || distance(offer) < distance(best) ? offer : best), null)?.source ?? '';
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function wholeNodes({ gpusPerNode }: Gpu): string {
  return `instances of ${plural(gpusPerNode, 'GPU')}, a whole node`;
}

/** The price by the offers that are meant, of which there is at least one. */
function listed(meant: readonly Offer[], gpu: Gpu, asOf: string, { purchase }: OfferWish): OfferChoice {
  const within = (days: number) => meant.filter(({ date }) => daysBetween(date, asOf) <= days);
  const recent = within(RECENT_DAYS);
  const latest =
    meant
      .map(({ date }) => date)
      .sort()
      .at(-1) ?? '';
  const valued = recent.length > 0 ? recent : meant.filter(({ date }) => date === latest);
  const providers = byProvider(valued);
  const prices = providers.map(priceOf);
  const value = median(prices);
  const nodes = providers.filter((rows) => rows.some(({ gpusPerInstance }) => (gpusPerInstance ?? 0) >= gpu.gpusPerNode));
  const window = recent.length > 0 ? `in the ${RECENT_DAYS} days before ${asOf}` : `on ${latest}`;
  const what = `median over ${plural(providers.length, 'provider')} (one value each: the median of its ${purchase} list prices) ${window}, ${nodes.length} of them pricing whole nodes`;
  const named = purchase === 'on-demand' ? 'median' : purchase;
  const common = { gpusPerInstance: gpu.gpusPerNode, source: sourceNearest(valued, value) };
  if (recent.length > 0 && providers.length >= LEAST_PROVIDERS) {
    return {
      ...common,
      id: `${gpu.id}/${named}`,
      usdPerGpuHour: { low: Math.min(...prices), value, high: Math.max(...prices), basis: 'measured' },
      method: `${what}; band = range over these providers; ${wholeNodes(gpu)}`,
      offers: valued,
      warning: null,
    };
  }
  const others = within(YEAR_DAYS).filter(({ provider }) => valued.every((offer) => offer.provider !== provider));
  const all = [...prices, ...byProvider(others).map(priceOf)];
  const { usdPerGpuHour, single } = assumedBand(value, all);
  const range = single ? `assumed, ${SUPPOSED}` : `range over ${all.length} providers in the ${YEAR_DAYS} days before ${asOf}`;
  const doubt = single
    ? `no second price in a year; band assumed, ${SUPPOSED}`
    : `band from ${all.length} list prices of a year, one per provider`;
  const age = `the newest ${purchase} price of ${gpu.name} is ${daysBetween(latest, asOf)} days old (${latest})`;
  const few = `${gpu.name}: only ${plural(providers.length, 'provider')} in ${RECENT_DAYS} days`;
  return {
    ...common,
    id: `${gpu.id}/${purchase === 'on-demand' && recent.length === 0 ? 'latest' : named}`,
    usdPerGpuHour,
    method: `${what}; band = ${range}; ${wholeNodes(gpu)}`,
    offers: [...valued, ...others],
    warning: `${recent.length > 0 ? few : age}; ${doubt}`,
  };
}

/** The price by constants of cost models: what a neocloud pays to own the GPU, the other ones as ends of the band. */
function modelled(models: readonly Offer[], gpu: Gpu): OfferChoice | null {
  const chosen = models.find(({ instance }) => instance === NEOCLOUD) ?? models[models.length >> 1];
  if (!chosen) return null;
  const others = models.filter((model) => model !== chosen);
  const { usdPerGpuHour, single } = assumedBand(
    chosen.usdPerGpuHour,
    others.map(({ usdPerGpuHour: usd }) => usd),
  );
  const named = (model: Offer) => `${model.instance || model.provider} ${model.usdPerGpuHour}`;
  return {
    id: `${gpu.id}/ownership`,
    usdPerGpuHour,
    gpusPerInstance: gpu.gpusPerNode,
    method: `ownership model: value = ${named(chosen)}; ${single ? `band assumed, ${SUPPOSED}` : `band to ${others.map(named).join(' and ')}`}; ${wholeNodes(gpu)}`,
    offers: [chosen, ...others],
    source: chosen.source,
    warning: `nobody lists ${gpu.name} on demand: its price is an ownership model, not an offer`,
  };
}

/**
 * The price of one offer.
 *
 * @returns the offer's price without a band; its instance is the GPU's whole node where the offer does not say
 */
export function chosenOffer(offer: Offer, gpu: Gpu): OfferChoice {
  const { id, usdPerGpuHour: price, source, pricing, provider, instance, date } = offer;
  const assumed = pricing === 'ownership-model';
  const single = offer.gpusPerInstance !== null && offer.gpusPerInstance < gpu.gpusPerNode;
  return {
    id,
    usdPerGpuHour: { low: price, value: price, high: price, basis: assumed ? 'assumed' : 'exact' },
    gpusPerInstance: offer.gpusPerInstance ?? gpu.gpusPerNode,
    method: [`${provider} ${instance}`.trim(), pricing, date].join(', '),
    offers: [offer],
    source,
    warning: single
      ? `${id} bills ${plural(offer.gpusPerInstance ?? 1, 'GPU')} at a time: check that several share the links inside a node`
      : null,
  };
}

/** A rent as the user states it, for instances of whole nodes. */
export function statedRent(usdPerGpuHour: number, gpu: Gpu, purchase: Purchase): OfferChoice {
  return {
    id: `${gpu.id}/${purchase === 'on-demand' ? 'stated' : `${purchase}-stated`}`,
    usdPerGpuHour: { low: usdPerGpuHour, value: usdPerGpuHour, high: usdPerGpuHour, basis: 'exact' },
    gpusPerInstance: gpu.gpusPerNode,
    method: `as stated; ${wholeNodes(gpu)}`,
    offers: [],
    source: 'user',
    warning: null,
  };
}

/**
 * The default price of a GPU: each provider counts once, with the median of its list prices of the 90 days before a day;
 * the value is the median over the providers, the band their range. Where fewer than 3 providers are known, the band is the range
 * over those of a year (a single price: ×/÷ 1.5) and the basis `assumed`. Where there is none in 90 days, the newest older price
 * counts, with a warning; where none is listed on demand at all, ownership models.
 *
 * @param offers all of the catalog; later ones do not exist
 * @param asOf ISO day
 * @param wish on demand, spot or reserved; one provider or region
 * @returns USD per GPU-hour for instances of one node, or null where nobody offers the GPU so
 */
export function medianOffer(offers: readonly Offer[], gpu: Gpu, asOf: string, wish: OfferWish = ON_DEMAND): OfferChoice | null {
  const known = standing(
    offers.filter((offer) => offer.gpu === gpu.id),
    asOf,
  );
  const meant = known.filter((offer) => isWished(offer, wish));
  if (meant.length > 0) return listed(meant, gpu, asOf, wish);
  if (wish.purchase !== 'on-demand' || wish.provider !== undefined || wish.region !== undefined) return null;
  return modelled(
    known.filter(({ pricing }) => pricing === 'ownership-model'),
    gpu,
  );
}
