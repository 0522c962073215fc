import { loadCatalog } from '../catalog/index.ts';
import { importPrices, isUnusual, type PricesImport, type PricesWords, pricesEnvironment } from '../importers/prices/index.ts';
import { importPricesReport } from '../report/importPricesReport.ts';
import { importPricesRawTable } from '../report/importPricesTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';
import { checkNotFuture } from './today.ts';

/** The words of `kplan import prices` as commander hands them over. */
export interface ImportPricesOptions extends OutputOptions, PricesWords {
  readonly catalog?: string;
}

const DEFAULT_FOLDER = 'kplan-catalog';

function exitCode({ rows, refused }: PricesImport): number {
  if (rows.length === 0) return EXIT.badInput;
  return refused.some(isUnusual) ? EXIT.partial : EXIT.done;
}

/**
 * Answers `kplan import prices FILE…`: the exit code is 2 where nothing could be used, and 5 where some prices were refused for another
 * reason than that they cost nothing or are not priced per token.
 */
export async function runImportPrices(files: readonly string[], options: ImportPricesOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  checkNotFuture(options.date, '--date');
  const imported = importPrices(files, options, pricesEnvironment(loadCatalog(), options.catalog ?? DEFAULT_FOLDER));
  for (const { message } of imported.refused.filter(isUnusual)) io.warn(`kplan: ${message}\n`);
  const code = exitCode(imported);
  if (code === EXIT.badInput && !options.json) {
    for (const note of imported.notes) io.warn(`kplan: ${note}\n`);
    return code;
  }
  await deliver(
    {
      schema: imported.schema,
      document: () => imported,
      table: () => importPricesRawTable(imported),
      report: () => importPricesReport(imported),
    },
    options,
    io,
  );
  return code;
}
