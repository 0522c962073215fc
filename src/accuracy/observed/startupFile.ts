import { closeSync, openSync, readSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { Fault } from '../../faults/fault.ts';
import type { Outcome, StartupRow } from './startupRow.ts';

const MIB = 2 ** 20;
const LARGEST_FILE = 64 * MIB;
const LARGEST_RECORD = MIB / 4;
const LARGEST_NUMBER = 1e15;
const MOST_RANKS = 65_536;

/** Columns that a file of start-up observations names in its first line, in any order and among others. */
export const STARTUP_COLUMNS = [
  'id',
  'source_url',
  'date',
  'model',
  'engine',
  'engine_version',
  'gpu',
  'gpu_count',
  'tp',
  'pp',
  'dp',
  'ep',
  'dp_attention',
  'dcp',
  'weight_format',
  'kv_dtype',
  'gpu_memory_utilization_or_mem_fraction',
  'max_model_len',
  'max_num_seqs',
  'other_flags',
  'weights_gib_per_gpu',
  'activation_or_nonkv_gib',
  'available_kv_gib_per_gpu',
  'kv_tokens_per_gpu_or_engine',
  'max_concurrency',
  'outcome',
  'notes',
] as const;

type Column = (typeof STARTUP_COLUMNS)[number];

/** A record with the place that it stands at. */
class Cells {
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

  /** A count of ranks, or `yes` where a row only says that they are used. */
  ranks(column: Column): number | true | null {
    const text = this.text(column).toLowerCase();
    if (text === 'no') return null;
    return text === 'yes' || text === 'true' ? true : this.count(column, MOST_RANKS);
  }

  outcome(): Outcome {
    const text = this.text('outcome');
    if (text === 'fits' || text === 'oom' || text === 'fails') return text;
    throw this.refuse('outcome', 'not an outcome', 'fits, oom or fails');
  }
}

function fractionOf(cells: Cells): number | null {
  const value = cells.number('gpu_memory_utilization_or_mem_fraction', 0);
  if (value !== null && (value === 0 || value > 1))
    throw cells.refuse('gpu_memory_utilization_or_mem_fraction', 'not a fraction', 'more than 0 and at most 1');
  return value;
}

function rowOf(cells: Cells): StartupRow {
  return {
    id: cells.text('id'),
    line: cells.line,
    source: cells.text('source_url'),
    date: cells.text('date'),
    model: cells.text('model'),
    engine: cells.text('engine'),
    engineVersion: cells.text('engine_version'),
    gpu: cells.text('gpu'),
    gpus: cells.count('gpu_count', MOST_RANKS),
    tp: cells.count('tp', MOST_RANKS),
    pp: cells.count('pp', MOST_RANKS),
    dp: cells.count('dp', MOST_RANKS),
    ep: cells.ranks('ep'),
    attentionDp: cells.ranks('dp_attention'),
    dcp: cells.count('dcp', MOST_RANKS),
    weightFormat: cells.text('weight_format'),
    kvDtype: cells.text('kv_dtype'),
    fraction: fractionOf(cells),
    fractionIsOwn: /\bauto\b/i.test(cells.text('gpu_memory_utilization_or_mem_fraction')),
    maxModelLen: cells.count('max_model_len'),
    maxNumSeqs: cells.count('max_num_seqs'),
    flags: cells.text('other_flags'),
    weightsGiB: cells.number('weights_gib_per_gpu', 0),
    nonKv: cells.text('activation_or_nonkv_gib'),
    kvGiB: cells.number('available_kv_gib_per_gpu'),
    kvTokens: cells.count('kv_tokens_per_gpu_or_engine'),
    maxConcurrency: cells.number('max_concurrency', 0),
    outcome: cells.outcome(),
    notes: cells.text('notes'),
  };
}

/** An id names one row: of two, one would calibrate the other. */
function refuseRepeated(file: string, rows: readonly StartupRow[]): void {
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

/**
 * Reads a file of start-up observations.
 *
 * @param file its name, for messages
 * @throws {Fault} with `file:line:column`, for a column that is missing, a cell that is not what its column holds, an id that is
 *   repeated, or a text that is no CSV
 */
export function parseStartupFile(file: string, content: string): StartupRow[] {
  const [header, ...rest] = records(file, content);
  const names = (header?.record ?? []).map((name) => name.trim());
  for (const column of STARTUP_COLUMNS) {
    if (names.includes(column)) continue;
    throw new Fault('missing', `no column ${column}`, { where: `${file}:1:1`, value: names.join(), allowed: STARTUP_COLUMNS.join() });
  }
  const rows = rest.map(({ record, info }) => {
    if (record.length !== names.length) {
      throw new Fault('invalid', record.length < names.length ? 'the row is too short' : 'the row is too long', {
        where: `${file}:${info.lines}:${names[Math.min(record.length, names.length - 1)]}`,
        value: `${record.length} cells`,
        allowed: `${names.length} cells`,
      });
    }
    return rowOf(new Cells(file, info.lines, Object.fromEntries(names.map((name, index) => [name, record[index] ?? '']))));
  });
  refuseRepeated(file, rows);
  return rows;
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

/** Reads a file of start-up observations from disk, in bounded memory. */
export function readStartupFile(path: string): StartupRow[] {
  return parseStartupFile(path, boundedText(path));
}
