import { FIXED_SPACE, widthOf, wrap } from './plainText.ts';
import { type Column, cellText, columnTitle, type Table } from './table.ts';

const GAP = '  ';
const NOTE_INDENT = '    ';
const PAIR_GAP = ' · ';

/** The words of a table, ready to be laid out. */
interface Words {
  readonly columns: readonly Column[];
  readonly titles: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly note: string | undefined }[];
}

function wordsOf({ columns, rows }: Table): Words {
  return {
    columns,
    titles: columns.map(columnTitle),
    rows: rows.map(({ cells, note }) => ({ cells: columns.map((column, index) => cellText(cells[index] ?? null, column)), note })),
  };
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map(widthOf));
}

/** For each column, the greatest of a measure over its title and cells. */
function greatest({ columns, titles, rows }: Words, measure: (text: string) => number): number[] {
  return columns.map((_, index) => Math.max(measure(titles[index] ?? ''), ...rows.map(({ cells }) => measure(cells[index] ?? ''))));
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

/** Column widths that fit into a room with every word whole, taken from the widest columns; null where there are none. */
function fitted(words: Words, room: number): number[] | null {
  const least = greatest(words, longestWord).map((width, index) =>
    words.columns[index]?.whole ? Math.max(width, ...words.rows.map(({ cells }) => widthOf(cells[index] ?? ''))) : width,
  );
  const widths = greatest(words, widthOf);
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (width > (least[index] ?? 0) && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) return null;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

/** The same words with the ends of bands free to stand on several lines. */
function loosened({ columns, titles, rows }: Words): Words {
  const loose = (text: string) => text.replaceAll(`${FIXED_SPACE}to${FIXED_SPACE}`, ' to ');
  return { columns, titles, rows: rows.map(({ cells, note }) => ({ cells: cells.map(loose), note })) };
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

function noteLines(note: string | undefined, width: number): string[] {
  return note === undefined ? [] : wrap(note, width - NOTE_INDENT.length).map((line) => NOTE_INDENT + line);
}

function grid({ columns, titles, rows }: Words, widths: readonly number[], width: number): string[] {
  return [
    ...rowLines(titles, widths, columns),
    widths.map((size) => '─'.repeat(size)).join(GAP),
    ...rows.flatMap(({ cells, note }) => [...rowLines(cells, widths, columns), ...noteLines(note, width)]),
  ];
}

/** Pairs side by side as long as they fit; a pair is broken only where it is longer than a line. */
function flowed(pairs: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const pair of pairs) {
    const line = lines.at(-1);
    const joined = `${line}${PAIR_GAP}${pair}`;
    if (line !== undefined && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(...wrap(pair, width));
  }
  return lines;
}

/** One block per row of `title: value` pairs, for a terminal that is too narrow for columns. */
function blocks({ columns, titles, rows }: Words, width: number): string[] {
  return rows.flatMap(({ cells, note }) => {
    const whole = cells.filter((_, index) => columns[index]?.whole);
    const pairs = cells.flatMap((cell, index) => (columns[index]?.whole ? [] : [`${titles[index]}: ${cell}`]));
    const lines = [...whole, ...flowed(pairs, width - 2)];
    return [...lines.map((line, index) => `${index === 0 ? '•' : ' '} ${line}`), ...noteLines(note, width)];
  });
}

/**
 * A table for a terminal: numbers to the right, cells wrapped so that the table is no wider than asked, notes below their rows. Where
 * columns do not fit with every word whole, each row becomes a block of `title: value` pairs.
 *
 * @param table the table as data
 * @param width columns of the terminal; only a cell that is never cut may be longer
 * @returns lines without control characters
 * @example terminalTable({ columns: [{ title: 'GPU' }, { title: 'n', align: 'right' }], rows: [{ cells: ['H200', 8] }] }, 80)
 * // ['GPU   n', '────  ─', 'H200  8']
 */
export function terminalTable(table: Table, width: number): string[] {
  const words = wordsOf(table);
  const room = width - GAP.length * (table.columns.length - 1);
  for (const layout of [words, loosened(words)]) {
    const widths = fitted(layout, room);
    if (widths !== null) return grid(layout, widths, width).map(plain);
  }
  return blocks(words, width).map(plain);
}

function plain(line: string): string {
  return line.replaceAll(FIXED_SPACE, ' ');
}
