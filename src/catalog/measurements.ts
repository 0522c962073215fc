import type { z } from 'zod';
import type { SourceId } from '../evidence/source.ts';
import { Fault } from '../faults/fault.ts';
import type { Model } from '../model/model.ts';
import type { Measurement } from '../throughput/measurement.ts';
import { type DataFolder, idsOf, readCsvFile } from './dataFolder.ts';
import { checkReference, checkRowIds } from './names.ts';
import { exclusionRow, measurementRow } from './rows.ts';
import type { SourceBook } from './sourceBook.ts';

/** Files of measured load points under data/measurements. */
const FILES = ['kimi', 'deepseek', 'other-models'] as const;

/** Measured load points, and why others are not among them. */
export interface MeasuredRows {
  readonly measurements: Measurement[];
  /** By id of a published row that no score may use: it is contaminated, and how. */
  readonly contaminated: Readonly<Record<string, string>>;
}

/** A row as a measurement of a model's family. */
export function measurementOf(row: z.output<typeof measurementRow>, family: string, source: SourceId): Measurement {
  return {
    id: row.id,
    family,
    model: row.model,
    format: row.format,
    kvCacheDtype: row.kv_cache_dtype,
    engine: row.engine,
    engineVersion: row.engine_version,
    gpu: row.gpu,
    gpus: row.gpus,
    tp: row.tp,
    pp: row.pp,
    ep: row.ep,
    attentionDp: row.attention_dp,
    dcp: row.dcp,
    prefillGpus: row.prefill_gpus,
    speculation: row.speculation,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    concurrency: row.concurrency,
    reuse: row.reuse,
    outputTokensPerSecond: row.output_tokens_per_second,
    ttftMs: row.ttft_ms,
    tpotMs: row.tpot_ms,
    statistic: row.statistic,
    date: row.date,
    source,
  };
}

/** The rows of the files of measurements; excluded.csv says of every other known row why it is not there. */
export function readMeasurements(folder: DataFolder, models: readonly Model[], gpus: ReadonlySet<string>, book: SourceBook): MeasuredRows {
  const families = new Map(models.map(({ id, family }) => [id, family]));
  const modelIds = idsOf(folder, 'models');
  const rows = FILES.flatMap((name) => readCsvFile(folder, `measurements/${name}.csv`, measurementRow));
  const excluded = readCsvFile(folder, 'measurements/excluded.csv', exclusionRow);
  checkRowIds([...rows, ...excluded], folder.faults);
  const measurements = rows.map((file) => {
    const { content: row, data } = file;
    checkReference(modelIds, file, ['model'], row.model, folder.faults);
    checkReference(gpus, file, ['gpu'], row.gpu, folder.faults);
    if (row.output_tokens_per_second === null && row.tpot_ms === null)
      folder.faults.push(
        new Fault('missing', 'a measurement states output_tokens_per_second or tpot_ms', { where: data.where(['tpot_ms']) }),
      );
    return measurementOf(row, families.get(row.model) ?? row.model, book.sharedId(row.source, data));
  });
  const contaminated = excluded.flatMap(({ content }) => (content.contaminated === 'yes' ? [[content.id, content.reason] as const] : []));
  return { measurements, contaminated: Object.fromEntries(contaminated) };
}
