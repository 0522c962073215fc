import { type InputFile, readInputFile } from '../../catalog/inputFile.ts';
import { readOwnOffers } from '../../catalog/ownOffers.ts';
import type { Offer } from '../../cost/offer.ts';
import { Fault } from '../../faults/fault.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { appendRows, catalogPath } from '../shared/catalogFile.ts';
import { attempted } from '../shared/refusal.ts';
import { GpuIndex } from './gpuIndex.ts';
import { LeftOut } from './listing.ts';
import { OFFER_FILE, type OfferRow, offerCells } from './offerRow.ts';
import { answerOf, leftOutRows, refusedRows } from './offersAnswer.ts';
import { type OffersOfFile, offersOf, type PlacedOffer } from './offersFile.ts';
import { type OffersWords, readOffersFlags } from './offersFlags.ts';
import type { OffersImport } from './offersImport.ts';
import { judgedOffers } from './offersJudge.ts';
import { KnownOffers } from './proposal.ts';

export type { OffersWords } from './offersFlags.ts';
export type { OffersImport } from './offersImport.ts';

/** The world around an import: the facts, the files, and the folder that rows go into. */
export interface OffersEnvironment {
  readonly catalog: Catalog;
  /** @throws Fault where the file cannot be read */
  readonly read: (path: string) => InputFile;
  /** The file that rows are appended to, for messages. */
  readonly target: string;
  /** The offers that it holds. @throws Fault where it is not one of kplan's */
  readonly own: () => readonly Offer[];
  /** Appends rows whose ids it does not hold, whole or not at all, and says how many. */
  readonly append: (rows: readonly OfferRow[]) => number;
}

/** The environment of a command: files on disk, and a catalog folder of the user's own. */
export function offersEnvironment(catalog: Catalog, folder: string): OffersEnvironment {
  return {
    catalog,
    read: (path) => readInputFile(path, { kind: 'a catalog of GPU prices', remedy: 'one provider at a time' }),
    target: catalogPath(folder, OFFER_FILE),
    own: () => readOwnOffers(folder, catalog),
    append: (rows) => {
      const [added = []] = appendRows(folder, [OFFER_FILE], ([held = []]) => {
        const ids = new Set(held.map(([id]) => id));
        return [rows.filter(({ id }) => !ids.has(id)).map(offerCells)];
      });
      return added.length;
    },
  };
}

type Outcome = OffersOfFile['outcomes'][number];

function isPlaced(outcome: Outcome): outcome is PlacedOffer {
  return !(outcome instanceof Fault || outcome instanceof LeftOut);
}

/**
 * Reads catalogs of GPU prices and appends a row for each price of a GPU that kplan knows to the user's catalog; what cannot be used is
 * told with its place.
 *
 * @param files paths of catalogs of SkyPilot or gpuhunt
 * @param words the options as typed, which say what the files do not
 * @param environment the facts, the files and the catalog folder
 * @returns the rows against what was known, and what was held back, left out and refused
 * @throws Fault for an option that cannot be read, and for a catalog that cannot be appended to
 */
export function importOffers(files: readonly string[], words: OffersWords, environment: OffersEnvironment): OffersImport {
  const { catalog, target } = environment;
  const flags = readOffersFlags(words, catalog);
  const own = environment.own();
  const known = new KnownOffers(catalog.offers, own);
  const context = { flags, index: new GpuIndex(catalog.gpus), known };
  const found = files.map((path): OffersOfFile => {
    const file = attempted(() => environment.read(path));
    return file instanceof Fault ? { outcomes: [file], assumed: [] } : offersOf(file, path, context);
  });
  const outcomes = found.flatMap((file) => file.outcomes);
  const { rows, heldBack, faults } = judgedOffers(outcomes.filter(isPlaced), {
    known,
    offers: [...catalog.offers, ...own],
    keepOutliers: flags.keepOutliers,
  });
  const fresh = rows.filter((row) => !row.known);
  const result = {
    catalog: target,
    added: fresh.length === 0 ? 0 : environment.append(fresh),
    rows,
    heldBack,
    leftOut: leftOutRows(outcomes.filter((outcome) => outcome instanceof LeftOut)),
    refused: refusedRows([...outcomes.filter((outcome) => outcome instanceof Fault), ...faults]),
  };
  const assumed = [...new Set(found.flatMap((file) => file.assumed))];
  return { schema: 'kplan/import-offers@1', answer: answerOf(result), ...result, assumed };
}
