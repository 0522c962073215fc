import type { Row, Table } from '../table.ts';
import type { VegaLiteSpec } from './chart.ts';

/** A row of what a chart shows: of which line, bar or point, and its numbers. */
type DataRow = Readonly<Record<string, unknown>> & { readonly series: string };

/** How something looks and where it stands in the picture, which is no data. */
const LOOKS: readonly string[] = ['colour', 'fill', 'text', 'row', 'bottom', 'left', 'right', 'middle', 'place', 'from', 'to', 'gib'];

function isRow(value: unknown): value is DataRow {
  return typeof value === 'object' && value !== null && 'series' in value && typeof value.series === 'string';
}

/** The rows below a part of a specification, each once: layers share them. */
function rowsIn(part: unknown, found: Set<DataRow> = new Set()): Set<DataRow> {
  if (isRow(part)) return found.add(part);
  if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) rowsIn(inner, found);
  return found;
}

/**
 * What a chart shows as a table: a row for each point of its lines, bars and dots, not its labels.
 *
 * @param spec a chart; its data are those rows that name their `series`
 * @returns columns by the fields of the rows, `series` first; a field that a row has not is empty
 * @example chartTable(toyChart).rows.map(({ cells }) => cells) // [['list price', 1, 2], ['list price', 3, 4]]
 */
export function chartTable(spec: VegaLiteSpec): Table {
  const rows = [...rowsIn(spec)];
  const fields = [...new Set(['series', ...rows.flatMap((row) => Object.keys(row))])].filter((field) => !LOOKS.includes(field));
  const cell = (value: unknown) =>
    typeof value === 'number' || typeof value === 'string' ? value : value === undefined || value === null ? null : String(value);
  return {
    columns: fields.map((title) => ({ title })),
    rows: rows.map((row): Row => ({ cells: fields.map((field) => cell(row[field])) })),
  };
}
