import { Fault } from '../../faults/fault.ts';
import { type CsvRecord, csvRecords } from './csvRecords.ts';

/** A row below the header. */
export interface CsvRow {
  /** The cell without blanks around it; empty where the table has no such column. */
  readonly cell: (column: string) => string;
  /** `file:line: column`, for messages. */
  readonly where: (column: string) => string;
}

/** A CSV text whose first record names the columns. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** What was wrong with the other rows. */
  readonly broken: readonly Fault[];
}

const DELIMITERS = [',', ';', '\t'] as const;

/** What separates the cells of the header: a comma where there is one. */
function delimiterOf(text: string): string {
  const header = text.trimStart().split('\n', 1)[0] ?? '';
  return DELIMITERS.find((delimiter) => header.includes(delimiter)) ?? ',';
}

function checkHeader(columns: readonly string[], { line }: CsvRecord, name: string): void {
  const double = columns.find((column, index) => columns.indexOf(column) !== index);
  if (double !== undefined)
    throw new Fault('invalid', 'the header names a column twice', { where: `${name}:${line}`, value: double, allowed: 'one of each' });
}

/**
 * Reads a table with a header; comma, semicolon or tab separate its cells.
 *
 * @param text in UTF-8, with or without a byte order mark
 * @param name the file, for messages
 * @returns the rows that have a cell for each column, and the faults of those that do not or that are no CSV
 * @throws Fault `missing` where there are no rows, `invalid` where a column is named twice
 */
export function readCsvTable(text: string, name: string): CsvTable {
  const broken: Fault[] = [];
  const [header, ...records] = csvRecords(text, name, { delimiter: delimiterOf(text), broken });
  if (!header) throw broken[0] ?? new Fault('missing', 'the file is empty', { where: name, allowed: 'a header and at least one row' });
  const columns = header.cells.map((cell) => cell.trim());
  checkHeader(columns, header, name);
  if (records.length === 0 && broken.length === 0)
    throw new Fault('missing', 'no rows below the header', { where: name, allowed: 'at least one row' });
  const rows = records.flatMap(({ cells, line }): CsvRow[] => {
    if (cells.length !== columns.length) {
      const reason = cells.length < columns.length ? 'the row is too short' : 'the row is too long';
      const counts = { value: `${cells.length} cells`, allowed: `${columns.length} cells, one for each column` };
      broken.push(new Fault('invalid', reason, { where: `${name}:${line}`, ...counts }));
      return [];
    }
    const cell = (column: string) => cells[columns.indexOf(column)]?.trim() ?? '';
    return [{ cell, where: (column) => `${name}:${line}: ${column}` }];
  });
  return { columns, rows, broken };
}
