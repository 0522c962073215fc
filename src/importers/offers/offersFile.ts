import { basename } from 'node:path';
import type { InputFile } from '../../catalog/inputFile.ts';
import { Fault, inert } from '../../faults/fault.ts';
import { agreed } from '../bench/agreed.ts';
import { attempted } from '../shared/refusal.ts';
import { type CatalogText, catalogTexts } from './catalogText.ts';
import type { GpuIndex } from './gpuIndex.ts';
import { LeftOut, type Listing } from './listing.ts';
import { type OfferRow, offerId } from './offerRow.ts';
import type { OffersFlags } from './offersFlags.ts';
import { type PricedListing, type Product, productsOf } from './products.ts';
import type { KnownOffers } from './proposal.ts';
import { providerOf } from './provider.ts';
import { type Listed, readListings } from './recognise.ts';

/** What the rows of a file are read with. */
export interface OffersContext {
  readonly flags: OffersFlags;
  readonly index: GpuIndex;
  readonly known: KnownOffers;
}

/** A row with its place, for messages. */
export interface PlacedOffer {
  readonly row: OfferRow;
  readonly where: string;
}

/** What a file comes to: rows, what is left out, what is wrong. */
export interface OffersOfFile {
  readonly outcomes: readonly (PlacedOffer | LeftOut | Fault)[];
  readonly assumed: readonly string[];
}

/** The prices of a listing, each with its GPU; the faults that it ends in. */
function priced(listing: Listing, stated: string | null, { flags, index, known }: OffersContext): PricedListing[] | Fault {
  return attempted(() => {
    const provider = providerOf(flags.provider, listing.provider ?? stated, listing.where);
    const found = index.find(listing.gpu, { asked: flags.gpus, sold: known.soldIn(provider, listing.instance) });
    const [first, second] = listing.prices;
    const isSpotAtList = first !== undefined && second !== undefined && first.usd === second.usd;
    return listing.prices.map((price) => ({ ...listing, provider, found, price, isSpotAtList }));
  });
}

function rowOf({ listing, region, usdPerGpuHour }: Product, date: string, source: string): PlacedOffer {
  const { provider, found, gpus, instance, price, isSpotAtList } = listing;
  if (usdPerGpuHour === 0)
    throw new Fault('invalid', 'too small to be a price', { where: price.where, value: price.usd, allowed: 'at least 1e-6 per GPU-hour' });
  const spotNote = isSpotAtList && price.pricing === 'spot' ? ['as spot the file has the price on demand'] : [];
  const row = {
    provider,
    gpu: found.gpu.id,
    gpusPerInstance: gpus,
    instance,
    region,
    pricing: price.pricing,
    termMonths: null,
    usdPerGpuHour,
    date,
    source,
    note: [...(found.note === '' ? [] : [found.note]), ...spotNote].join('; '),
  };
  return { row: { id: offerId(row), ...row }, where: price.where };
}

/** What the file leaves open, and the notes of its rows. */
function assumptions({ name, provider }: CatalogText, changed: string | null, rows: readonly OfferRow[]): string[] {
  if (rows.length === 0) return [];
  const file = inert(name);
  const byDay = changed === null ? [] : [`the day of ${file}, ${changed}: when the file was last changed; say it with --date`];
  const byName = provider === null ? [] : [`the provider of ${file}: the name of the file in the archive`];
  return [...byDay, ...byName, ...rows.flatMap(({ note }) => (note === '' ? [] : note.split('; ')))];
}

function checkProvider(listed: Listed, { name, provider }: CatalogText, { flags }: OffersContext): void {
  const isSilent = listed.outcomes.some((one) => 'provider' in one && one.provider === null);
  if (!isSilent || provider !== null || flags.provider !== null) return;
  throw new Fault('missing', 'the file does not say whose prices they are', { where: name, allowed: '--provider NAME, such as lambda' });
}

function offersOfText(text: CatalogText, context: OffersContext): OffersOfFile {
  const stated = agreed(context.flags.date, text.date, { flag: '--date', where: text.name });
  const listed = readListings(text.text, text.name);
  checkProvider(listed, text, context);
  const source = `${listed.catalog}: ${inert(basename(text.name))}`;
  const read = listed.outcomes.flatMap((outcome): readonly (PricedListing | LeftOut | Fault)[] => {
    if (outcome instanceof Fault || outcome instanceof LeftOut) return [outcome];
    const prices = priced(outcome, text.provider, context);
    return prices instanceof Fault ? [prices] : prices;
  });
  const apart = read.filter((one) => one instanceof Fault || one instanceof LeftOut);
  const products = productsOf(read.flatMap((one) => (one instanceof Fault || one instanceof LeftOut ? [] : [one])));
  const rows = products.map((product) =>
    product instanceof LeftOut ? product : attempted(() => rowOf(product, stated ?? text.modified, source)),
  );
  const isEmpty = rows.length === 0 && !apart.some((one) => one instanceof Fault);
  const nothing = new Fault('missing', 'no row has a price of a GPU', { where: text.name, allowed: 'at least one' });
  const good = rows.flatMap((one) => ('row' in one ? [one.row] : []));
  return {
    outcomes: [...rows, ...apart, ...(isEmpty ? [nothing] : [])],
    assumed: assumptions(text, stated === null ? text.modified : null, good),
  };
}

/**
 * The offers that a file lists: a catalog of GPU prices, or an archive of them.
 *
 * @param path for messages
 */
export function offersOf(file: InputFile, path: string, context: OffersContext): OffersOfFile {
  const texts = attempted(() => catalogTexts(file, path));
  if (texts instanceof Fault) return { outcomes: [texts], assumed: [] };
  const found = texts.map((text) => attempted(() => offersOfText(text, context)));
  const whole = found.map((one): OffersOfFile => (one instanceof Fault ? { outcomes: [one], assumed: [] } : one));
  return { outcomes: whole.flatMap(({ outcomes }) => outcomes), assumed: whole.flatMap(({ assumed }) => assumed) };
}
