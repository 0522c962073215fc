import { z } from 'zod';
import type { DataFolder } from './dataFolder.ts';
import { readCsvFile } from './dataFolder.ts';
import { isoDate, text } from './fields.ts';
import { checkRowIds } from './names.ts';

const aNumber = { error: 'a plain number, or nothing' };

const words = z.string();
const optionalCount = z.string().regex(/^([1-9]\d*)?$/, { error: 'a whole number from 1, or nothing' });
const optionalNumber = z.string().regex(/^(-?\d+(\.\d+)?)?$/, aNumber);
const fraction = z.string().regex(/^(0\.\d+|1)?( \(.*\))?$/, { error: 'a fraction from 0 to 1 with a remark or without, or nothing' });

/** A row of data/measurements/startup-logs.csv: what one start of an engine printed, or what became of it, with where it was published. */
const startupLogRow = z.strictObject({
  id: text,
  source_url: text,
  date: isoDate,
  model: text,
  engine: words,
  engine_version: words,
  gpu: text,
  gpu_count: optionalCount,
  tp: optionalCount,
  pp: optionalCount,
  dp: optionalCount,
  ep: z.enum(['', 'yes']),
  dp_attention: z.enum(['', 'yes']),
  dcp: optionalCount,
  weight_format: words,
  kv_dtype: words,
  gpu_memory_utilization_or_mem_fraction: fraction,
  max_model_len: optionalCount,
  max_num_seqs: optionalCount,
  other_flags: words,
  weights_gib_per_gpu: optionalNumber,
  activation_or_nonkv_gib: words,
  available_kv_gib_per_gpu: optionalNumber,
  kv_tokens_per_gpu_or_engine: optionalCount,
  max_concurrency: optionalNumber,
  outcome: z.enum(['fits', 'oom', 'fails']),
  notes: words,
});

/** Adds a fault for every row of data/measurements/startup-logs.csv that is not as its columns say. */
export function checkStartupLogs(folder: DataFolder): void {
  checkRowIds(readCsvFile(folder, 'measurements/startup-logs.csv', startupLogRow), folder.faults);
}
