import type { Estimate } from '../evidence/estimate.ts';
import type { SourceId } from '../evidence/source.ts';
import type { Gpu } from '../hardware/gpu.ts';
import { daysBetween } from '../units/time.ts';
import type { Offer } from './offer.ts';

/** A price for the instances of one GPU type, as the answer uses it. */
export interface OfferChoice {
  /** `h200-sxm/median`, or the id of the offer. */
  readonly id: string;
  readonly usdPerGpuHour: Estimate;
  readonly gpusPerInstance: number;
  readonly method: string;
  readonly offers: readonly Offer[];
  readonly source: SourceId;
  readonly warning: string | null;
}

const RECENT_DAYS = 90;

/** The newest row of each product that exists on the day. */
function standing(offers: readonly Offer[], asOf: string): Offer[] {
  const newest = new Map<string, Offer>();
  for (const offer of offers) {
    if (offer.date > asOf) continue;
    const product = [offer.provider, offer.gpu, offer.instance, offer.region, offer.pricing].join(' ');
    const known = newest.get(product);
    if (!known || offer.date > known.date) newest.set(product, offer);
  }
  return [...newest.values()].sort((a, b) => a.usdPerGpuHour - b.usdPerGpuHour || a.id.localeCompare(b.id));
}

function middle(prices: readonly number[]): number {
  const half = prices.length >> 1;
  const upper = prices[half] ?? Number.NaN;
  return prices.length % 2 === 1 ? upper : ((prices[half - 1] ?? upper) + upper) / 2;
}

function band(offers: readonly Offer[], basis: Estimate['basis']): Estimate {
  const prices = offers.map(({ usdPerGpuHour }) => usdPerGpuHour);
  return { low: Math.min(...prices), value: middle(prices), high: Math.max(...prices), basis };
}

function medianOf(
  offers: readonly Offer[],
  gpu: Gpu,
  name: string,
  basis: Estimate['basis'],
  what: string,
  warning: string | null,
): OfferChoice {
  return {
    id: `${gpu.id}/${name}`,
    usdPerGpuHour: band(offers, basis),
    gpusPerInstance: gpu.gpusPerNode,
    method: `${what}; band = their range; instances of ${gpu.gpusPerNode} GPUs, a whole node`,
    offers,
    source: offers[offers.length >> 1]?.source ?? '',
    warning,
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
    method: `${provider} ${instance}, ${pricing}, ${date}`,
    offers: [offer],
    source,
    warning: single ? `${id} bills ${offer.gpusPerInstance} GPUs at a time: check that several share the links inside a node` : null,
  };
}

/**
 * The default price of a GPU: the median of the on-demand offers of the 90 days before a day, their range as band.
 * Where there are none, the newest older on-demand offer with a warning; then ownership constants, as assumed.
 *
 * @param offers all of the catalog; later ones do not exist
 * @param asOf ISO day
 * @returns USD per GPU-hour for instances of one node, or null where nobody offers the GPU
 */
export function medianOffer(offers: readonly Offer[], gpu: Gpu, asOf: string): OfferChoice | null {
  const all = standing(
    offers.filter((offer) => offer.gpu === gpu.id),
    asOf,
  );
  const onDemand = all.filter(({ pricing }) => pricing === 'on-demand');
  const age = ({ date }: Offer) => daysBetween(date, asOf);
  const recent = onDemand.filter((offer) => age(offer) <= RECENT_DAYS);
  if (recent.length > 0) {
    return medianOf(
      recent,
      gpu,
      'median',
      'measured',
      `median of ${recent.length} on-demand list prices of the ${RECENT_DAYS} days before ${asOf}`,
      null,
    );
  }
  const latest = onDemand.reduce<Offer | null>((best, offer) => (!best || offer.date > best.date ? offer : best), null);
  if (latest) {
    const warning = `the newest on-demand price of ${gpu.name} is ${age(latest)} days old (${latest.date})`;
    return medianOf([latest], gpu, 'latest', 'measured', `newest on-demand list price, ${latest.date}`, warning);
  }
  const owned = all.filter(({ pricing }) => pricing === 'ownership-model');
  if (owned.length === 0) return null;
  const warning = `nobody lists ${gpu.name} on demand: its price is an ownership model, not an offer`;
  return medianOf(owned, gpu, 'ownership', 'assumed', `median of ${owned.length} ownership models`, warning);
}
