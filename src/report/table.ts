import { type Band, formatBand, formatNumber } from './format.ts';
import { FIXED_SPACE, inert } from './plainText.ts';

/** What a cell may hold: words, a number, a band, or nothing. */
export type Cell = string | number | Band | null;

export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly align?: 'left' | 'right';
  /** Prints one number of the column; CSV keeps the number itself. */
  readonly format?: (value: number) => string;
  /** Cells are bands, so CSV needs three columns. */
  readonly banded?: boolean;
  /** Cells are never cut, for a reader copies them; ids are such. */
  readonly whole?: boolean;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** A sentence about the row, printed below it over the full width. */
  readonly note?: string;
}

/** A table as data, without any decision on how it is printed. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A column of numbers: its title, the unit behind it, and how one number is printed. */
export function rightColumn(title: string, unit?: string, format?: Column['format']): Column {
  return { title, ...(unit === undefined ? {} : { unit }), align: 'right', ...(format === undefined ? {} : { format }) };
}

/** A column of bands for CSV. */
export function bandedColumn(title: string): Column {
  return { title, banded: true };
}

/** Title of a column with its unit. */
export function columnTitle({ title, unit }: Column): string {
  return unit === undefined ? title : `${title}, ${unit}`;
}

/** The words of one cell; spaces inside the brackets of a band are fixed. */
export function cellText(cell: Cell, { format = formatNumber }: Column): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return inert(cell);
  if (typeof cell === 'number') return formatBand({ low: cell, value: cell, high: cell }, format).replaceAll(' ', FIXED_SPACE);
  return formatBand(cell, format);
}
