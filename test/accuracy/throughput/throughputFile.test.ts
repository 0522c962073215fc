import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readThroughputFile, THROUGHPUT_COLUMNS } from '../../../src/accuracy/throughput/throughputFile.ts';
import { Witnesses } from '../../../src/accuracy/throughput/witnesses.ts';
import { loadCatalog } from '../../../src/catalog/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'kplan-throughput-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ROW: Readonly<Record<string, string>> = {
  id: 'row',
  date: '2026-03-27',
  model: 'Kimi-K2.5',
  weight_format: 'INT4',
  engine: 'vllm',
  engine_version: '0.16.0',
  gpu: 'H200',
  gpu_count: '8',
  tp: '8',
  pp: '1',
  disagg: 'n',
  speculative: 'none',
  isl: '8192',
  osl: '1024',
  concurrency_or_batch: '64',
  ttft_ms_p50: '1958.31',
  tpot_ms_p50: '59.823',
};

/** A file of rows that differ from the usual one. */
function read(...rows: readonly Readonly<Record<string, string>>[]) {
  const path = join(folder, 'rows.csv');
  const lines = rows.map((row, index) => {
    const cells: Readonly<Record<string, string>> = { ...ROW, id: `row${index}`, ...row };
    return THROUGHPUT_COLUMNS.map((column) => cells[column] ?? '').join();
  });
  writeFileSync(path, `${[THROUGHPUT_COLUMNS.join(), ...lines].join('\n')}\n`);
  return readThroughputFile(path);
}

const witnesses = new Witnesses(loadCatalog());

/** The row as kplan takes it, or why it does not. */
function taken(row: Readonly<Record<string, string>>) {
  const [found] = read(row).rows;
  if (!found) throw new Error('the row was skipped');
  return witnesses.observed(found);
}

describe('readThroughputFile', () => {
  it('reads names, layout and figures, medians before means', () => {
    expect(read({ tpot_ms_mean: '70' }).rows).toMatchObject([
      { model: 'Kimi-K2.5', gpus: 8, tp: 8, tpotMs: 59.823, statistic: 'median', reuse: 0 },
    ]);
    expect(read({ tpot_ms_p50: '', tpot_ms_mean: '70' }).rows).toMatchObject([{ tpotMs: 70, statistic: 'mean' }]);
  });

  it.each([
    ['a zero time', { tpot_ms_p50: '0' }, 'tpot_ms_p50'],
    ['a negative time', { ttft_ms_p50: '-5' }, 'ttft_ms_p50'],
    ['NaN', { tpot_ms_p50: 'NaN' }, 'not a number'],
    ['a time with its unit', { tpot_ms_p50: '0.06s' }, 'not a number'],
    ['a concurrency of zero', { concurrency_or_batch: '0' }, 'concurrency_or_batch'],
    ['a hit rate in per cent', { prefix_hit_rate: '90' }, 'not a share'],
    ['half a GPU', { gpu_count: '0.5' }, 'gpu_count'],
    ['no lengths', { isl: '', osl: '' }, 'isl, osl not stated'],
    ['no figures', { tpot_ms_p50: '' }, 'neither TPOT nor output'],
  ])('skips %s with its line and reason, and keeps the rows beside it', (_, row, reason) => {
    const { rows, skipped } = read({}, row, {});
    expect(rows).toHaveLength(2);
    expect(skipped).toMatchObject([{ id: 'row1', line: 3, reason: expect.stringContaining(reason) }]);
  });

  it.each([
    ['a missing file', join(folder, 'none.csv'), 'cannot be read'],
    ['a file of other columns', join(folder, 'other.csv'), 'no column'],
  ])('refuses %s', (_, path, reason) => {
    writeFileSync(join(folder, 'other.csv'), 'a,b\n1,2\n');
    expect(() => readThroughputFile(path)).toThrow(reason);
  });
});

describe('Witnesses', () => {
  it('takes a row as a measurement of the catalog', () => {
    expect(taken({})).toMatchObject({
      measurement: { model: 'kimi-k2.5', family: 'kimi-k2', format: 'int4', gpu: 'h200-sxm', tp: 8, attentionDp: 1 },
      system: { vendor: 'nvidia', version: '0.16' },
    });
  });

  it('counts attention DP as kplan does: groups that share the ranks that engines call TP', () => {
    expect(taken({ dp_attention: 'y', ep: '8' })).toMatchObject({ measurement: { tp: 1, attentionDp: 8, ep: 8 } });
    expect(taken({ dp_attention: '2', gpu_count: '4', tp: '4' })).toMatchObject({ measurement: { tp: 2, attentionDp: 2 } });
  });

  it('reads FP4 as the variant of the vendor', () => {
    expect(taken({ weight_format: 'FP4', gpu: 'B200' })).toMatchObject({ measurement: { format: 'nvfp4' } });
    expect(taken({ weight_format: 'FP4', gpu: 'MI355X' })).toMatchObject({ measurement: { format: 'mxfp4' } });
  });

  it.each([
    ['disaggregation', { disagg: 'y' }, 'separate GPUs'],
    ['speculation', { speculative: 'mtp3' }, 'speculative decoding'],
    ['a label that contradicts the run', { notes: 'InferenceX run; layout_mismatch' }, 'contradicts the name of the run'],
    ['work in progress', { notes: 'InferenceX run; wip' }, 'work in progress'],
    ['an unknown model', { model: 'Kimi-K9' }, 'Kimi-K9 is not in the catalog'],
    ['an unknown GPU', { gpu: 'H999' }, 'H999 is not in the catalog'],
    ['a format that the model has not', { weight_format: 'AWQ' }, 'is not in the catalog'],
    ['a rate that contradicts the latencies', { output_tok_s: '500' }, 'contradict each other'],
    ['a full queue', { ttft_ms_p50: '70000' }, 'saturated'],
    ['a contaminated row of the collection', { id: 'sglcb-Kimi-K2.5-2' }, 'day-0 run'],
  ])('leaves out %s, and says why', (_, row, reason) => {
    expect(taken(row)).toContain(reason);
  });
});
