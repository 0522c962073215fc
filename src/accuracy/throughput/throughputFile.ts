import { Fault } from '../../faults/fault.ts';
import { type CsvCells, readCsvCells } from '../observed/csvCells.ts';
import type { SkippedRow, ThroughputRow } from './throughputRow.ts';

/** Columns that a file of throughput measurements names in its first line, in any order and among others. */
export const THROUGHPUT_COLUMNS = [
  'id',
  'date',
  'model',
  'weight_format',
  'kv_dtype',
  'engine',
  'engine_version',
  'gpu',
  'gpu_count',
  'tp',
  'pp',
  'ep',
  'dp_attention',
  'disagg',
  'speculative',
  'isl',
  'osl',
  'concurrency_or_batch',
  'prefix_hit_rate',
  'output_tok_s',
  'ttft_ms_p50',
  'ttft_ms_mean',
  'tpot_ms_p50',
  'tpot_ms_mean',
  'notes',
] as const;

type Cells = CsvCells<(typeof THROUGHPUT_COLUMNS)[number]>;

/** A figure above zero; null where the cell is empty. */
function positive(cells: Cells, column: (typeof THROUGHPUT_COLUMNS)[number]): number | null {
  const value = cells.number(column, 0);
  if (value === 0) throw cells.refuse(column, 'not above zero', 'a number above 0, or nothing');
  return value;
}

/** What a row lacks without which nothing can be predicted or compared. */
function lacking(cells: Cells): string | null {
  const needed = ['gpu_count', 'isl', 'osl', 'concurrency_or_batch'] as const;
  const missing = needed.filter((column) => cells.text(column) === '');
  if (missing.length > 0) return `${missing.join(', ')} not stated`;
  const measured = ['tpot_ms_p50', 'tpot_ms_mean', 'output_tok_s'] as const;
  return measured.every((column) => cells.text(column) === '') ? 'neither TPOT nor output tokens per second stated' : null;
}

function attentionDp(cells: Cells): number | true {
  const text = cells.text('dp_attention').toLowerCase();
  if (text === '' || text === 'n' || text === 'no' || text === 'false') return 1;
  return text === 'y' || text === 'yes' || text === 'true' ? true : (cells.count('dp_attention') ?? 1);
}

/** `0` in the column of expert parallelism means none. */
function expertRanks(cells: Cells): number {
  return ['', '0', 'n'].includes(cells.text('ep').toLowerCase()) ? 1 : (cells.count('ep') ?? 1);
}

function rowOf(cells: Cells): ThroughputRow {
  const [ttftMedian, tpotMedian] = [positive(cells, 'ttft_ms_p50'), positive(cells, 'tpot_ms_p50')];
  const reuse = cells.number('prefix_hit_rate', 0) ?? 0;
  if (reuse > 1) throw cells.refuse('prefix_hit_rate', 'not a share', 'a number from 0 to 1, or nothing');
  return {
    id: cells.text('id'),
    line: cells.line,
    date: cells.text('date'),
    model: cells.text('model'),
    format: cells.text('weight_format'),
    kvCacheDtype: cells.text('kv_dtype').toLowerCase(),
    engine: cells.text('engine').toLowerCase(),
    engineVersion: cells.text('engine_version') || 'unknown',
    gpu: cells.text('gpu'),
    gpus: cells.count('gpu_count') ?? 1,
    tp: cells.count('tp'),
    pp: cells.count('pp') ?? 1,
    ep: expertRanks(cells),
    attentionDp: attentionDp(cells),
    disaggregated: cells.text('disagg').toLowerCase() === 'y',
    speculation: cells.text('speculative').toLowerCase() || 'unknown',
    inputTokens: positive(cells, 'isl') ?? 1,
    outputTokens: positive(cells, 'osl') ?? 1,
    concurrency: cells.number('concurrency_or_batch', 1) ?? 1,
    reuse,
    outputTokensPerSecond: positive(cells, 'output_tok_s'),
    ttftMs: ttftMedian ?? positive(cells, 'ttft_ms_mean'),
    tpotMs: tpotMedian ?? positive(cells, 'tpot_ms_mean'),
    statistic: tpotMedian === null ? 'mean' : 'median',
    notes: cells.text('notes'),
  };
}

/**
 * Reads a file of throughput measurements. A row that lacks what a prediction needs, or that states what cannot be, is skipped with its
 * reason; the others are kept.
 *
 * @param path a CSV file whose first line names the columns of `THROUGHPUT_COLUMNS`
 * @throws Fault for a file that is missing, too large, not CSV or without those columns
 */
export function readThroughputFile(path: string): { readonly rows: ThroughputRow[]; readonly skipped: SkippedRow[] } {
  const rows: ThroughputRow[] = [];
  const skipped: SkippedRow[] = [];
  for (const cells of readCsvCells(path, THROUGHPUT_COLUMNS)) {
    const { line } = cells;
    const id = cells.text('id');
    const lack = lacking(cells);
    if (lack !== null) {
      skipped.push({ id, line, reason: lack });
      continue;
    }
    try {
      rows.push(rowOf(cells));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      skipped.push({ id, line, reason: error.message });
    }
  }
  return { rows, skipped };
}
