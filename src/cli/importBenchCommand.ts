import { loadCatalog } from '../catalog/index.ts';
import { type BenchImport, type BenchWords, benchEnvironment, importBench } from '../importers/bench/index.ts';
import { importBenchReport } from '../report/importBenchReport.ts';
import { importBenchRawTable } from '../report/importBenchTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';
import { checkNotFuture } from './today.ts';

/** The words of `kplan import bench` as commander hands them over. */
export interface ImportBenchOptions extends OutputOptions, BenchWords {
  readonly catalog?: string;
}

const DEFAULT_FOLDER = 'kplan-catalog';

function exitCode({ rows, refused }: BenchImport): number {
  if (refused.length === 0) return EXIT.done;
  return rows.length > 0 ? EXIT.partial : EXIT.badInput;
}

/** Answers `kplan import bench FILE…`: the exit code is 5 where some runs were refused, and 2 where all were. */
export async function runImportBench(files: readonly string[], options: ImportBenchOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  checkNotFuture(options.date, '--date');
  const imported = importBench(files, options, benchEnvironment(loadCatalog(), options.catalog ?? DEFAULT_FOLDER));
  for (const { message } of imported.refused) io.warn(`kplan: ${message}\n`);
  const code = exitCode(imported);
  if (code === EXIT.badInput && !options.json) return code;
  await deliver(
    {
      schema: imported.schema,
      document: () => imported,
      table: () => importBenchRawTable(imported),
      report: () => importBenchReport(imported),
    },
    options,
    io,
  );
  return code;
}
