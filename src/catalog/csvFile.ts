import { CsvError, parse } from 'csv-parse/sync';
import { Fault } from '../faults/fault.ts';
import type { PlacedValue } from './yamlFile.ts';

interface RecordWithInfo {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function records(file: string, content: string): RecordWithInfo[] {
  try {
    return parse(content, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as RecordWithInfo[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as { lines?: number }).lines ?? 1;
    throw new AggregateError(
      [new Fault('invalid', error.message, { where: `${file}:${line}:1`, allowed: 'CSV with quotes in pairs' })],
      `cannot read ${file}`,
    );
  }
}

/**
 * Reads a CSV file of `data/` into one object per row, each cell as text.
 *
 * @param columns the columns that the first line must name, in this order
 * @returns rows whose places read `file:line:column name`
 * @throws {AggregateError} of a `Fault` per wrong header or row with too few or too many cells
 * @example parseCsv('offers.csv', 'id,gpu\na,h200', ['id', 'gpu'])[0].value // { id: 'a', gpu: 'h200' }
 */
export function parseCsv(file: string, content: string, columns: readonly string[]): PlacedValue[] {
  const [header, ...rows] = records(file, content);
  const faults: Fault[] = [];
  if (header?.record.join() !== columns.join())
    faults.push(new Fault('invalid', 'wrong columns', { where: `${file}:1:1`, value: header?.record.join(), allowed: columns.join() }));
  for (const { record, info } of rows) {
    if (record.length === columns.length) continue;
    const column = columns[Math.min(record.length, columns.length - 1)];
    const reason = record.length < columns.length ? 'the row is too short' : 'the row is too long';
    faults.push(
      new Fault('invalid', reason, {
        where: `${file}:${info.lines}:${column}`,
        value: `${record.length} cells`,
        allowed: `${columns.length} cells`,
      }),
    );
  }
  if (faults.length > 0) throw new AggregateError(faults, `cannot read ${file}`);
  return rows.map(({ record, info }) => ({
    file,
    value: Object.fromEntries(columns.map((column, index) => [column, record[index]])),
    where: ([column = columns[0]]) => `${file}:${info.lines}:${String(column)}`,
  }));
}
