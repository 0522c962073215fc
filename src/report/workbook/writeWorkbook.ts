import type { Cell, CellStyle, WriteSheet } from 'hucre/xlsx';
import { defused } from '../csvTable.ts';
import { WORKBOOK_MARK } from '../mark.ts';
import { type CellLook, columnName, type SheetCell, type Workbook, type WorkbookSheet } from './workbook.ts';

const LINE_POINTS = 15;
const MOST_POINTS = 400;
/** Characters of the font that fill a unit of a column's width, on average. */
const CHARACTERS_PER_WIDTH = 1.1;
/** Bold letters and those of titles are wider. */
const WIDE: Partial<Record<CellLook, number>> = { strong: 1.1, header: 1.15 };

const FONT = { name: 'Calibri', size: 11 } as const;
const rgb = (color: string) => ({ rgb: color });
const fill = (color: string) => ({ fill: { type: 'pattern', pattern: 'solid', fgColor: rgb(color) } }) as const;
const wrapped = { alignment: { wrapText: true, vertical: 'top' } } as const;
const right = { alignment: { vertical: 'top', horizontal: 'right' } } as const;
const LINE = { bottom: { style: 'thin', color: rgb('BFBFBF') } } as const;

const LOOKS: Readonly<Record<CellLook, CellStyle>> = {
  title: { font: { ...FONT, bold: true, size: 16, color: rgb('1F3864') } },
  section: { font: { ...FONT, bold: true, size: 12, color: rgb('1F3864') }, ...fill('DCE6F1') },
  header: {
    font: { ...FONT, bold: true, color: rgb('FFFFFF') },
    ...fill('1F3864'),
    alignment: { wrapText: true, vertical: 'top', horizontal: 'center' },
  },
  text: { font: FONT, ...wrapped },
  muted: { font: { ...FONT, color: rgb('595959') }, ...wrapped },
  strong: { font: { ...FONT, bold: true }, ...wrapped },
  input: { font: { ...FONT, color: rgb('0000FF') }, ...fill('FFF2CC'), alignment: { vertical: 'top' }, border: LINE },
  read: { font: { ...FONT, color: rgb('0000FF') }, ...fill('DDEBF7'), alignment: { vertical: 'top' }, border: LINE },
  live: { font: FONT, ...right, border: LINE },
  result: { font: { ...FONT, bold: true }, ...right, border: LINE },
  fixed: { font: { ...FONT, color: rgb('595959') }, ...fill('F2F2F2'), ...right, border: LINE },
};

/** Text that is no formula even after a journey through CSV, without control characters, and without what spreadsheets decode to one. */
function plain(text: string): string {
  return text
    .split('\n')
    .map(defused)
    .join('\n')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

function styleOf(cell: SheetCell): CellStyle {
  const style = LOOKS[cell.look];
  return cell.kind === 'text' || cell.format === 'General' ? style : { ...style, numFmt: cell.format };
}

function written(cell: SheetCell): Partial<Cell> {
  const style = styleOf(cell);
  const comment = cell.note === undefined ? {} : { comment: { author: 'kplan', text: plain(cell.note) } };
  switch (cell.kind) {
    case 'text':
      return { value: plain(cell.text), type: 'string', style, ...comment };
    case 'number':
      return { value: cell.value, type: 'number', style, ...comment };
    case 'formula':
      return { value: null, type: 'formula', formula: cell.formula, formulaResult: cell.value, style, ...comment };
  }
}

/** Words of a cell as far as they need room. */
function wordsOf(cell: SheetCell): string {
  return cell.kind === 'text' ? cell.text : cell.kind === 'formula' && typeof cell.value === 'string' ? cell.value : '';
}

function linesOf(cell: SheetCell, place: number, { widths }: WorkbookSheet): number {
  const room = widths.slice(place, place + (cell.spread ?? 1)).reduce((sum, width) => sum + width, 0) * CHARACTERS_PER_WIDTH;
  const length = wordsOf(cell).length * (WIDE[cell.look] ?? 1);
  return cell.look === 'title' ? 1.6 : Math.max(1, Math.ceil(length / Math.max(1, room)));
}

/** Lets a reader put numbers alone into the cells that are meant to be changed. */
function numbersOnly(cells: readonly string[]): Pick<WriteSheet, 'dataValidations'> {
  if (cells.length === 0) return {};
  const error = { errorTitle: 'A number', errorMessage: 'Only a number can be computed with.', showErrorMessage: true } as const;
  return {
    dataValidations: [{ type: 'decimal', operator: 'between', formula1: '-1E+300', formula2: '1E+300', range: cells.join(' '), ...error }],
  };
}

function pageOf(sheet: WorkbookSheet): WriteSheet {
  const cells = new Map<string, Partial<Cell>>();
  const rowDefs = new Map<number, { height: number }>();
  const changeable: string[] = [];
  const merges: NonNullable<WriteSheet['merges']> = [];
  for (const [row, line] of sheet.rows.entries()) {
    let lines = 1;
    for (const [column, cell] of line.entries()) {
      if (!cell) continue;
      cells.set(`${row},${column}`, written(cell));
      if (cell.look === 'input' || cell.look === 'read') changeable.push(`${columnName(column)}${row + 1}`);
      lines = Math.max(lines, linesOf(cell, column, sheet));
      const { spread = 1 } = cell;
      if (spread > 1) merges.push({ startRow: row, startCol: column, endRow: row, endCol: column + spread - 1 });
    }
    rowDefs.set(row, { height: Math.min(MOST_POINTS, LINE_POINTS * lines) });
  }
  const { frozenRows, frozenColumns = 0 } = sheet;
  const pane = { ...(frozenRows > 0 ? { rows: frozenRows } : {}), ...(frozenColumns > 0 ? { columns: frozenColumns } : {}) };
  return {
    name: sheet.name,
    columns: sheet.widths.map((width) => ({ width })),
    rows: [],
    cells,
    rowDefs,
    merges,
    ...numbersOnly(changeable),
    ...(frozenRows + frozenColumns > 0 ? { freezePane: pane } : {}),
    view: { showGridLines: false },
    pageSetup: {
      paperSize: 'a4',
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      ...(frozenRows > 0 ? { printTitlesRow: `$${frozenRows}:$${frozenRows}` } : {}),
    },
    headerFooter: { oddFooter: '&L&A&RPage &P of &N' },
  };
}

/**
 * A workbook as XLSX. The same workbook gives the same bytes: the dates of the document are the day of its facts. Text never becomes a
 * formula: only formula cells are written as such, and text that begins as one stands behind an apostrophe, which holds in a CSV made of it.
 *
 * @returns the whole file
 */
export async function writeWorkbook({ schema, title, asOf, sheets }: Workbook): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  const day = new Date(`${asOf}T00:00:00Z`);
  return writeXlsx({
    sheets: sheets.map(pageOf),
    properties: { title: plain(title), creator: 'kplan', created: day, modified: day, custom: { [WORKBOOK_MARK]: schema } },
    defaultFont: FONT,
  });
}
