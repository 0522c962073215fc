import type { Offer } from '../../cost/offer.ts';
import { groupedBy } from '../../plan/facts/groupedBy.ts';
import { risePercent } from '../../plan/facts/priceChanges.ts';
import { instanceFamily, instanceKey, type OfferRow, slug } from './offerRow.ts';

/** The row that is known of the same product. */
export interface RowBefore {
  readonly id: string;
  readonly usdPerGpuHour: number;
  readonly date: string;
  /** Whether it stands in the user's own catalog folder. */
  readonly own: boolean;
}

/** What a row says that was not known. */
export interface RowChange {
  readonly status: 'new' | 'same' | 'changed';
  /** By how much the price rose; null for a new product. */
  readonly percent: number | null;
  readonly before: RowBefore | null;
}

type Named = Pick<Offer, 'provider' | 'gpu' | 'instance' | 'region' | 'pricing' | 'termMonths'>;

/** A product as several catalogs may name it. */
function productKey({ provider, gpu, instance, region, pricing, termMonths }: Named): string {
  return JSON.stringify([provider, gpu, instanceKey(instance), slug(region), pricing, termMonths]);
}

function soldKey({ provider, instance }: Pick<Offer, 'provider' | 'instance'>): string {
  return JSON.stringify([provider, instanceFamily(instance)]);
}

/** Known offers by product, for many rows. */
export class KnownOffers {
  readonly #products = new Map<string, Offer[]>();
  readonly #sold = new Map<string, ReadonlySet<string>>();
  readonly #ownPrices: ReadonlyMap<string, number>;

  constructor(shipped: readonly Offer[], own: readonly Offer[]) {
    this.#ownPrices = new Map(own.map(({ id, usdPerGpuHour }) => [id, usdPerGpuHour]));
    const known = [...shipped, ...own];
    for (const group of groupedBy(known, productKey)) this.#products.set(group[0] ? productKey(group[0]) : '', group);
    for (const group of groupedBy(known, soldKey)) this.#sold.set(group[0] ? soldKey(group[0]) : '', new Set(group.map(({ gpu }) => gpu)));
  }

  /** Ids of GPUs that a provider is known to sell in instances of this family. */
  soldIn(provider: string, instance: string): ReadonlySet<string> {
    return this.#sold.get(soldKey({ provider, instance })) ?? new Set();
  }

  /** The price of the row of this id in the user's own catalog; null where it has none. */
  ownPrice(id: string): number | null {
    return this.#ownPrices.get(id) ?? null;
  }

  /** A row against the newest one of its product up to its day: in its region, else in none that is named. */
  changeOf(row: OfferRow): RowChange {
    const newestOf = (product: Named) =>
      (this.#products.get(productKey(product)) ?? [])
        .filter(({ id, date }) => id !== row.id && date <= row.date)
        .reduce<Offer | null>((best, offer) => (best && best.date >= offer.date ? best : offer), null);
    const newest = newestOf(row) ?? newestOf({ ...row, region: '' });
    if (!newest) return { status: 'new', percent: null, before: null };
    const { id, usdPerGpuHour, date, source } = newest;
    const percent = risePercent(usdPerGpuHour, row.usdPerGpuHour);
    return {
      status: percent === 0 ? 'same' : 'changed',
      percent,
      before: { id, usdPerGpuHour, date, own: source === 'user' },
    };
  }
}
