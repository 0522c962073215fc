import { OLD_PRICE_DAYS } from '../../cost/tariffChoice.ts';
import type { SourceId } from '../../evidence/source.ts';
import { daysBetween, knownBy } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { offerProduct } from './priceFact.ts';

/** Days after which a fact of each kind is to be looked at again. */
export const AGE_LIMITS = {
  tariffs: OLD_PRICE_DAYS,
  offers: 90,
  measurements: 365,
  workloads: 365,
  servers: 365,
  ownership: 365,
  accounts: 365,
  trends: 365,
  depreciation: 730,
} as const;

export type AgedKind = keyof typeof AGE_LIMITS;

/** Facts whose age is looked at; speed alone is read when it is first asked for. */
export type AgedFacts = Pick<
  Catalog,
  'tariffs' | 'offers' | 'speed' | 'workloads' | 'servers' | 'ownership' | 'accounts' | 'trends' | 'depreciation' | 'sources'
>;

/** The fact of a product that counts: the newest one. */
export interface StandingFact {
  readonly kind: AgedKind;
  readonly id: string;
  /** A day or a month. */
  readonly date: string;
  /** From the date, a month from its first day. */
  readonly days: number;
}

interface DatedFact {
  readonly id: string;
  /** What a newer fact must be of to take its place. */
  readonly product: string;
  readonly date: string;
}

/** The oldest of sources that are more than taken for granted; of all where there is no other. */
function oldestOf(ids: readonly SourceId[], sources: AgedFacts['sources']): string {
  const found = ids.flatMap((id) => sources[id] ?? []);
  const stated = found.filter(({ kind }) => kind !== 'assumed');
  const dates = (stated.length > 0 ? stated : found).map(({ date }) => date).sort();
  return dates[0] ?? '';
}

const DATED: { readonly [Kind in AgedKind]: (facts: AgedFacts) => DatedFact[] } = {
  tariffs: ({ tariffs }) =>
    tariffs.map(({ id, provider, model, tier, date }) => ({ id, product: [provider, model, tier].join('|'), date })),
  offers: ({ offers }) => offers.map((offer) => ({ id: offer.id, product: offerProduct(offer), date: offer.date })),
  measurements: ({ speed }) =>
    speed.measurements.map(({ model, gpu, engine, date }) => {
      const id = `${model} on ${gpu}, ${engine}`;
      return { id, product: id, date };
    }),
  workloads: ({ workloads, sources }) => workloads.map(({ id, source }) => ({ id, product: id, date: oldestOf([source], sources) })),
  servers: ({ servers }) => servers.map(({ id, date }) => ({ id, product: id, date })),
  ownership: ({ ownership, sources }) =>
    ownership.map(({ id, ...preset }) => {
      const inputs = Object.values(preset).flatMap((value) => (typeof value === 'object' && 'source' in value ? [value.source] : []));
      return { id, product: id, date: oldestOf(inputs, sources) };
    }),
  accounts: ({ accounts, sources }) => accounts.map(({ id, source }) => ({ id, product: id, date: oldestOf([source], sources) })),
  trends: ({ trends, sources }) => trends.map(({ id, perYear }) => ({ id, product: id, date: oldestOf([perYear.source], sources) })),
  depreciation: ({ depreciation, sources }) =>
    depreciation.map(({ id, source }) => ({ id, product: id, date: oldestOf([source], sources) })),
};

/**
 * The age of every fact that counts on a day: of each product the newest row. A measurement's product is a model on a GPU under an
 * engine; a set of ownership inputs is as old as the oldest of them that somebody stated.
 *
 * @param facts a catalog, the user's own rows among them
 * @param asOf ISO day; later facts do not exist
 * @returns in the order of the catalog
 */
export function standingFacts(facts: AgedFacts, kind: AgedKind, asOf: string): StandingFact[] {
  const newest = new Map<string, DatedFact>();
  for (const fact of DATED[kind](facts)) {
    const known = newest.get(fact.product);
    if (knownBy(fact.date, asOf) && (!known || fact.date > known.date)) newest.set(fact.product, fact);
  }
  return [...newest.values()].map(({ id, date }) => ({ kind, id, date, days: daysBetween(date, asOf) }));
}
