import { CsvError, parse } from 'csv-parse/sync';
import { Fault } from '../../faults/fault.ts';

/** A record of GuideLLM holds the whole of its arguments. */
const LARGEST_RECORD = 2 ** 24;

/** A record with the line that it ends on. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

interface RecordWithInfo {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** How records are read. */
export interface CsvReading {
  /** A comma unless told otherwise. */
  readonly delimiter?: string;
  /** Takes the faults of broken records while the others are read; without it the first one is thrown. */
  readonly broken?: Fault[];
}

function notCsv(reason: string, name: string, line: number): Fault {
  return new Fault('invalid', reason, {
    where: `${name}:${line}`,
    allowed: 'CSV with quotes in pairs and records of at most 16 MiB',
  });
}

/**
 * The records of a CSV text of any shape; empty lines are left out.
 *
 * @param name the file, for messages
 * @throws Fault `invalid` with the line, where quotes are not in pairs or a record is longer than 16 MiB
 */
export function csvRecords(text: string, name: string, { delimiter = ',', broken }: CsvReading = {}): CsvRecord[] {
  let last = 0;
  const lineOf = (error: unknown) => (error as { lines?: number }).lines ?? 1;
  try {
    const found = parse(text, {
      bom: true,
      info: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LARGEST_RECORD,
      skip_records_with_error: broken !== undefined,
      on_record: (record, { lines }) => {
        last = lines;
        return record;
      },
      on_skip: (error) => {
        const isOpen = error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED';
        broken?.push(
          isOpen ? notCsv('a quote that is opened here is never closed', name, last + 1) : notCsv('not CSV', name, lineOf(error)),
        );
        last = lineOf(error);
      },
    }) as unknown as RecordWithInfo[];
    return found.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw notCsv('not CSV', name, lineOf(error));
  }
}

/** A cell of a result file as a number, with commas between thousands or without; null where it is empty. */
export function cellNumber(cell: string | undefined, where: string): number | null {
  const text = (cell ?? '').trim();
  if (text === '') return null;
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  const value = Number(plain);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain) && Number.isFinite(value)) return value;
  const shown = /^[+-]?(nan|inf|infinity)$/i.test(text) ? text : 'a text';
  throw new Fault('invalid', 'not a number', { where, value: shown, allowed: 'a plain number' });
}
