import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { inert } from '../../faults/fault.ts';

/** Columns of `measurements/bench.csv`, in this order. */
export const BENCH_COLUMNS = [
  'id',
  'model',
  'format',
  'kv_cache_dtype',
  'engine',
  'engine_version',
  'gpu',
  'gpus',
  'tp',
  'pp',
  'ep',
  'attention_dp',
  'dcp',
  'prefill_gpus',
  'speculation',
  'input_tokens',
  'output_tokens',
  'concurrency',
  'reuse',
  'output_tokens_per_second',
  'ttft_ms',
  'tpot_ms',
  'statistic',
  'date',
  'source',
  'note',
] as const;

/** One measured load point, as a row of the catalog states it. */
export interface MeasurementRow {
  readonly id: string;
  readonly model: string;
  readonly format: string;
  /** Empty where it is unknown. */
  readonly kvCacheDtype: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly tp: number;
  readonly pp: number;
  readonly ep: number;
  readonly attentionDp: number;
  readonly dcp: number;
  /** 0 where nothing is disaggregated. */
  readonly prefillGpus: number;
  readonly speculation: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly concurrency: number;
  readonly reuse: number;
  readonly outputTokensPerSecond: number;
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
  readonly statistic: 'median' | 'mean';
  readonly date: string;
  readonly source: string;
  readonly note: string;
}

/** The key of a member for each column. */
const MEMBERS: Readonly<Record<(typeof BENCH_COLUMNS)[number], keyof MeasurementRow>> = {
  id: 'id',
  model: 'model',
  format: 'format',
  kv_cache_dtype: 'kvCacheDtype',
  engine: 'engine',
  engine_version: 'engineVersion',
  gpu: 'gpu',
  gpus: 'gpus',
  tp: 'tp',
  pp: 'pp',
  ep: 'ep',
  attention_dp: 'attentionDp',
  dcp: 'dcp',
  prefill_gpus: 'prefillGpus',
  speculation: 'speculation',
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
  concurrency: 'concurrency',
  reuse: 'reuse',
  output_tokens_per_second: 'outputTokensPerSecond',
  ttft_ms: 'ttftMs',
  tpot_ms: 'tpotMs',
  statistic: 'statistic',
  date: 'date',
  source: 'source',
  note: 'note',
};

/** Columns that say where a row comes from, and not what was measured. */
const NOT_MEASURED: readonly string[] = ['id', 'date', 'source', 'note'];

/**
 * A measured figure at six decimals: a nanosecond, or a millionth of a token.
 *
 * @example atSixDecimals(0.1 + 0.2) // 0.3
 */
export function atSixDecimals(value: number): number {
  return Number(value.toFixed(6));
}

/** Cells of a row in the order of the columns; what is not known is null. */
export function rowCells(row: MeasurementRow): (string | number | null)[] {
  return BENCH_COLUMNS.map((column) => row[MEMBERS[column]]);
}

/** What the file and the tool are called, without the folder that the file lay in. */
export function sourceOf(tool: string, path: string): string {
  return `${tool}: ${inert(basename(path))}`;
}

/**
 * The row with an id made of its content, so that a run that is imported again has the same one.
 *
 * The date, the source and the note do not count: a copied file may have others.
 *
 * @param row the row without its id
 * @param tool what wrote the file
 */
export function identified(row: Omit<MeasurementRow, 'id'>, tool: string): MeasurementRow {
  const measured = Object.entries(row).filter(([name]) => !NOT_MEASURED.includes(name));
  const digest = createHash('sha256')
    .update(JSON.stringify([tool, ...measured]))
    .digest('hex')
    .slice(0, 12);
  const program = tool.split(' ')[0] ?? tool;
  return { id: `${program}-${row.model}-${row.gpu}-${row.gpus}-c${row.concurrency}-${digest}`, ...row };
}

/** A number without an exponent, which a reader of plain numbers would refuse. */
function plainNumber(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}

/** Cells of a row as a CSV file holds them: numbers plain, unknown ones empty. */
export function csvCells(row: MeasurementRow): string[] {
  return rowCells(row).map((cell) => (cell === null ? '' : typeof cell === 'number' ? plainNumber(cell) : inert(cell)));
}
