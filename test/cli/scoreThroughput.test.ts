import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { THROUGHPUT_COLUMNS } from '../../src/accuracy/throughput/throughputFile.ts';
import type { ThroughputScore } from '../../src/accuracy/throughput/throughputScore.ts';
import { scoreThroughputSchema } from '../../src/report/schema/scoreThroughput.ts';
import { cliRun } from '../support/cliRun.ts';

/** A type without readonly, all the way down. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

type Cells = Partial<Record<(typeof THROUGHPUT_COLUMNS)[number], string | number>>;

const BASE: Cells = {
  date: '2026-05-01',
  model: 'Kimi-K2.5',
  weight_format: 'INT4',
  engine: 'vllm',
  engine_version: '0.16.0',
  gpu: 'H200',
  gpu_count: 8,
  tp: 8,
  pp: 1,
  ep: 1,
  dp_attention: 'n',
  disagg: 'n',
  speculative: 'none',
  isl: 8192,
  osl: 1024,
  prefix_hit_rate: 0,
};

const OUTPUT_TOKENS = 1024;

/** A run at a concurrency whose rate follows from its times. */
function load(id: string, concurrency: number, ttftMs: number, tpotMs: number, other: Cells = {}): Cells {
  const rate = (1000 * concurrency * OUTPUT_TOKENS) / (ttftMs + (OUTPUT_TOKENS - 1) * tpotMs);
  return {
    ...BASE,
    id,
    concurrency_or_batch: concurrency,
    output_tok_s: rate.toFixed(1),
    ttft_ms_p50: ttftMs,
    tpot_ms_p50: tpotMs,
    ...other,
  };
}

const ROWS: readonly Cells[] = [
  load('c4', 4, 500, 12),
  load('c16', 16, 850, 22.5),
  load('c32', 32, 1200, 36),
  load('far', 16, 850, 90),
  load('split', 16, 850, 22, { disagg: 'y' }),
  load('split2', 32, 850, 22, { disagg: 'y' }),
  load('drafts', 16, 850, 22, { speculative: 'mtp' }),
  load('model', 16, 850, 22, { model: 'no-such-model' }),
  load('alone', 16, 850, 22, { isl: '' }),
  load('zero', 16, 850, 22, { tpot_ms_p50: 0 }),
  load('nan', 16, 850, 22, { ttft_ms_p50: 'NaN' }),
  load('nan2', 16, 850, 22, { ttft_ms_p50: 'soon' }),
];

let folder: string;
const inside = (name: string) => join(folder, name);

function written(name: string, rows: readonly Cells[], columns: readonly string[] = THROUGHPUT_COLUMNS): string {
  const lines = rows.map((row) => columns.map((column) => row[column as keyof Cells] ?? '').join(','));
  writeFileSync(inside(name), `${[columns.join(','), ...lines].join('\n')}\n`);
  return inside(name);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-score-throughput-'));
  written('rows.csv', ROWS);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const score = (...words: string[]) => cliRun(['score', 'throughput', ...words]);

describe('kplan score throughput', () => {
  it('has a schema that is the type of its answer', () => {
    expectTypeOf<Plain<z.infer<typeof scoreThroughputSchema>>>().toEqualTypeOf<Plain<ThroughputScore>>();
  });

  it('prints the score as it is with --json', async () => {
    const { code, stdout, stderr } = await score(inside('rows.csv'), '--seen', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(stdout) as ThroughputScore;
    expect(scoreThroughputSchema.parse(document)).toEqual(document);
    expect(document).toMatchObject({ seen: true, rows: 12, scoredRows: 4 });
    expect(document.worst[0]).toMatchObject({ id: 'far', measuredTpotMs: 90 });
    expect(document.skipped.map(({ id }) => id).sort()).toEqual(['alone', 'drafts', 'model', 'nan', 'nan2', 'split', 'split2', 'zero']);
  });

  it('prints situations, the worst rows, and what is left out by reason', async () => {
    const { code, stdout } = await score(inside('rows.csv'), '--seen');
    expect(code).toBe(0);
    expect(stdout).toContain('4 of 12 rows are scored');
    expect(stdout).toContain('Nothing was hidden from the predictions.');
    expect(stdout).toMatch(/^all predictions +TPOT +4 /m);
    expect(stdout).toMatch(/^far +.* 90 +-\d+$/m);
    expect(stdout).toContain('• 2 rows, such as line 6: prefill and decode on separate GPUs.');
    expect(stdout).toContain('• 2 rows, such as line 12: invalid ttft_ms_p50: not a number; allowed: a plain number, or nothing.');
    expect(stdout).toContain('• Line 11: invalid tpot_ms_p50: not above zero');
    expect(stdout.match(/^ {2}• /gm)).toHaveLength(6);
  });

  it('prints the metrics as CSV', async () => {
    const { stdout } = await score(inside('rows.csv'), '--seen', '--csv');
    expect(stdout).toMatch(
      /^kplanSchema,rows,figure,n,bias,median error,90 % within,inside the band,95 % interval\r\nkplan\/score-throughput@1,/,
    );
  });

  it('hides what is predicted, but for --seen', async () => {
    const file = written('none.csv', ROWS.slice(4, 6));
    const [blind, seen] = [await score(file, '--json'), await score(file, '--json', '--seen')];
    expect([blind, seen].map(({ stdout }) => (JSON.parse(stdout) as ThroughputScore).seen)).toEqual([false, true]);
    expect((await score(file)).stdout).toContain('What is predicted was hidden from the prediction.');
  });

  it('says so where no row can be scored', async () => {
    const { code, stdout } = await score(written('none.csv', ROWS.slice(4, 6)), '--seen');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^None of 2 rows can be predicted/);
    expect(stdout).not.toContain('The worst rows');
  });

  it.each([
    ['a file that is missing', () => inside('no.csv'), 'missing'],
    ['a file without a column', () => written('columns.csv', ROWS, THROUGHPUT_COLUMNS.slice(1)), 'missing'],
    ['two rows of one id', () => written('twice.csv', [...ROWS, ...ROWS]), 'contradiction'],
  ])('refuses %s', async (_, file, code) => {
    const run = await score(file(), '--json');
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'kplan/error@1', error: { code } });
  });

  it('refuses words that it does not know', async () => {
    expect((await score(inside('rows.csv'), '--blind')).stderr).toMatch(/^kplan: unknown option/);
    expect((await score()).stderr).toMatch(/^kplan: missing/);
  });
});
