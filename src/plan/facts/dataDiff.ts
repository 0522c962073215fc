import type { Offer } from '../../cost/offer.ts';
import type { Tariff } from '../../cost/tariff.ts';
import { inForce } from '../../cost/tariffChoice.ts';
import type { Source, SourceId } from '../../evidence/source.ts';
import { checkNumber } from '../../units/number.ts';
import { knownBy, parseDate } from '../../units/time.ts';
import type { Catalog } from '../catalog.ts';
import { findGpus, findModel } from '../lookup.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import { type Disagreement, disagreements } from './disagreements.ts';
import { type PriceChange, priceChanges } from './priceChanges.ts';
import { offerFact, tariffFact } from './priceFact.ts';

/** What is compared; every model and GPU where none is named. */
export interface DataDiffQuery {
  /** ISO day: later rows do not exist. */
  readonly asOf: string;
  readonly thresholdPercent?: number;
  readonly model?: string;
  readonly gpu?: string;
  /** The user's own rows, beside those of the catalog. */
  readonly ownTariffs?: readonly Tariff[];
  readonly ownOffers?: readonly Offer[];
}

/** What changed among prices, and who disagrees. */
export interface DataDiffAnswer {
  readonly schema: 'kplan/data-diff@1';
  readonly answer: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly compared: { readonly tariffs: number; readonly offers: number };
  /** The newest first. */
  readonly changes: readonly PriceChange[];
  /** Newer rows with the same prices as the row before. */
  readonly confirmed: number;
  readonly disagreements: readonly Disagreement[];
  readonly sources: Readonly<Record<SourceId, Source>>;
}

const DEFAULT_THRESHOLD = 5;

interface Compared {
  readonly tariffs: readonly Tariff[];
  readonly offers: readonly Offer[];
  readonly named: Readonly<Record<string, string>>;
}

/** The rows that the question is about: naming a model leaves the offers out, naming a GPU the tariffs. */
function chosen(catalog: Catalog, { asOf, model, gpu, ownTariffs = [], ownOffers = [] }: DataDiffQuery): Compared {
  const wantedModel = model === undefined ? undefined : findModel(catalog, model).id;
  const wantedGpus = gpu === undefined ? undefined : findGpus(catalog, gpu.split(',')).map((ask) => ask.gpu.id);
  const tariffs = wantedModel === undefined && wantedGpus !== undefined ? [] : [...catalog.tariffs, ...ownTariffs];
  const offers = wantedGpus === undefined && wantedModel !== undefined ? [] : [...catalog.offers, ...ownOffers];
  return {
    tariffs: tariffs.filter(({ model: id, date }) => (wantedModel ?? id) === id && knownBy(date, asOf)),
    offers: offers.filter(({ gpu: id, date }) => (wantedGpus?.includes(id) ?? true) && knownBy(date, asOf)),
    named: {
      ...(wantedModel === undefined ? {} : { model: wantedModel }),
      ...(wantedGpus === undefined ? {} : { gpu: wantedGpus.join(', ') }),
    },
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * What changed among tariffs and offers, and where those who state a price disagree.
 *
 * @throws Fault for a name that the catalog does not know, a day that is none, or a threshold that is negative
 * @example dataDiff(catalog, { asOf: '2026-11-22', model: 'kimi-k2.5' }).compared.offers // 0
 */
export function dataDiff(catalog: Catalog, query: DataDiffQuery): DataDiffAnswer {
  const asOf = parseDate(query.asOf, '--as-of');
  const threshold = checkNumber(query.thresholdPercent ?? DEFAULT_THRESHOLD, '--threshold', { min: 0 });
  const { tariffs, offers, named } = chosen(catalog, query);
  const facts = [...tariffs.map(tariffFact), ...offers.map(offerFact)];
  const successions = priceChanges(facts);
  const changes = successions.filter(({ fields }) => fields.length > 0);
  const holding = [...tariffs.filter((tariff) => inForce(tariff, asOf)).map(tariffFact), ...offers.map(offerFact)];
  const found = disagreements(holding, threshold);
  const kinds = [
    ...(tariffs.length > 0 ? [plural(tariffs.length, 'tariff')] : []),
    ...(offers.length > 0 ? [plural(offers.length, 'offer')] : []),
  ];
  const parts = [
    `${plural(changes.length, 'change')} of price among ${kinds.join(' and ') || 'no rows'}`,
    `${plural(successions.length - changes.length, 'newer row')} with the same prices`,
    `${plural(found.length, 'price')} about which sources differ by more than ${threshold} %`,
  ];
  return {
    schema: 'kplan/data-diff@1',
    answer: `${parts.join('; ')}.`,
    query: { asOf, thresholdPercent: threshold, ...named },
    compared: { tariffs: tariffs.length, offers: offers.length },
    changes,
    confirmed: successions.length - changes.length,
    disagreements: found,
    sources: sourcesUsed(
      [...tariffs, ...offers].map(({ source }) => source),
      catalog,
    ),
  };
}
