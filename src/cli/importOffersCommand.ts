import { loadCatalog } from '../catalog/index.ts';
import { importOffers, type OffersImport, type OffersWords, offersEnvironment } from '../importers/offers/index.ts';
import { importOffersReport } from '../report/importOffersReport.ts';
import { importOffersRawTable } from '../report/importOffersTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';
import { checkNotFuture } from './today.ts';

/** The words of `kplan import offers` as commander hands them over. */
export interface ImportOffersOptions extends OutputOptions, OffersWords {
  readonly catalog?: string;
}

const DEFAULT_FOLDER = 'kplan-catalog';

/** GPUs that the catalog has no profile of are told, and are no flaw of a file that lists others too. */
function exitCode({ rows, heldBack, refused }: OffersImport): number {
  if (rows.length === 0 && heldBack.length === 0) return refused.length === 0 ? EXIT.done : EXIT.badInput;
  return heldBack.length > 0 || refused.some(({ code }) => code !== 'unknown') ? EXIT.partial : EXIT.done;
}

/**
 * Answers `kplan import offers FILE…`: the exit code is 5 where prices were held back or refused for another reason than their GPU, and 2
 * where all were refused.
 */
export async function runImportOffers(files: readonly string[], options: ImportOffersOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  checkNotFuture(options.date, '--date');
  const imported = importOffers(files, options, offersEnvironment(loadCatalog(), options.catalog ?? DEFAULT_FOLDER));
  for (const { message, count } of imported.refused) io.warn(`kplan: ${message}${count > 1 ? ` (${count} rows)` : ''}\n`);
  const code = exitCode(imported);
  if (code === EXIT.badInput && !options.json) return code;
  await deliver(
    {
      schema: imported.schema,
      document: () => imported,
      table: () => importOffersRawTable(imported),
      report: () => importOffersReport(imported),
    },
    options,
    io,
  );
  return code;
}
