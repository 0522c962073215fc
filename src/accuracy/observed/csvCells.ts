import { closeSync, openSync, readSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { Fault } from '../../faults/fault.ts';

const MIB = 2 ** 20;
const LARGEST_FILE = 64 * MIB;
const LARGEST_RECORD = MIB / 4;
const LARGEST_NUMBER = 1e15;

/** A record of a CSV file with the place that it stands at. */
export class CsvCells<Column extends string> {
  readonly line: number;
  private readonly file: string;
  private readonly cells: Readonly<Record<string, string>>;

  constructor(file: string, line: number, cells: Readonly<Record<string, string>>) {
    this.file = file;
    this.line = line;
    this.cells = cells;
  }

  text(column: Column): string {
    return (this.cells[column] ?? '').trim();
  }

  refuse(column: Column, reason: string, allowed: string): Fault {
    return new Fault('invalid', reason, { where: `${this.file}:${this.line}:${column}`, value: this.text(column), allowed });
  }

  /** A number, with a remark behind it where there is one, such as `0.826 (auto)`. */
  number(column: Column, least = Number.NEGATIVE_INFINITY): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const [, digits] = /^(-?\d+(?:\.\d+)?)(?:\s*\([^)]*\))?$/.exec(text) ?? [];
    const value = Number(digits);
    if (digits === undefined || !Number.isFinite(value)) throw this.refuse(column, 'not a number', 'a plain number, or nothing');
    if (value < least || Math.abs(value) > LARGEST_NUMBER)
      throw this.refuse(column, 'number out of range', `a number from ${least}, or nothing`);
    return value;
  }

  count(column: Column, most = LARGEST_NUMBER): number | null {
    const value = this.number(column, 1);
    if (value === null || (Number.isInteger(value) && value <= most)) return value;
    throw this.refuse(column, 'not a count', `a whole number from 1 to ${most}, or nothing`);
  }
}

/** An id names one row: of two, one would speak for the other. */
function refuseRepeated(file: string, rows: readonly { readonly id: string; readonly line: number }[]): void {
  const lines = new Map<string, number>();
  for (const { id, line } of rows) {
    const before = id === '' ? undefined : lines.get(id);
    if (before !== undefined)
      throw new Fault('contradiction', `line ${before} has the same id`, {
        where: `${file}:${line}:id`,
        value: id,
        allowed: 'an id of its own for each row',
      });
    lines.set(id, line);
  }
}

interface RecordWithInfo {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function records(file: string, content: string): RecordWithInfo[] {
  try {
    return parse(content, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LARGEST_RECORD,
    }) as unknown as RecordWithInfo[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines = 1 } = error as { lines?: number };
    const tooLong = error.code === 'CSV_MAX_RECORD_SIZE';
    throw new Fault('invalid', tooLong ? 'a record is too long' : 'not CSV', {
      where: `${file}:${lines}:1`,
      allowed: tooLong ? `records of at most ${LARGEST_RECORD} bytes` : 'CSV with quotes in pairs',
    });
  }
}

/** The text of a file up to the size that is taken at all, so that neither a huge file nor an endless device fills the memory. */
function boundedText(path: string): string {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch {
    throw new Fault('missing', 'the file cannot be read', { where: path, allowed: 'a CSV file' });
  }
  try {
    const parts: Buffer[] = [];
    for (let size = 0; ; ) {
      const part = Buffer.alloc(MIB);
      const read = readSync(handle, part);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      size += read;
      if (size > LARGEST_FILE) throw new Fault('invalid', 'the file is too large', { where: `${path}:1:1`, allowed: '64 MiB at most' });
      parts.push(part.subarray(0, read));
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('missing', 'the file cannot be read', { where: path, allowed: 'a CSV file' });
  } finally {
    closeSync(handle);
  }
}

/**
 * The records of a CSV text by the columns that its first line names.
 *
 * @param file its name, for messages
 * @param columns that must be named there, in any order and among others; one of them is `id`
 * @throws {Fault} with `file:line:column`, for a column that is missing, a row of another length, an id that is repeated, or no CSV
 */
export function parseCsvCells<Column extends string>(file: string, content: string, columns: readonly Column[]): CsvCells<Column>[] {
  const [header, ...rest] = records(file, content);
  const names = (header?.record ?? []).map((name) => name.trim());
  for (const column of columns) {
    if (names.includes(column)) continue;
    throw new Fault('missing', `no column ${column}`, { where: `${file}:1:1`, value: names.join(), allowed: columns.join() });
  }
  const rows = rest.map(({ record, info }) => {
    if (record.length !== names.length) {
      throw new Fault('invalid', record.length < names.length ? 'the row is too short' : 'the row is too long', {
        where: `${file}:${info.lines}:${names[Math.min(record.length, names.length - 1)]}`,
        value: `${record.length} cells`,
        allowed: `${names.length} cells`,
      });
    }
    const cells = Object.fromEntries(names.map((name, index) => [name, record[index] ?? '']));
    return { id: (cells['id'] ?? '').trim(), line: info.lines, cells: new CsvCells<Column>(file, info.lines, cells) };
  });
  refuseRepeated(file, rows);
  return rows.map(({ cells }) => cells);
}

/** The same of a file on disk, in bounded memory. */
export function readCsvCells<Column extends string>(path: string, columns: readonly Column[]): CsvCells<Column>[] {
  return parseCsvCells(path, boundedText(path), columns);
}
