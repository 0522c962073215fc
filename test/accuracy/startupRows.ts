import { parseStartupFile, STARTUP_COLUMNS } from '../../src/accuracy/observed/startupFile.ts';
import type { StartupRow } from '../../src/accuracy/observed/startupRow.ts';

type Cells = Record<(typeof STARTUP_COLUMNS)[number], string>;

/** Eight H200 that serve Kimi-K2.5 with vLLM 0.18.0; what a test cares for stands in its place. */
const KIMI: Partial<Cells> = {
  id: 'row',
  source_url: 'https://github.com/someone/logs/blob/main/a.log',
  date: '2026-05',
  model: 'moonshotai/Kimi-K2.5',
  engine: 'vLLM',
  engine_version: '0.18.0',
  gpu: 'H200',
  gpu_count: '8',
  tp: '8',
  weight_format: 'int4',
  outcome: 'fits',
};

/** The cells of one row. */
export function rowCells(cells: Partial<Cells> = {}): Cells {
  return Object.fromEntries(STARTUP_COLUMNS.map((column) => [column, cells[column] ?? KIMI[column] ?? ''])) as Cells;
}

/** A file of rows as CSV. */
export function csvOf(rows: readonly Partial<Cells>[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map((cells, index) =>
    Object.values(rowCells({ ...(index === 0 ? {} : { id: `row-${index + 1}` }), ...cells }))
      .map(quoted)
      .join(),
  );
  return [STARTUP_COLUMNS.join(), ...lines].map((line) => `${line}\n`).join('');
}

/** One row as a reader returns it. */
export function startupRow(cells: Partial<Cells> = {}): StartupRow {
  const [row] = parseStartupFile('rows.csv', csvOf([cells]));
  if (!row) throw new Error('no row');
  return row;
}
