import { type CsvCells, parseCsvCells, readCsvCells } from './csvCells.ts';
import type { Outcome, StartupRow } from './startupRow.ts';

const MOST_RANKS = 65_536;

/** Columns that a file of start-up observations names in its first line, in any order and among others. */
export const STARTUP_COLUMNS = [
  'id',
  'source_url',
  'date',
  'model',
  'engine',
  'engine_version',
  'gpu',
  'gpu_count',
  'tp',
  'pp',
  'dp',
  'ep',
  'dp_attention',
  'dcp',
  'weight_format',
  'kv_dtype',
  'gpu_memory_utilization_or_mem_fraction',
  'max_model_len',
  'max_num_seqs',
  'other_flags',
  'weights_gib_per_gpu',
  'activation_or_nonkv_gib',
  'available_kv_gib_per_gpu',
  'kv_tokens_per_gpu_or_engine',
  'max_concurrency',
  'outcome',
  'notes',
] as const;

type Column = (typeof STARTUP_COLUMNS)[number];

type Cells = CsvCells<Column>;

/** A count of ranks, or `yes` where a row only says that they are used. */
function ranks(cells: Cells, column: Column): number | true | null {
  const text = cells.text(column).toLowerCase();
  if (text === 'no') return null;
  return text === 'yes' || text === 'true' ? true : cells.count(column, MOST_RANKS);
}

function outcomeOf(cells: Cells): Outcome {
  const text = cells.text('outcome');
  if (text === 'fits' || text === 'oom' || text === 'fails') return text;
  throw cells.refuse('outcome', 'not an outcome', 'fits, oom or fails');
}

function fractionOf(cells: Cells): number | null {
  const value = cells.number('gpu_memory_utilization_or_mem_fraction', 0);
  if (value !== null && (value === 0 || value > 1))
    throw cells.refuse('gpu_memory_utilization_or_mem_fraction', 'not a fraction', 'more than 0 and at most 1');
  return value;
}

function rowOf(cells: Cells): StartupRow {
  return {
    id: cells.text('id'),
    line: cells.line,
    source: cells.text('source_url'),
    date: cells.text('date'),
    model: cells.text('model'),
    engine: cells.text('engine'),
    engineVersion: cells.text('engine_version'),
    gpu: cells.text('gpu'),
    gpus: cells.count('gpu_count', MOST_RANKS),
    tp: cells.count('tp', MOST_RANKS),
    pp: cells.count('pp', MOST_RANKS),
    dp: cells.count('dp', MOST_RANKS),
    ep: ranks(cells, 'ep'),
    attentionDp: ranks(cells, 'dp_attention'),
    dcp: cells.count('dcp', MOST_RANKS),
    weightFormat: cells.text('weight_format'),
    kvDtype: cells.text('kv_dtype'),
    fraction: fractionOf(cells),
    fractionIsOwn: /\bauto\b/i.test(cells.text('gpu_memory_utilization_or_mem_fraction')),
    maxModelLen: cells.count('max_model_len'),
    maxNumSeqs: cells.count('max_num_seqs'),
    flags: cells.text('other_flags'),
    weightsGiB: cells.number('weights_gib_per_gpu', 0),
    nonKv: cells.text('activation_or_nonkv_gib'),
    kvGiB: cells.number('available_kv_gib_per_gpu'),
    kvTokens: cells.count('kv_tokens_per_gpu_or_engine'),
    maxConcurrency: cells.number('max_concurrency', 0),
    outcome: outcomeOf(cells),
    notes: cells.text('notes'),
  };
}

/**
 * Reads a file of start-up observations.
 *
 * @param file its name, for messages
 * @throws {Fault} with `file:line:column`, for a column that is missing, a cell that is not what its column holds, an id that is
 *   repeated, or a text that is no CSV
 */
export function parseStartupFile(file: string, content: string): StartupRow[] {
  return parseCsvCells(file, content, STARTUP_COLUMNS).map(rowOf);
}

/** Reads a file of start-up observations from disk, in bounded memory. */
export function readStartupFile(path: string): StartupRow[] {
  return readCsvCells(path, STARTUP_COLUMNS).map(rowOf);
}
