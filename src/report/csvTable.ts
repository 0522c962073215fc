import { inert } from './plainText.ts';
import type { Cell, Column, Table } from './table.ts';

/** Title of the first column. */
const CSV_MARK = 'kplanSchema';
/** What a spreadsheet would run: a formula sign, plain or full-width, behind any blanks. */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]/;

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Inert text that no spreadsheet runs: behind an apostrophe where it begins as a formula does.
 *
 * @example defused('=1+1') // "'=1+1"
 */
export function defused(text: string): string {
  const plain = inert(text);
  return FORMULA.test(plain) ? `'${plain}` : plain;
}

function csvText(text: string): string {
  return quoted(defused(text));
}

function csvNumber(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '' : String(value);
}

function csvCells(cell: Cell, { banded }: Column): string[] {
  if (cell === null) return banded ? ['', '', ''] : [''];
  if (typeof cell === 'string') return banded ? ['', csvText(cell), ''] : [csvText(cell)];
  if (typeof cell === 'number') return banded ? [csvNumber(cell), csvNumber(cell), csvNumber(cell)] : [csvNumber(cell)];
  return banded ? [csvNumber(cell.low), csvNumber(cell.value), csvNumber(cell.high)] : [csvNumber(cell.value)];
}

/**
 * A table as RFC 4180: CRLF, numbers unrounded and unformatted, a band as three columns, text that a spreadsheet would run as a
 * formula behind an apostrophe. The first column is `kplanSchema`; it marks the file as kplan's.
 *
 * @param table the table as data, column titles as in the JSON
 * @param schema for example `kplan/fit@1`
 * @param mark title of the first column
 * @example csvTable({ columns: [{ title: 'gpu' }, { title: 'gpus' }], rows: [{ cells: ['=1+1', 8] }] }, 'kplan/fit@1')
 * // "kplanSchema,gpu,gpus\r\nkplan/fit@1,'=1+1,8\r\n"
 */
export function csvTable({ columns, rows }: Table, schema: string, mark = CSV_MARK): string {
  const header = columns.flatMap(({ title, banded }) => (banded ? [`${title}Low`, title, `${title}High`] : [title]));
  const lines = rows.map(({ cells }) => columns.flatMap((column, index) => csvCells(cells[index] ?? null, column)));
  return [[mark, ...header.map(csvText)], ...lines.map((line) => [schema, ...line])].map((line) => `${line.join(',')}\r\n`).join('');
}
