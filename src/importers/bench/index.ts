import { type InputFile, readInputFile } from '../../catalog/inputFile.ts';
import { Fault } from '../../faults/fault.ts';
import type { Catalog } from '../../plan/catalog.ts';
import { attempted, refusalOf } from '../shared/refusal.ts';
import { appendMeasurements, benchFileOf, knownIds } from './benchCatalog.ts';
import { type BenchFlags, type BenchWords, readBenchFlags } from './benchFlags.ts';
import type { BenchImport, ImportedRow } from './benchImport.ts';
import { type BenchMeasurement, benchMeasurement } from './benchMeasurement.ts';
import type { MeasurementRow } from './measurementRow.ts';
import { readRuns } from './recognise.ts';

export type { BenchWords } from './benchFlags.ts';
export type { BenchImport } from './benchImport.ts';

/** The world around an import: the facts, the files, and the folder that rows go into. */
export interface BenchEnvironment {
  readonly catalog: Catalog;
  /** @throws Fault where the file cannot be read */
  readonly read: (path: string) => InputFile;
  /** The file that rows are appended to, for messages. */
  readonly target: string;
  /** Ids of the rows that it holds. @throws Fault where it is not one of kplan's */
  readonly known: () => ReadonlySet<string>;
  /** Appends rows whose ids it does not hold, whole or not at all, and returns them. */
  readonly append: (rows: readonly MeasurementRow[]) => readonly MeasurementRow[];
}

const RESULT = { kind: 'a result file of a benchmark', remedy: 'leave out what a client saves of each request' };

/** The environment of a command: files on disk, and a catalog folder of the user's own. */
export function benchEnvironment(catalog: Catalog, folder: string): BenchEnvironment {
  return {
    catalog,
    read: (path) => readInputFile(path, RESULT),
    target: benchFileOf(folder),
    known: () => knownIds(folder),
    append: (rows) => appendMeasurements(folder, rows),
  };
}

type Outcome = BenchMeasurement | Fault;

/** Rows and refusals of one file, one after another, so that only one file is held at a time. */
function outcomesOf(path: string, flags: BenchFlags, { catalog, read }: BenchEnvironment): Outcome[] {
  const file = attempted(() => read(path));
  if (file instanceof Fault) return [file];
  const origin = { path, modified: file.modified };
  return readRuns(file.bytes, path).map((run) =>
    run instanceof Fault ? run : attempted(() => benchMeasurement(run, flags, catalog, origin)),
  );
}

function runs(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

function answerOf(added: number, known: number, refused: number, target: string): string {
  const parts = [
    ...(added > 0 ? [`${runs(added)} added to ${target}`] : []),
    ...(known > 0 ? [`${runs(known)} there already`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/**
 * Reads result files of benchmarks and appends a row for each good run to the user's catalog; what cannot be used is told run by run.
 *
 * @param files paths of result files, of any of the known tools
 * @param words the options as typed, which say what the files do not
 * @param environment the facts, the files and the catalog folder
 * @returns the rows, those that were known before marked, and the refusals
 * @throws Fault for an option that cannot be read, and for a catalog that cannot be appended to
 */
export function importBench(files: readonly string[], words: BenchWords, environment: BenchEnvironment): BenchImport {
  const flags = readBenchFlags(words, environment.catalog);
  const before = environment.known();
  const outcomes = files.flatMap((path) => outcomesOf(path, flags, environment));
  const good = outcomes.filter((outcome): outcome is BenchMeasurement => !(outcome instanceof Fault));
  const seen = new Set(before);
  const rows = good.map(({ row }): ImportedRow => {
    const known = seen.has(row.id);
    seen.add(row.id);
    return { ...row, known };
  });
  const fresh = good.map(({ row }) => row).filter((_, index) => rows[index]?.known === false);
  const added = fresh.length === 0 ? 0 : environment.append(fresh).length;
  const refused = outcomes.filter((outcome) => outcome instanceof Fault).map(refusalOf);
  return {
    schema: 'kplan/import-bench@1',
    answer: answerOf(added, rows.length - added, refused.length, environment.target),
    catalog: environment.target,
    added,
    rows,
    refused,
    assumed: [...new Set(good.flatMap(({ assumed }) => assumed))],
  };
}
