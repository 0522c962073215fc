import { basename, extname } from 'node:path';
import type { InputFile } from '../../catalog/inputFile.ts';
import { Fault, inert } from '../../faults/fault.ts';
import { pathText } from '../shared/jsonPath.ts';
import { refusalOf } from '../shared/refusal.ts';
import { joinedTier, ModelNames, type NamedTier } from './modelNames.ts';
import { checkSet, type PriceSet, type RegistryEntry } from './priceSet.ts';
import type { PricesFlags } from './pricesFlags.ts';
import type { ReadRegistry, RefusedPrice } from './pricesImport.ts';
import { type PricedTariff, type Proposal, type ProposalOrigin, proposalId, proposalOf } from './proposal.ts';
import type { ProviderNames } from './providerNames.ts';
import { readRegistry } from './recognise.ts';
import type { Registry } from './registry.ts';
import { flawedOr, RowFlaw } from './rowFlaw.ts';

/** What is known of names and money while a file is read. */
export interface ReadingContext {
  readonly flags: PricesFlags;
  readonly models: ModelNames;
  readonly providers: ProviderNames;
  /** Prices that were known before. */
  readonly others: readonly PricedTariff[];
  /** USD for one unit of a currency on a day; null where no rate is known. */
  readonly usdPerUnit: (currency: string, day: string) => number | null;
}

/** What the file of one registry came to, before it is held against other prices. */
export interface RegistryReading {
  readonly read: ReadRegistry;
  readonly proposals: readonly Proposal[];
  readonly refused: readonly RefusedPrice[];
}

/** No model is called so; patterns are held against names of bounded length. */
const LONGEST_NAME = 200;

/** A price with whose it is. */
interface OwnedSet {
  readonly origin: ProposalOrigin;
  readonly set: PriceSet;
  readonly rate: number;
}

/** The provider of a file that does not name one: as asked, or as the registry names its file. */
function fileProvider(registry: Registry, path: string, { flags, providers }: ReadingContext): string | null {
  if (registry.id !== 'portkey') return null;
  const stem = basename(path, extname(path));
  if (flags.provider !== null) return flags.provider;
  if (providers.knows(stem)) return stem;
  throw new Fault('missing', 'the file does not say whose prices it holds', {
    where: path,
    allowed: '--provider NAME, or the name that the registry gives the file, such as moonshot.json',
  });
}

/** The model and tier that an entry is wanted as; null where it is not. */
function wantedAs({ kind, provider, name }: RegistryEntry, registry: Registry, { flags, models }: ReadingContext): NamedTier | null {
  if (kind === 'other' || name.length > LONGEST_NAME || provider.length > LONGEST_NAME) return null;
  const known = models.named(registry.id, provider, name) ?? (flags.all ? ModelNames.ownName(name) : null);
  return flags.model !== null && known?.model !== flags.model ? null : known;
}

/** Reads the entries of a file one by one. */
class EntryReader {
  readonly owned: OwnedSet[] = [];
  readonly flaws: RowFlaw[] = [];
  otherModels = 0;
  otherKinds = 0;
  /** What stands under each id. */
  readonly #contents = new Map<string, string>();
  readonly #registry: Registry;
  readonly #context: ReadingContext;
  readonly #source: string;
  readonly #day: string;

  constructor(registry: Registry, path: string, day: string, context: ReadingContext) {
    this.#registry = registry;
    this.#context = context;
    this.#day = day;
    this.#source = `${registry.id}: ${inert(basename(path))}`;
  }

  take(entry: RegistryEntry | RowFlaw): void {
    if (entry instanceof RowFlaw) {
      this.flaws.push(entry);
      return;
    }
    const named = wantedAs(entry, this.#registry, this.#context);
    if (!named) {
      if (entry.kind === 'other') this.otherKinds++;
      else this.otherModels++;
      return;
    }
    const sets = flawedOr(entry.read);
    for (const set of sets instanceof RowFlaw ? [sets] : sets) {
      const owned = set instanceof RowFlaw ? set : flawedOr(() => this.#owned(entry, named, set));
      if (owned instanceof RowFlaw) this.flaws.push(owned);
      else if (owned) this.owned.push(owned);
    }
  }

  /** Refuses prices that cannot be meant; where nothing is charged, with what it was before. */
  #check(entry: RegistryEntry, named: NamedTier, set: PriceSet): void {
    const flaw = flawedOr(() => checkSet(set));
    if (!(flaw instanceof RowFlaw)) return;
    const provider = this.#context.providers.providerOf(this.#registry.id, entry.provider, named.model);
    const tier = joinedTier(named.tier, set.tier);
    const before = this.#context.others.find((other) => other.provider === provider && other.model === named.model && other.tier === tier);
    if (flaw.kind !== 'not-metered' || !before) throw flaw;
    const { inputUsdPerMtok, outputUsdPerMtok, date } = before;
    throw new RowFlaw(flaw.kind, flaw.code, `${flaw.message}; on ${date} it was ${inputUsdPerMtok} / ${outputUsdPerMtok}`, flaw.path);
  }

  /** Whether an earlier row says the same; one that says something else under the same id is refused. */
  #isRepeated(origin: ProposalOrigin, set: PriceSet): boolean {
    const id = proposalId(origin, set);
    const content = JSON.stringify([origin.provider, origin.model, { ...set, path: [] }]);
    const earlier = this.#contents.get(id);
    if (earlier === content) return true;
    if (earlier === undefined) {
      this.#contents.set(id, content);
      return false;
    }
    throw new RowFlaw('duplicate', 'contradiction', 'an earlier row of the file has this id', set.path, { value: id });
  }

  /** A price with whose it is; null where an earlier row says the same. */
  #owned(entry: RegistryEntry, named: NamedTier, set: PriceSet): OwnedSet | null {
    this.#check(entry, named, set);
    const date = set.date ?? this.#day;
    const rate = this.#context.usdPerUnit(set.currency, date);
    if (rate === null)
      throw new RowFlaw('broken', 'missing', `no exchange rate of that currency in the month before ${date}`, set.path, {
        value: set.currency,
        allowed: 'USD, or a currency with a rate in exchange-rates.csv of the catalog folder',
      });
    const origin: ProposalOrigin = {
      registry: this.#registry.id,
      registryProvider: entry.provider,
      registryName: entry.name,
      provider: this.#context.providers.providerOf(this.#registry.id, entry.provider, named.model),
      model: named.model,
      tier: joinedTier(named.tier, set.tier),
      date,
      source: this.#source,
    };
    return this.#isRepeated(origin, set) ? null : { origin, set, rate };
  }
}

/**
 * Reads the file of a registry: a price for each tariff of the models that are wanted, and why others became none.
 *
 * @param path of the file, for messages, and for whose prices they are where the file does not say
 * @throws Fault where nothing of the file can be read
 */
export function registryReading(path: string, file: InputFile, context: ReadingContext): RegistryReading {
  const { registry, document } = readRegistry(file.bytes, path);
  const { date } = context.flags;
  const reader = new EntryReader(registry, path, date ?? file.modified, context);
  const provider = fileProvider(registry, path, context);
  const listed = flawedOr(() => registry.entries(document.value, provider));
  const entries = listed instanceof RowFlaw ? [listed] : listed;
  for (const entry of entries) reader.take(entry);
  const { owned, flaws, otherModels, otherKinds } = reader;
  const lines = document.linesOf([...flaws.map((flaw) => flaw.path), ...owned.map(({ set }) => set.path)]);
  const lineOf = (index: number) => lines[index] ?? 1;
  return {
    read: {
      registry: registry.id,
      file: path,
      entries: entries.length,
      prices: owned.length,
      otherModels,
      otherKinds,
      date: date ?? file.modified,
      dateBasis: date === null ? 'modified' : 'option',
      ownDates: owned.filter(({ set }) => set.date !== null).length,
    },
    proposals: owned.map(({ origin, set, rate }, index) => {
      const where = `${path}:${lineOf(flaws.length + index)}: ${pathText(set.path)}`;
      return proposalOf(origin, set, where, rate);
    }),
    refused: flaws.map((flaw, index) => ({ kind: flaw.kind, ...refusalOf(flaw.fault(path, lineOf(index))) })),
  };
}
