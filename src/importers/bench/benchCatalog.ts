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
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../faults/fault.ts';
import { csvRecords } from './csvRecords.ts';
import { BENCH_COLUMNS, csvLine, type MeasurementRow } from './measurementRow.ts';

/** No collection of runs comes near. */
const LARGEST_CATALOG = 2 ** 26;
/** Age from which an unfinished draft was left by a process that died. */
const STALE_MS = 60_000;

/** Where the measured rows of a catalog folder stand. */
export function benchFileOf(folder: string): string {
  return join(folder, 'measurements', 'bench.csv');
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
function textOf(path: string): string | null {
  const stats = statsOf(path);
  if (!stats) return null;
  if (!stats.isFile() || stats.size > LARGEST_CATALOG)
    throw new Fault('invalid', stats.isFile() ? 'it is too large' : 'it is not a plain file', {
      where: '--catalog',
      value: path,
      allowed: 'a file that `kplan import bench` wrote, of at most 64 MiB',
    });
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Fault('unwritable', `the catalog cannot be read (${codeOf(error)})`, { where: '--catalog', value: path });
  }
}

/**
 * The ids of the rows that a file holds.
 *
 * @param text the whole file
 * @param path of the file, for messages
 * @throws Fault `invalid` where its header is another, or a row is cut off
 */
function idsIn(text: string, path: string): Set<string> {
  const [header, ...rows] = csvRecords(text, path);
  if (header?.cells.join() !== BENCH_COLUMNS.join())
    throw new Fault('invalid', 'the columns are not those of a file that `kplan import bench` wrote', {
      where: `${path}:1`,
      value: header?.cells.join() ?? 'nothing',
      allowed: `${BENCH_COLUMNS.join()}; or another --catalog`,
    });
  const broken = rows.find(({ cells }) => cells.length !== BENCH_COLUMNS.length);
  if (broken)
    throw new Fault('invalid', 'a row has too few or too many cells', {
      where: `${path}:${broken.line}`,
      value: `${broken.cells.length} cells`,
      allowed: `${BENCH_COLUMNS.length} cells`,
    });
  return new Set(rows.map(({ cells }) => cells[0] ?? ''));
}

/** The text with rows below those that are there, which stay as they are to the letter. */
function withRows(text: string | null, rows: readonly MeasurementRow[]): string {
  const end = text?.includes('\r\n') ? '\r\n' : '\n';
  const before = text ?? `${BENCH_COLUMNS.join()}${end}`;
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

function writeDraft(draft: number, content: string): void {
  const bytes = Buffer.from(content);
  for (let written = 0; written < bytes.length; ) written += writeSync(draft, bytes, written);
  fsyncSync(draft);
}

/** Ids of rows that a catalog folder holds; none where it has no such file yet. */
export function knownIds(folder: string): Set<string> {
  const path = benchFileOf(folder);
  const text = textOf(path);
  return text === null ? new Set() : idsIn(text, path);
}

/**
 * Appends rows to the file of a catalog folder, whole or not at all: into a draft, which then takes the name. The draft keeps other
 * imports out, and the file is read again under it, so that no row of another import is lost.
 *
 * @param folder made where it does not exist
 * @param rows those whose id the file holds already are left out
 * @returns the rows that were added
 * @throws Fault `invalid` for a file with another header, `unwritable`, or `exists` while another import writes
 */
export function appendRows(folder: string, rows: readonly MeasurementRow[]): MeasurementRow[] {
  const path = benchFileOf(folder);
  const draftPath = join(dirname(path), '.bench.csv.kplan-tmp');
  try {
    mkdirSync(dirname(path), { recursive: true });
    const draft = openDraft(draftPath);
    let taken = false;
    try {
      const text = textOf(path);
      const known = text === null ? new Set<string>() : idsIn(text, path);
      const added = rows.filter(({ id }) => !known.has(id));
      if (added.length === 0) return added;
      writeDraft(draft, withRows(text, added));
      renameSync(draftPath, path);
      taken = true;
      return added;
    } finally {
      closeSync(draft);
      if (!taken) rmSync(draftPath, { force: true });
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('unwritable', `the catalog cannot be written (${codeOf(error)})`, {
      where: '--catalog',
      value: folder,
      allowed: 'a folder that may be made and written to',
    });
  }
}
