import { FIXED_SPACE, inert } from './plainText.ts';
import { type Column, cellText, columnTitle, type Table } from './table.ts';

/** What a forge would take for a person or a thread: a word joiner behind its sign stops that. */
const MENTION = /(?<!\w)[@#](?=\w)/g;

/** Inert text in which no character has a meaning in Markdown or HTML, and which calls nobody. */
export function markdownText(text: string): string {
  return inert(text)
    .replace(MENTION, '$&\u2060')
    .replaceAll(FIXED_SPACE, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|>#~]/g, '\\$&');
}

/**
 * A table in GitHub's Markdown; notes become a last column.
 *
 * @param table the table as data
 * @returns lines
 * @example markdownTable({ columns: [{ title: 'GPU' }, { title: 'n', align: 'right' }], rows: [{ cells: ['H200', 8] }] })
 * // ['| GPU | n |', '| --- | ---: |', '| H200 | 8 |']
 */
export function markdownTable({ columns, rows }: Table): string[] {
  const noted = rows.some(({ note }) => note !== undefined);
  const all: readonly Column[] = noted ? [...columns, { title: 'why' }] : columns;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(all.map((column) => markdownText(columnTitle(column)))),
    line(all.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(({ cells, note }) =>
      line(all.map((column, index) => markdownText(cellText(cells[index] ?? (index === columns.length ? (note ?? '') : null), column)))),
    ),
  ];
}
