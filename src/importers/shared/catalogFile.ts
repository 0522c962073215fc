import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../faults/fault.ts';
import { csvLine } from './csvLine.ts';
import { csvRecords } from './csvRecords.ts';

/** No collection of rows comes near. */
const LARGEST_CATALOG = 2 ** 26;
/** Age from which an unfinished draft was left by a process that died. */
const STALE_MS = 60_000;

/** A CSV file of a catalog folder that one import appends to. */
export interface CatalogFile {
  /** Below the folder, such as `measurements/bench.csv`. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The command that writes it, for messages. */
  readonly writer: string;
}

/** Cells of a row in the order of the columns. */
export type CatalogRow = readonly string[];

/** Where a file of a catalog folder stands. */
export function catalogPath(folder: string, { name }: CatalogFile): string {
  return join(folder, name);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw new Fault('unwritable', `the catalog cannot be read (${codeOf(error)})`, { where: '--catalog', value: path });
  }
}

/** The text of the file as it is; null where there is none yet. */
function textOf(path: string, { writer }: CatalogFile): string | null {
  const stats = statsOf(path);
  if (!stats) return null;
  if (!stats.isFile() || stats.size > LARGEST_CATALOG)
    throw new Fault('invalid', stats.isFile() ? 'it is too large' : 'it is not a plain file', {
      where: '--catalog',
      value: path,
      allowed: `a file that \`${writer}\` wrote, of at most 64 MiB`,
    });
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Fault('unwritable', `the catalog cannot be read (${codeOf(error)})`, { where: '--catalog', value: path });
  }
}

function rowsIn(text: string, path: string, { columns, writer }: CatalogFile): CatalogRow[] {
  const [header, ...rows] = csvRecords(text, path);
  if (header?.cells.join() !== columns.join())
    throw new Fault('invalid', `the columns are not those of a file that \`${writer}\` wrote`, {
      where: `${path}:1`,
      value: header?.cells.join() ?? 'nothing',
      allowed: `${columns.join()}; or another --catalog`,
    });
  const broken = rows.find(({ cells }) => cells.length !== columns.length);
  if (broken)
    throw new Fault('invalid', 'a row has too few or too many cells', {
      where: `${path}:${broken.line}`,
      value: `${broken.cells.length} cells`,
      allowed: `${columns.length} cells`,
    });
  return rows.map(({ cells }) => cells);
}

/**
 * The rows that a file of a catalog folder holds; none where it is not there yet.
 *
 * @throws Fault `invalid` where its header is another, or a row is cut off
 */
export function heldRows(folder: string, file: CatalogFile): CatalogRow[] {
  const path = catalogPath(folder, file);
  const text = textOf(path, file);
  return text === null ? [] : rowsIn(text, path, file);
}

/** The text with rows below those that are there, which stay as they are to the letter. */
function withRows(text: string | null, rows: readonly CatalogRow[], { columns }: CatalogFile): string {
  const end = text?.includes('\r\n') ? '\r\n' : '\n';
  const before = text ?? `${columns.join()}${end}`;
  const whole = before.endsWith('\n') ? before : `${before}${end}`;
  return `${whole}${rows.map((row) => `${csvLine(row)}${end}`).join('')}`;
}

function isStale(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || Date.now() - stats.mtimeMs >= STALE_MS;
}

/** Opens the draft that only one import at a time may have. */
function openDraft(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  if (!isStale(path))
    throw new Fault('exists', 'another import is writing into this catalog', {
      where: '--catalog',
      value: path,
      allowed: 'to wait; after a minute an unfinished draft counts as left behind',
    });
  rmSync(path, { force: true });
  return openSync(path, 'wx');
}

/** The file of a folder with the draft that takes its name when all is written. */
class Draft {
  readonly #file: CatalogFile;
  readonly #path: string;
  readonly #draftPath: string;
  readonly #handle: number;
  #before: string | null = null;
  #isWritten = false;
  #isTaken = false;

  constructor(folder: string, file: CatalogFile) {
    this.#file = file;
    this.#path = catalogPath(folder, file);
    this.#draftPath = join(dirname(this.#path), `.${basename(this.#path)}.kplan-tmp`);
    mkdirSync(dirname(this.#path), { recursive: true });
    this.#handle = openDraft(this.#draftPath);
  }

  read(): CatalogRow[] {
    this.#before = textOf(this.#path, this.#file);
    return this.#before === null ? [] : rowsIn(this.#before, this.#path, this.#file);
  }

  write(rows: readonly CatalogRow[]): void {
    if (rows.length === 0) return;
    const bytes = Buffer.from(withRows(this.#before, rows, this.#file));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written);
    fsyncSync(this.#handle);
    this.#isWritten = true;
  }

  take(): void {
    if (!this.#isWritten) return;
    renameSync(this.#draftPath, this.#path);
    this.#isTaken = true;
  }

  /** The file as it was, where its name was taken and that of another file could not be. */
  putBack(): void {
    if (!this.#isTaken) return;
    if (this.#before === null) rmSync(this.#path, { force: true });
    else writeFileSync(this.#path, this.#before);
  }

  close(): void {
    closeSync(this.#handle);
    if (!this.#isTaken) rmSync(this.#draftPath, { force: true });
  }
}

/**
 * Appends rows to files of a catalog folder, each whole or not at all: into drafts, which take the names one after another once all are
 * written. Drafts keep other imports out, and the files are read again under them, so that no row of another import is lost.
 *
 * @param folder made where it does not exist
 * @param files in the order in which they change: what others refer to last
 * @param choose the rows to append to each file, seeing those that it holds; its faults leave everything as it is
 * @returns what was appended to each file
 * @throws Fault `invalid` for a file with another header, `unwritable`, or `exists` while another import writes
 */
export function appendRows(
  folder: string,
  files: readonly CatalogFile[],
  choose: (held: readonly (readonly CatalogRow[])[]) => readonly (readonly CatalogRow[])[],
): readonly (readonly CatalogRow[])[] {
  const drafts: Draft[] = [];
  try {
    for (const file of files) drafts.push(new Draft(folder, file));
    const added = choose(drafts.map((draft) => draft.read()));
    for (const [index, draft] of drafts.entries()) draft.write(added[index] ?? []);
    for (const draft of drafts) draft.take();
    return added;
  } catch (error) {
    for (const draft of drafts) draft.putBack();
    if (error instanceof Fault) throw error;
    throw new Fault('unwritable', `the catalog cannot be written (${codeOf(error)})`, {
      where: '--catalog',
      value: folder,
      allowed: 'a folder that may be made and written to',
    });
  } finally {
    for (const draft of drafts) draft.close();
  }
}
