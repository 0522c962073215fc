import { type InputFile, readInputFile } from '../../catalog/inputFile.ts';
import { readOwnExchange, readOwnTariffs } from '../../catalog/ownTariffs.ts';
import { usdPerUnit } from '../../cost/exchange.ts';
import type { Tariff, TokenPrices } from '../../cost/tariff.ts';
import { Fault } from '../../faults/fault.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { type Disagreement, disagreements } from '../../plan/facts/disagreements.ts';
import { tariffFact } from '../../plan/facts/priceFact.ts';
import { attempted, refusalOf } from '../shared/refusal.ts';
import { ModelNames } from './modelNames.ts';
import { outlierOf } from './outliers.ts';
import { appendPrices, type HeldPrices, heldPrices, tariffsFileOf } from './priceCatalog.ts';
import { changeFrom, PRICE_FIELDS, tariffBefore } from './priceChange.ts';
import { answerOf, notesOf } from './pricesAnswer.ts';
import { type PricesWords, readPricesFlags } from './pricesFlags.ts';
import type { ImportedPrice, PriceBefore, PricesImport, RefusedPrice } from './pricesImport.ts';
import type { PricedTariff, Proposal } from './proposal.ts';
import { ProviderNames } from './providerNames.ts';
import { type ReadingContext, type RegistryReading, registryReading } from './registryReading.ts';

export type { PricesWords } from './pricesFlags.ts';
export { isUnusual, type PricesImport } from './pricesImport.ts';

/** The world around an import: the facts, the files, and the folder that rows go into. */
export interface PricesEnvironment {
  readonly catalog: Catalog;
  /** @throws Fault where the file cannot be read */
  readonly read: (path: string) => InputFile;
  /** The file that rows are appended to, for messages. */
  readonly target: string;
  /** The tariffs that the folder holds. @throws Fault where they are broken */
  readonly own: () => readonly Tariff[];
  readonly held: () => HeldPrices;
  readonly usdPerUnit: ReadingContext['usdPerUnit'];
  /** Appends rows that the folder does not hold, all or none. */
  readonly append: (proposals: readonly Proposal[]) => void;
}

const REGISTRY_FILE = { kind: 'a file of a price registry', remedy: 'no registry comes near', mostMiB: 64 };

/** The environment of a command: files on disk, and a catalog folder of the user's own. */
export function pricesEnvironment(catalog: Catalog, folder: string): PricesEnvironment {
  const exchange = [...readOwnExchange(folder), ...catalog.exchangeRates];
  return {
    catalog,
    read: (path) => readInputFile(path, REGISTRY_FILE),
    target: tariffsFileOf(folder),
    own: () => readOwnTariffs(folder, catalog, { completing: true }),
    held: () => heldPrices(folder),
    usdPerUnit: (currency, day) => {
      const rate = attempted(() => usdPerUnit(exchange, currency, day, '--catalog'));
      return rate instanceof Fault ? null : rate;
    },
    append: (proposals) => appendPrices(folder, proposals),
  };
}

type Sorted = { readonly kept: Proposal[]; readonly refused: RefusedPrice[]; readonly notes: string[] };

/** Holds back prices that are far from all others of their model. */
function withoutOutliers(proposals: readonly Proposal[], others: readonly PricedTariff[], keep: boolean): Sorted {
  const byModel = new Map<string, PricedTariff[]>();
  for (const tariff of [...others, ...proposals.map((proposal) => proposal.tariff)]) {
    const group = byModel.get(tariff.model) ?? [];
    group.push(tariff);
    byModel.set(tariff.model, group);
  }
  const sorted: Sorted = { kept: [], refused: [], notes: [] };
  for (const proposal of proposals) {
    const { tariff, where } = proposal;
    const outlier = outlierOf(tariff, byModel.get(tariff.model) ?? []);
    if (!outlier || keep) sorted.kept.push(proposal);
    if (!outlier) continue;
    const { side, price, median } = outlier;
    const reason = `${side} at ${price} is ten times or more away from ${median}, the median of ${tariff.model}`;
    if (keep) sorted.notes.push(`Kept as asked: ${tariff.id}, ${reason}.`);
    else {
      const fault = new Fault('contradiction', `held back: ${reason}`, {
        where,
        value: price,
        allowed: 'a price of the usual size, or --keep-outliers',
      });
      sorted.refused.push({ kind: 'outlier', ...refusalOf(fault) });
    }
  }
  return sorted;
}

interface Standing {
  readonly proposal: Proposal;
  readonly isKnown: boolean;
}

/** Parts prices that the folder, or an earlier file, holds with other figures: a past price is never edited. */
function standings(proposals: readonly Proposal[], held: HeldPrices): { readonly good: Standing[]; readonly refused: RefusedPrice[] } {
  const seen = new Map<string, string>();
  const good: Standing[] = [];
  const refused: RefusedPrice[] = [];
  for (const proposal of proposals) {
    const { tariff, cells, conditionCells, where, statesDay } = proposal;
    const content = JSON.stringify([cells.slice(0, -1), conditionCells]);
    const earlier = seen.get(tariff.id);
    const standing = earlier === undefined ? held.standingOf(proposal) : earlier === content ? 'known' : 'conflict';
    if (standing === 'conflict') {
      const fault = new Fault('contradiction', 'the catalog has another price of that day under this id: a past price is never edited', {
        where,
        value: tariff.id,
        allowed: statesDay ? 'an import into another --catalog: the file dates this price itself' : 'an import under another --date',
      });
      refused.push({ kind: 'conflict', ...refusalOf(fault) });
      continue;
    }
    seen.set(tariff.id, content);
    good.push({ proposal, isKnown: standing === 'known' });
  }
  return { good, refused };
}

function beforeOf({ id, date, conditions, ...tariff }: PricedTariff): PriceBefore {
  const prices = Object.fromEntries(PRICE_FIELDS.map((field) => [field, tariff[field]])) as unknown as TokenPrices;
  return { id, date, ...prices, conditions };
}

function importedPrice({ proposal: { tariff }, isKnown }: Standing, others: readonly PricedTariff[]): ImportedPrice {
  const before = tariffBefore(tariff, others);
  return {
    ...tariff,
    status: isKnown ? 'known' : 'added',
    change: changeFrom(before, tariff),
    before: before && beforeOf(before),
  };
}

/** Percent by which registries may differ before it is told. */
const TOLERATED = 5;

function isInForce({ from, until, date }: PricedTariff): boolean {
  return (from === null || from <= date) && (until === null || until > date);
}

/** Prices that registries list more than 5 % apart, where the import takes part. */
function disagreementsWith(imported: readonly PricedTariff[], others: readonly PricedTariff[]): Disagreement[] {
  const ids = new Set(imported.map(({ id }) => id));
  const facts = [...others.filter(({ id }) => !ids.has(id)), ...imported].filter(isInForce).map(tariffFact);
  return disagreements(facts, TOLERATED).filter(({ claims }) => claims.some((claim) => claim.ids.some((id) => ids.has(id))));
}

/**
 * Reads files of price registries and appends a row for each good price to the user's catalog: a proposal beside the prices that kplan
 * ships, told with what is new, what has changed and what registries do not agree on.
 *
 * @param files paths of the files, of any of the known registries
 * @param words the options as typed
 * @param environment the facts, the files and the catalog folder
 * @returns the rows, the refusals row by row, and the disagreements
 * @throws Fault for an option that cannot be read, and for a catalog that cannot be appended to
 */
export function importPrices(files: readonly string[], words: PricesWords, environment: PricesEnvironment): PricesImport {
  const { catalog } = environment;
  const models = new ModelNames(catalog);
  const flags = readPricesFlags(words, models);
  const others: readonly PricedTariff[] = [...catalog.tariffs, ...environment.own()];
  const context = { flags, others, models, providers: new ProviderNames(catalog.tariffs), usdPerUnit: environment.usdPerUnit };
  const outcomes = files.map((path) => attempted(() => registryReading(path, environment.read(path), context)));
  const readings = outcomes.filter((outcome): outcome is RegistryReading => !(outcome instanceof Fault));
  const sorted = withoutOutliers(
    readings.flatMap(({ proposals }) => proposals),
    others,
    flags.keepOutliers,
  );
  const { good, refused: conflicts } = standings(sorted.kept, environment.held());
  const fresh = good.filter(({ isKnown }) => !isKnown).map(({ proposal }) => proposal);
  if (fresh.length > 0) environment.append(fresh);
  const rows = good.map((standing) => importedPrice(standing, others));
  const refused = [
    ...outcomes.flatMap((outcome): RefusedPrice[] =>
      outcome instanceof Fault ? [{ kind: 'file', ...refusalOf(outcome) }] : [...outcome.refused],
    ),
    ...sorted.refused,
    ...conflicts,
  ];
  const registries = readings.map(({ read }) => read);
  return {
    schema: 'kplan/import-prices@1',
    answer: answerOf(rows, refused, environment.target),
    catalog: environment.target,
    registries,
    added: fresh.length,
    rows,
    disagreements: disagreementsWith(
      good.map(({ proposal }) => proposal.tariff),
      others,
    ),
    refused,
    otherModels: registries.reduce((sum, { otherModels }) => sum + otherModels, 0),
    notes: notesOf(registries, refused, sorted.notes),
  };
}
