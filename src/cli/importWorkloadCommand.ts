import { futureNotice } from '../importers/usage/futureNotice.ts';
import { importUsage, type UsageWords } from '../importers/usage/index.ts';
import { importWorkloadRawTable, importWorkloadReport } from '../report/importWorkloadReport.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';

/** The words of `kplan import workload` as commander hands them over. */
export interface ImportWorkloadOptions extends OutputOptions, UsageWords {}

const PROGRESS_BYTES = 2 ** 25;

/** Says how far a long file is read, where somebody looks. */
function progressTo(io: Io): (path: string, bytes: number) => void {
  let said = 0;
  return (path, bytes) => {
    if (bytes < said) said = 0;
    if (bytes - said < PROGRESS_BYTES) return;
    said = bytes;
    io.warn(`\rkplan: ${path}: ${Math.round(bytes / 2 ** 20)} MiB read `);
  };
}

/**
 * Answers `kplan import workload FILE…`: a summary on stdout, the workload into the file of `--out`; the exit code is 5 where rows were
 * left out as broken.
 */
export async function runImportWorkload(files: readonly string[], options: ImportWorkloadOptions, io: Io): Promise<number> {
  const { out, ...shown } = options;
  const file = out === '-' ? undefined : out;
  const target = file === undefined ? null : { where: '--out', path: file };
  await checkDelivery(shown, target);
  const isWatched = process.stderr.isTTY === true;
  const found = await importUsage(files, options, { stdin: process.stdin, ...(isWatched ? { progress: progressTo(io) } : {}) });
  const document = { ...found, notices: [...found.notices, ...futureNotice(found, Date.now())] };
  await deliver(
    {
      schema: document.schema,
      document: () => document,
      table: () => importWorkloadRawTable(document),
      report: () => importWorkloadReport(document),
      warnings: document.notices,
    },
    out === '-' ? { ...shown, json: true } : shown,
    io,
    target && { ...target, content: async () => `${JSON.stringify(document, null, 2)}\n` },
  );
  return document.rows.leftOut.some(({ reason }) => reason !== 'no output tokens') ? EXIT.partial : EXIT.done;
}
