/** How a cell looks, by what it is for. */
export type CellLook =
  | 'title'
  | 'section'
  | 'header'
  | 'text'
  | 'muted'
  | 'strong'
  /** A number that a reader may change. */
  | 'input'
  /** A number read from a list or a curve; it may be overwritten, and it does not follow. */
  | 'read'
  /** A number that follows the inputs. */
  | 'live'
  /** A live number that the workbook is about. */
  | 'result'
  /** A number of kplan's own that does not follow the inputs. */
  | 'fixed';

interface CellBase {
  readonly look: CellLook;
  /** Shown when a reader points at the cell. */
  readonly note?: string;
  /** Cells to the right over which it is spread, itself included. */
  readonly spread?: number;
}

/** Words; they are never taken for a formula. */
export interface TextCell extends CellBase {
  readonly kind: 'text';
  readonly text: string;
}

export interface NumberCell extends CellBase {
  readonly kind: 'number';
  readonly value: number;
  /** A number format of spreadsheets. */
  readonly format: string;
}

/** A formula of spreadsheets without its leading `=`, with the value that kplan computed. */
export interface FormulaCell extends CellBase {
  readonly kind: 'formula';
  readonly formula: string;
  readonly value: number | string | boolean;
  readonly format: string;
}

export type SheetCell = TextCell | NumberCell | FormulaCell;

export type SheetRow = readonly (SheetCell | null)[];

export interface WorkbookSheet {
  readonly name: string;
  /** Of the columns, in characters. */
  readonly widths: readonly number[];
  readonly rows: readonly SheetRow[];
  /** Rows at the top that stay in sight. */
  readonly frozenRows: number;
  /** Columns at the left that stay in sight. */
  readonly frozenColumns?: number;
}

/** A workbook as data. */
export interface Workbook {
  /** Schema of the answer, for example `kplan/breakeven@1`. */
  readonly schema: string;
  readonly title: string;
  /** ISO day of the facts; the document's dates are this one. */
  readonly asOf: string;
  readonly sheets: readonly WorkbookSheet[];
}

/** Words in a cell. */
export function textCell(text: string, look: CellLook = 'text', more: Partial<Pick<CellBase, 'note' | 'spread'>> = {}): TextCell {
  return { kind: 'text', text, look, ...more };
}

/** A number in a cell; one that is not finite is said in words. */
export function numberCell(value: number | null | undefined, format: string, look: CellLook, note?: string): SheetCell | null {
  if (value === null || value === undefined) return null;
  if (!Number.isFinite(value)) return textCell('unbounded', 'muted');
  return { kind: 'number', value, format, look, ...(note === undefined ? {} : { note }) };
}

/** A formula in a cell. */
export function formulaCell(formula: string, value: FormulaCell['value'], format: string, look: CellLook = 'live'): FormulaCell {
  return { kind: 'formula', formula, value, format, look };
}

/**
 * The name of a column.
 *
 * @param place 0 for A
 * @example columnName(27) // 'AB'
 */
export function columnName(place: number): string {
  return place < 26 ? String.fromCharCode(65 + place) : `${columnName(Math.floor(place / 26) - 1)}${columnName(place % 26)}`;
}

/**
 * A cell as other sheets name it, with fixed row and column.
 *
 * @param row 0 for the first
 * @param column 0 for A
 * @example cellReference('Cash flow', 2, 1) // "'Cash flow'!$B$3"
 */
export function cellReference(sheet: string, row: number, column: number): string {
  const name = /^[A-Za-z]+$/.test(sheet) ? sheet : `'${sheet.replaceAll("'", "''")}'`;
  return `${name}!$${columnName(column)}$${row + 1}`;
}
