import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { BenchImport } from '../../src/importers/bench/index.ts';
import { importBenchSchema } from '../../src/report/schema/importBench.ts';
import { type CliRun, cliRun } from '../support/cliRun.ts';

const FIXTURES = fileURLToPath(new URL('../importers/bench/fixtures/', import.meta.url));
const SECRET = 'sk-fixture-secret';

const home = process.cwd();
afterEach(() => process.chdir(home));

/** A folder to work in, as at a prompt. */
function workHere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kplan-import-bench-'));
  process.chdir(folder);
  return folder;
}

function bench(files: readonly string[], words: string): Promise<CliRun> {
  return cliRun(['import', 'bench', ...files, ...words.split(' ').filter(Boolean)]);
}

const VLLM = `${FIXTURES}vllm-serve.json.txt`;
const APPENDED = `${FIXTURES}vllm-serve-appended.json.txt`;
const ON_H200 = '--model kimi-k2.5 --gpu h200 --gpus 8 --engine-version 0.15.1';

/** A type without readonly, all the way down. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

describe('kplan import bench', () => {
  it('has a schema that is the type of its answer', () => {
    expectTypeOf<Plain<z.infer<typeof importBenchSchema>>>().toEqualTypeOf<Plain<BenchImport>>();
  });

  it('appends to the catalog folder of the working directory and says so', async () => {
    workHere();
    const { code, stdout, stderr } = await bench([VLLM, APPENDED], ON_H200);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('3 runs added to kplan-catalog/measurements/bench.csv.');
    expect(stdout).toContain('8 × h200-sxm');
    expect(stdout).toContain('Taken for given');
    expect(readFileSync('kplan-catalog/measurements/bench.csv', 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('changes nothing when it is asked again', async () => {
    workHere();
    await bench([VLLM], ON_H200);
    const before = readFileSync('kplan-catalog/measurements/bench.csv', 'utf8');
    const { code, stdout } = await bench([VLLM], ON_H200);
    expect([code, stdout.split('\n')[0]]).toEqual([0, '1 run there already.']);
    expect(readFileSync('kplan-catalog/measurements/bench.csv', 'utf8')).toBe(before);
  });

  it('exits with 5 where some runs were refused, each on a line of stderr, and keeps the good ones', async () => {
    workHere();
    writeFileSync('bad.json', '{"a": 1}');
    const { code, stdout, stderr } = await bench([VLLM, 'bad.json', 'none.json'], ON_H200);
    expect(code).toBe(5);
    expect(stdout.split('\n')[0]).toBe('1 run added to kplan-catalog/measurements/bench.csv, 2 refused.');
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^kplan: invalid bad\.json: no known tool writes such a file/),
      expect.stringMatching(/^kplan: missing none\.json: the file cannot be read \(ENOENT\)/),
    ]);
  });

  it('exits with 2 where none was good, and makes no folder', async () => {
    workHere();
    writeFileSync('bad.json', '{"a": 1}');
    expect(await bench(['bad.json'], ON_H200)).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync('kplan-catalog')).toBe(false);
    const { code, stdout } = await bench(['bad.json'], `${ON_H200} --json`);
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { schema: 'kplan/import-bench@1', rows: [], refused: [{ code: 'invalid' }] }]);
  });

  it.each([
    ['vllm-serve-appended.json.txt', ON_H200],
    ['sglang-serving.jsonl', '--gpu h200'],
    ['guidellm-report.json.txt', ON_H200],
    ['guidellm-report.yaml', ON_H200],
    ['guidellm-benchmarks.csv', ON_H200],
    ['aiperf-phases.json.txt', ON_H200],
    ['aiperf-loadgen.json.txt', ON_H200],
    ['genai-perf.json.txt', ON_H200],
    ['inferencex-single-node.json.txt', ''],
    ['inferencex-disaggregated.json.txt', ''],
  ])('%s --json is the document of its schema, without a secret', async (file, words) => {
    const folder = workHere();
    const { code, stdout, stderr } = await bench([FIXTURES + file], `${words} --json`);
    expect([code, stderr]).toEqual([0, '']);
    const document: unknown = JSON.parse(stdout);
    expect(importBenchSchema.parse(document)).toEqual(document);
    const written = readFileSync(join(folder, 'kplan-catalog/measurements/bench.csv'), 'utf8');
    for (const text of [stdout, written]) expect(text).not.toContain(SECRET);
    expect(written).not.toContain(FIXTURES);
  });

  it('prints the rows of the catalog with --csv, and goes into a file with --out', async () => {
    workHere();
    const { stdout } = await bench([VLLM], `${ON_H200} --csv`);
    expect(stdout).toMatch(/^kplanSchema,id,model,format,kv_cache_dtype,.*,known\r\nkplan\/import-bench@1,vllm-kimi-k2\.5-/);
    const { stderr } = await bench([VLLM], `${ON_H200} --markdown --out answer.md`);
    expect(stderr).toBe('kplan: wrote answer.md\n');
    expect(readFileSync('answer.md', 'utf8')).toContain('1 run there already.');
  });

  it('takes another catalog folder, and refuses a file of another kind in it', async () => {
    workHere();
    expect((await bench([VLLM], `${ON_H200} --catalog mine`)).code).toBe(0);
    writeFileSync('mine/measurements/bench.csv', 'id,name\n');
    const { code, stderr, stdout } = await bench([VLLM], `${ON_H200} --catalog mine --force`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^kplan: invalid mine\/measurements\/bench\.csv:1: the columns are not those/);
    expect(readFileSync('mine/measurements/bench.csv', 'utf8')).toBe('id,name\n');
  });

  it.each([
    ['', '--gpu h200', 'missing', 'FILE'],
    ['x.json', '--gpu h2OO', 'unknown', '--gpu'],
    ['x.json', '--gpus 0', 'invalid', '--gpus'],
    ['x.json', '--tp --pp 2', 'missing', '--tp'],
    ['x.json', '--gpu h200 --gpu b200', 'contradiction', '--gpu'],
    ['x.json', '--modell kimi', 'unknown', 'option'],
  ])('%s %s is refused in one line', async (file, words, code, where) => {
    workHere();
    const run = await bench(file === '' ? [] : [file], `${words} --json`);
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'kplan/error@1', error: { code, where } });
  });

  it('lists its options, and the commands of kplan list it', async () => {
    const { stdout } = await cliRun(['import', 'bench', '--help']);
    for (const option of ['--prefill-gpus', '--engine-version', '--catalog', '--speculation', '--json']) expect(stdout).toContain(option);
    expect((await cliRun(['--help'])).stdout).toMatch(/\n {2}import +/);
    expect((await cliRun(['import'])).stderr).toMatch(/^Usage: kplan import/);
  });
});
