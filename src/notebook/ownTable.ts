import type { Cell, Column, Table } from '../report/table.ts';
import { Shown, type ShownOptions } from './shown.ts';

/** A row of one's own, by the titles of its columns. */
export type OwnRow = Readonly<Record<string, Cell>>;

export interface OwnTableOptions extends ShownOptions {
  /** Prints the numbers of a column, by its title; CSV keeps them as they are. */
  readonly formats?: Readonly<Record<string, NonNullable<Column['format']>>>;
}

function tableOf(rows: readonly OwnRow[], formats: NonNullable<OwnTableOptions['formats']>): Table {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cellOf = (row: OwnRow, title: string): Cell => (Object.hasOwn(row, title) ? (row[title] ?? null) : null);
  const columns = titles.map((title): Column => {
    const format = Object.hasOwn(formats, title) ? formats[title] : undefined;
    const isText = rows.some((row) => typeof cellOf(row, title) === 'string');
    return { title, ...(isText ? {} : { align: 'right' }), ...(format ? { format } : {}) };
  });
  return { columns, rows: rows.map((row) => ({ cells: titles.map((title) => cellOf(row, title)) })) };
}

/** Bands need three columns in CSV. */
function rawOf({ columns, rows }: Table): Table {
  const isBand = (at: number) => rows.some(({ cells }) => typeof cells[at] === 'object' && cells[at] !== null);
  return { columns: columns.map(({ title }, at) => ({ title, ...(isBand(at) ? { banded: true } : {}) })), rows };
}

/**
 * Rows of one's own as a table, for what a loop over questions found.
 *
 * @param title what the table shows
 * @param rows text, numbers, or estimates with their band; one that a row has not is empty
 * @param options how numbers are printed
 * @example table('Rents', [{ rent: '$2', cheaper: 'never' }, { rent: '$1', cheaper: 30e9 }]).csv // 'kplanSchema,rent,cheaper\r\nkplan/table@1,$2,never\r\nkplan/table@1,$1,30000000000\r\n'
 */
export function table(title: string, rows: readonly OwnRow[], { formats = {}, ...options }: OwnTableOptions = {}): Shown {
  const own = tableOf(rows, formats);
  return new Shown(
    { report: { schema: 'kplan/table@1', blocks: [{ kind: 'table', title, table: own }] }, table: () => rawOf(own) },
    options,
  );
}
