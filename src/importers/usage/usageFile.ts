import { basename } from 'node:path';
import { Fault, inert } from '../../faults/fault.ts';
import type { BadRowCount } from './badRows.ts';
import type { ByteSource } from './byteStream.ts';
import { readCsvStream } from './csvStream.ts';
import { namesOf, recordsIn } from './envelope.ts';
import type { Instant } from './instant.ts';
import { readJsonStream } from './jsonStream.ts';
import { isParquet } from './parquetMagic.ts';
import { checkNamed, formatOf, unknownFormat } from './recognise.ts';
import type { SummaryRow } from './sql/summaryRow.ts';
import { textOf } from './textStream.ts';
import type { Fields, RowReader, UsageFlags, UsageFormat, UsageRecord } from './usageFormat.ts';
import type { UsageRow } from './usageRow.ts';

/** How files are read. */
export interface UsageReading {
  readonly flags: UsageFlags;
  /** The format of `--columns`; null where files are recognised. */
  readonly named: UsageFormat | null;
  readonly strict: boolean;
  readonly bad: BadRowCount;
  readonly take: (row: UsageRow, format: UsageFormat) => void;
  readonly takeSums: (row: SummaryRow) => void;
}

/** What a file turned out to be. */
export interface UsageFile {
  /** Its name without folders. */
  readonly name: string;
  readonly format: UsageFormat;
  readonly rows: number;
  /** Rows that state no usage, such as empty days. */
  readonly empty: number;
  /** Columns that the format does not have. */
  readonly unknown: readonly string[];
  readonly zones: readonly Instant['zone'][];
}

/** Other objects that may come before the first of usage: the head of a log. */
const MOST_BEFORE = 1000;
const MOST_UNKNOWN = 20;

/** Reads the records of one file, whichever way they are written. */
class RecordReader {
  readonly #path: string;
  readonly #name: string;
  readonly #reading: UsageReading;
  readonly #zones = new Set<Instant['zone']>();
  #format: UsageFormat | null = null;
  #read: RowReader = () => null;
  #unknown: string[] = [];
  rows = 0;
  empty = 0;

  constructor(path: string, name: string, reading: UsageReading) {
    this.#path = path;
    this.#name = name;
    this.#reading = reading;
  }

  get format(): UsageFormat | null {
    return this.#format;
  }

  /** Takes the format that fields with these names are of; false where there is none. */
  open(names: readonly string[], fields: Omit<Fields, 'zones'>): boolean {
    const { named, flags } = this.#reading;
    if (named) checkNamed(this.#name, named, names);
    const format = named ?? formatOf(names);
    if (!format) return false;
    this.#format = format;
    this.#unknown = named ? [] : names.filter((name) => !format.needs.includes(name) && !format.knows.includes(name));
    this.#read = format.open({ ...fields, zones: this.#zones, file: this.#path }, flags);
    return true;
  }

  take(record: UsageRecord, line: number): void {
    const format = this.#format;
    if (!format) return;
    this.rows++;
    try {
      const found = this.#read(record);
      if (found === null) this.empty++;
      else if ('sums' in found) this.#reading.takeSums(found);
      else if ('leaves' in found) this.#reading.take(found, format);
      else for (const row of found) this.#reading.take(row, format);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.refuse(error, line);
    }
  }

  refuse(fault: Fault, line: number): void {
    const place = `${this.#name}:${line}`;
    const { where, ...details } = fault.details;
    if (this.#reading.strict || this.#format?.isSummary) {
      const reason = fault.message.slice(`${fault.code} ${where}: `.length).split(/ \(got |; allowed: |; did you mean /)[0] ?? 'broken';
      throw new Fault(fault.code, reason, { where: `${place}: ${where}`, ...details });
    }
    this.#reading.bad.add(fault, place);
  }

  file(): UsageFile {
    const format = this.#format;
    if (!format)
      throw new Fault('missing', 'no rows of usage', { where: this.#name, allowed: 'at least one row below a header, or one object' });
    return {
      name: this.#name,
      format,
      rows: this.rows,
      empty: this.empty,
      unknown: this.#unknown.slice(0, MOST_UNKNOWN).map(inert),
      zones: [...this.#zones],
    };
  }
}

function csvFields(columns: readonly string[]): Omit<Fields, 'zones'> {
  return {
    has: (name) => columns.includes(name),
    field: (name) => {
      const index = columns.indexOf(name);
      return (record) => (record as readonly string[])[index];
    },
  };
}

/** Fields of objects, by their names. */
export const JSON_FIELDS: Omit<Fields, 'zones'> = {
  has: () => true,
  field: (name) => (record) => (Object.hasOwn(record, name) ? (record as Readonly<Record<string, unknown>>)[name] : undefined),
};

async function readTable(path: string, name: string, text: AsyncIterable<string>, reader: RecordReader): Promise<void> {
  let columns: readonly string[] | null = null;
  await readCsvStream(name, text, (cells, line) => {
    if (columns === null) {
      const titles = cells.map((cell) => cell.trim());
      if (titles.every((title) => title === '')) return;
      columns = titles;
      const seen = new Set<string>();
      const double = titles.find((title) => seen.size === seen.add(title).size);
      if (double !== undefined)
        throw new Fault('invalid', 'the header names a column twice', { where: `${name}:${line}`, value: double, allowed: 'one of each' });
      if (!reader.open(columns, csvFields(columns))) throw unknownFormat(path, columns);
      return;
    }
    if (cells.length === columns.length) return reader.take(cells, line);
    reader.rows++;
    reader.refuse(
      new Fault('invalid', cells.length < columns.length ? 'the row is too short' : 'the row is too long', {
        where: 'row',
        value: `${cells.length} cells`,
        allowed: `${columns.length} cells, one for each column`,
      }),
      line,
    );
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readObjects(path: string, name: string, text: AsyncIterable<string>, reader: RecordReader): Promise<void> {
  let before: Fault | null = null;
  let skipped = 0;
  const one = (record: unknown, line: number) => {
    if (!isObject(record)) {
      reader.rows++;
      return reader.refuse(new Fault('invalid', 'not an object', { where: 'row', value: typeof record }), line);
    }
    if (!reader.format) {
      const names = namesOf(record);
      if (!reader.open(names, jsonFields(record))) {
        before ??= unknownFormat(path, names);
        if (++skipped > MOST_BEFORE) throw before;
        reader.rows++;
        reader.empty++;
        return;
      }
    }
    reader.take(record, line);
  };
  await readJsonStream(name, text, (value, line) => {
    if (value instanceof Fault) {
      reader.rows++;
      reader.refuse(new Fault('invalid', 'not JSON', { where: 'row', allowed: 'one JSON object on each line' }), line);
      return;
    }
    for (const record of recordsIn(value)) one(record, line);
  });
  if (!reader.format && before) throw before;
}

/** Fields of objects may be absent in the first and there in later ones, but for those that tell what a row is of. */
function jsonFields(first: Readonly<Record<string, unknown>>): Omit<Fields, 'zones'> {
  return { ...JSON_FIELDS, has: (name) => name !== 'date' || Object.hasOwn(first, name) };
}

/** The rows of a Parquet file; what reads them is loaded where there is one. */
async function readRows(source: ByteSource, name: string, reader: RecordReader): Promise<void> {
  const { readParquet } = await import('./parquetFile.ts');
  await readParquet(source, name, {
    open: (names, fields) => reader.open(names, fields),
    unknown: (names) => unknownFormat(name, names),
    needs: () => reader.format?.needs ?? [],
    take: (record, row) => reader.take(record, row),
  });
}

/** The text again, with its first letter that is no blank. */
async function peeked(text: AsyncGenerator<string>): Promise<{ readonly letter: string; readonly whole: AsyncIterable<string> }> {
  let head = '';
  for (;;) {
    const next = await text.next();
    if (next.done) break;
    head += next.value;
    if (head.trim() !== '') break;
  }
  const whole = async function* (): AsyncGenerator<string> {
    yield head;
    yield* text;
  };
  return { letter: head.trimStart().charAt(0), whole: whole() };
}

/**
 * Reads one file of usage in bounded memory: gzip and Parquet by their magic, a table or JSON by its first letter, the format by its fields.
 *
 * @param source the file, or `-` for standard input
 * @returns what it is, and how many rows it has
 * @throws Fault where it is no usage, broken, too large or empty; under `strict` also for the first bad row
 */
export async function readUsageFile(source: ByteSource, reading: UsageReading): Promise<UsageFile> {
  const name = source.path === '-' ? 'standard input' : inert(basename(source.path));
  const reader = new RecordReader(source.path, name, reading);
  if (await isParquet(source.path)) await readRows(source, name, reader);
  else {
    const { letter, whole } = await peeked(textOf(source));
    if (letter === '{' || letter === '[') await readObjects(name, name, whole, reader);
    else await readTable(name, name, whole, reader);
  }
  const file = reader.file();
  if (file.rows === 0) throw new Fault('missing', 'no rows', { where: name, allowed: 'at least one row below the header' });
  return file;
}
