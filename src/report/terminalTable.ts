import { FIXED_SPACE, widthOf, wrap } from './plainText.ts';
import { type Column, cellText, columnTitle, type Table } from './table.ts';

const GAP = '  ';
const NOTE_INDENT = '    ';

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map(widthOf));
}

/** Takes columns from the widest shrinkable one until the table fits, or until no word could be kept whole. */
function shrunk(natural: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess--) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (width > (least[index] ?? 0) && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function padded(text: string, width: number, { align }: Column): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? space + text : text + space;
}

/** Lays one row of cells out over as many lines as its tallest cell needs. */
function rowLines(cells: readonly string[], widths: readonly number[], columns: readonly Column[]): string[] {
  const wrapped = cells.map((cell, index) => wrap(cell, widths[index] ?? 1));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, index) => padded(wrapped[index]?.[line] ?? '', widths[index] ?? 0, column))
      .join(GAP)
      .trimEnd(),
  );
}

/**
 * A table for a terminal: numbers to the right, cells wrapped so that the table is no wider than asked, notes below their rows.
 *
 * @param table the table as data
 * @param width columns of the terminal; a table whose words need more is printed wider
 * @returns lines without control characters
 * @example terminalTable({ columns: [{ title: 'GPU' }, { title: 'n', align: 'right' }], rows: [{ cells: ['H200', 8] }] }, 80)
 * // ['GPU   n', '────  ─', 'H200  8']
 */
export function terminalTable({ columns, rows }: Table, width: number): string[] {
  const titles = columns.map(columnTitle);
  const texts = rows.map(({ cells }) => columns.map((column, index) => cellText(cells[index] ?? null, column)));
  const natural = columns.map((_, index) => Math.max(widthOf(titles[index] ?? ''), ...texts.map((row) => widthOf(row[index] ?? ''))));
  const least = columns.map((_, index) => Math.max(longestWord(titles[index] ?? ''), ...texts.map((row) => longestWord(row[index] ?? ''))));
  const widths = shrunk(natural, least, width - GAP.length * (columns.length - 1));
  const noteWidth = Math.max(40, width - NOTE_INDENT.length);
  return [
    ...rowLines(titles, widths, columns),
    widths.map((size) => '─'.repeat(size)).join(GAP),
    ...rows.flatMap(({ note }, index) => [
      ...rowLines(texts[index] ?? [], widths, columns),
      ...(note === undefined ? [] : wrap(note, noteWidth).map((line) => NOTE_INDENT + line)),
    ]),
  ].map((line) => line.replaceAll(FIXED_SPACE, ' '));
}
