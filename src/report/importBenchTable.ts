import type { BenchImport } from '../importers/bench/benchImport.ts';
import { BENCH_COLUMNS, rowCells } from '../importers/bench/measurementRow.ts';
import type { Table } from './table.ts';

function oneDecimal(value: number): string {
  return value.toFixed(1);
}

/** The rows of an import for reading, with whether each is new. */
export function importBenchTable({ rows }: BenchImport): Table {
  return {
    columns: [
      { title: 'model' },
      { title: 'format' },
      { title: 'GPUs' },
      { title: 'engine' },
      { title: 'in/out tokens', align: 'right' },
      { title: 'in flight', align: 'right' },
      { title: 'output tok/s', align: 'right', format: oneDecimal },
      { title: 'TTFT', unit: 'ms', align: 'right', format: oneDecimal },
      { title: 'TPOT', unit: 'ms', align: 'right', format: (value) => value.toFixed(2) },
      { title: 'times' },
      { title: 'row' },
    ],
    rows: rows.map((row) => ({
      cells: [
        row.model,
        row.format,
        `${row.gpus} × ${row.gpu}`,
        `${row.engine} ${row.engineVersion}`,
        `${Math.round(row.inputTokens)}/${Math.round(row.outputTokens)}`,
        row.concurrency,
        row.outputTokensPerSecond,
        row.ttftMs,
        row.tpotMs,
        row.statistic,
        row.known ? 'known' : 'added',
      ],
      ...(row.note === '' ? {} : { note: row.note }),
    })),
  };
}

/** The rows of an import with the columns of the catalog. */
export function importBenchRawTable({ rows }: BenchImport): Table {
  return {
    columns: [...BENCH_COLUMNS.map((title) => ({ title })), { title: 'known' }],
    rows: rows.map((row) => ({ cells: [...rowCells(row), row.known ? 'yes' : 'no'] })),
  };
}
