import { groupedBy } from '../../plan/facts/groupedBy.ts';
import type { FoundGpu } from './gpuIndex.ts';
import { LeftOut, type ListedPrice, type Listing } from './listing.ts';
import { usdPerGpuHour } from './offerRow.ts';

/** A listed price of a known GPU. */
export interface PricedListing extends Omit<Listing, 'prices' | 'gpu'> {
  readonly provider: string;
  readonly found: FoundGpu;
  readonly price: ListedPrice;
  /** Whether spot and on demand cost the same, so that spot may be no offer of its own. */
  readonly isSpotAtList: boolean;
}

/** One price of a product: of instances of a provider in a region, on demand or as spot. */
export interface Product {
  readonly listing: PricedListing;
  readonly region: string;
  readonly usdPerGpuHour: number;
}

function keyOf({ listing: { provider, found, instance, gpus, price }, region }: Product): string {
  return JSON.stringify([provider, found.gpu.id, instance, gpus, region, price.pricing]);
}

/** The lowest of the prices of one product; the others are left out, as repeats or as dearer ones. */
function lowest(products: readonly Product[]): (Product | LeftOut)[] {
  const [first, ...more] = products.toSorted((a, b) => a.usdPerGpuHour - b.usdPerGpuHour);
  if (!first) return [];
  const left = more.map(
    ({ listing, usdPerGpuHour: usd }) => new LeftOut(usd === first.usdPerGpuHour ? 'repeat' : 'dearer', listing.price.where),
  );
  return [first, ...left];
}

/** Zones become regions of their own where they do not cost the same. */
function byZone(products: readonly Product[]): Product[] {
  const differ = new Set(products.map((product) => product.usdPerGpuHour)).size > 1;
  return products.map((product) => (differ && product.listing.zone !== '' ? { ...product, region: product.listing.zone } : product));
}

/** Instances that are sold in several sizes under one name get the size into it. */
function named(listings: readonly PricedListing[]): PricedListing[] {
  const sizes = groupedBy(listings, ({ provider, instance }) => JSON.stringify([provider, instance]));
  return sizes.flatMap((same) => {
    const several = new Set(same.map(({ gpus }) => gpus)).size > 1;
    return several ? same.map((listing) => ({ ...listing, instance: `${listing.gpus}x ${listing.instance}` })) : same;
  });
}

/**
 * One price for each product: equal prices in several zones are one, different ones keep their zone, and where a catalog prices the same
 * instance and region several times the lowest counts.
 *
 * @returns products in the order of the catalog, and what is left out
 */
export function productsOf(listings: readonly PricedListing[]): (Product | LeftOut)[] {
  const products = named(listings).map((listing) => ({
    listing,
    region: listing.region,
    usdPerGpuHour: usdPerGpuHour(listing.price.usd, listing.gpus),
  }));
  const zoned = groupedBy(products, keyOf).flatMap(byZone);
  return groupedBy(zoned, keyOf).flatMap(lowest);
}
