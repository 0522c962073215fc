import type { Offer } from '../../cost/offer.ts';
import { chosenOffer, medianOffer, statedRent } from '../../cost/offerChoice.ts';
import type { Purchase } from '../../cost/purchase.ts';
import { Fault } from '../../faults/fault.ts';
import { lookupName } from '../../faults/nearest.ts';
import type { Gpu } from '../../hardware/gpu.ts';
import { knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { laterThan } from '../laterThan.ts';
import type { GpuAsk } from '../lookup.ts';
import type { HostingQuery, HostingQuestion } from './hostingQuestion.ts';
import { ownedServer } from './ownershipRules.ts';
import { ownedSupply, rentedSupply, type Supply } from './supply.ts';

/** An offer that the user named. */
export type AskedOffer = Offer;

const PRICING: Readonly<Record<string, Purchase>> = { spot: 'spot', 'on-demand': 'on-demand', 'ownership-model': 'on-demand' };
const BY_TERM: Readonly<Record<number, Purchase>> = { 12: 'reserved-1y', 36: 'reserved-3y' };

/** How an offer is paid for. */
function purchaseOf({ pricing, termMonths }: Offer): Purchase {
  return PRICING[pricing] ?? BY_TERM[termMonths ?? 0] ?? 'reserved';
}

/**
 * The offers that the user named.
 *
 * @throws Fault `unknown`, or `contradiction` where its GPU or the way to pay for it is not asked for
 */
export function askedOffers(
  { offers: ids, purchases }: Pick<HostingQuery, 'offers' | 'purchases'>,
  asks: readonly GpuAsk[],
  catalog: Catalog,
  asOf: string,
): AskedOffer[] {
  const all = new Map(catalog.offers.map((each) => [each.id.toLowerCase(), each]));
  return [...new Set(ids ?? [])].map((id) => {
    const offer = lookupName(all, id, '--offer', 'kplan data offers');
    if (!knownBy(offer.date, asOf)) throw laterThan(asOf, '--offer', id, offer.date);
    const rents: readonly Purchase[] = (purchases ?? []).filter((purchase) => purchase !== 'owned');
    if (rents.length > 0 && !rents.includes(purchaseOf(offer)))
      throw new Fault('contradiction', `the offer is ${purchaseOf(offer)}`, {
        where: '--offer',
        value: id,
        allowed: `with --purchase ${[...rents, purchaseOf(offer)].join()}, or without --purchase`,
      });
    if (asks.some(({ gpu }) => gpu.id === offer.gpu)) return offer;
    throw new Fault('contradiction', `the offer is for ${offer.gpu}`, {
      where: '--offer',
      value: id,
      allowed: `offers for ${asks.map(({ gpu }) => gpu.id).join(', ')}`,
    });
  });
}

/**
 * Refuses a provider or a region that no offer of the catalog has.
 *
 * @throws Fault `unknown` with the nearest names
 */
export function checkPlace({ provider, region }: Pick<HostingQuestion, 'provider' | 'region'>, { offers }: Catalog): void {
  const names = (of: (offer: Offer) => string) =>
    new Map(offers.flatMap((offer) => (of(offer) === '' ? [] : [[of(offer).toLowerCase(), true] as const])));
  if (provider !== undefined)
    lookupName(
      names((offer) => offer.provider),
      provider,
      '--provider',
      'kplan data offers',
    );
  if (region !== undefined)
    lookupName(
      names((offer) => offer.region),
      region,
      '--region',
      'kplan data offers',
    );
}

function missingPrice(gpu: Gpu, purchase: Purchase, { asOf, provider, region }: HostingQuestion): string {
  if (purchase === 'owned') return `no purchase price of machines with ${gpu.name} is known on ${asOf}: --capex and --kilowatts state one`;
  const where = [provider === undefined ? '' : ` at ${provider}`, region === undefined ? '' : ` in ${region}`].join('');
  return purchase === 'on-demand'
    ? `no price of ${gpu.name}${where} is known on ${asOf}`
    : `no ${purchase} price of ${gpu.name}${where} is known on ${asOf}`;
}

/** What can be had of a GPU: its supplies, and why there are no others. */
interface Supplies {
  readonly supplies: readonly Supply[];
  readonly missing: readonly string[];
}

/**
 * Every way to pay for a GPU that is asked for: the named offers, or each kind of purchase at its median price, or machines of one's own.
 *
 * @param offers those that the user named; with some for this GPU, on-demand prices are no longer looked up
 */
export function suppliesFor(question: HostingQuestion, gpu: Gpu, catalog: Catalog, offers: readonly AskedOffer[]): Supplies {
  const named = offers.filter((offer) => offer.gpu === gpu.id);
  const supplies: Supply[] = named.map((offer) => rentedSupply(chosenOffer(offer, gpu), purchaseOf(offer), question));
  const missing: string[] = [];
  const { provider, region, asOf, ownership } = question;
  const wish = { ...(provider === undefined ? {} : { provider }), ...(region === undefined ? {} : { region }) };
  for (const purchase of question.purchases) {
    if (purchase === 'owned') {
      const server = ownedServer(gpu, ownership, catalog.servers, asOf);
      if (server) supplies.push(ownedSupply(gpu, server, question));
      else missing.push(missingPrice(gpu, purchase, question));
      continue;
    }
    if (named.length > 0 && purchase === 'on-demand') continue;
    if (question.usdPerGpuHour !== null) {
      supplies.push(rentedSupply(statedRent(question.usdPerGpuHour, gpu, purchase), purchase, question));
      continue;
    }
    const rent = medianOffer(catalog.offers, gpu, asOf, { purchase, ...wish });
    if (rent) supplies.push(rentedSupply(rent, purchase, question));
    else missing.push(missingPrice(gpu, purchase, question));
  }
  return { supplies, missing };
}
