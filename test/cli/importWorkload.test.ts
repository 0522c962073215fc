import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { workloadDocument } from '../../src/importers/usage/index.ts';
import { AZURE, csv } from '../importers/usage/support.ts';
import { type CliRun, cliRun } from '../support/cliRun.ts';

const home = process.cwd();
afterEach(() => process.chdir(home));

const COLUMNS = 'created_at,cost_total,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug';
const ACTIVITY = csv(COLUMNS, ...[1, 2, 3, 4].map((day) => `2026-10-0${day}T00:00:00Z,2.5,30000,1000,400,21000,moonshotai/kimi-k2.7-code`));
const BROKEN = csv(COLUMNS, '2026-10-01T00:00:00Z,2.5,30000,1000,400,21000,m', '2026-10-02T00:00:00Z,2.5,30000,1000,400,31000,m');
const BUCKETS = csv('usage_date_utc,usage_input_tokens_no_cache,usage_output_tokens', '2026-09-01,100,50', '2026-09-02,100,50');

/** A folder to work in, as at a prompt. */
function workHere(): void {
  process.chdir(mkdtempSync(join(tmpdir(), 'kplan-import-workload-')));
  const files = {
    'activity.csv': ACTIVITY,
    'broken.csv': BROKEN,
    'buckets.csv': BUCKETS,
    'azure.csv': AZURE,
    'notes.json': '{"schema":"other"}',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(name, content);
}

function run(words: string): Promise<CliRun> {
  return cliRun(words.split(' '));
}

describe('kplan import workload', () => {
  it('prints a summary and writes the workload, which it replaces later', async () => {
    workHere();
    const { code, stdout, stderr } = await run('import workload activity.csv --out mine.json');
    expect([code, stderr]).toEqual([0, 'kplan: wrote mine.json\n']);
    expect(stdout).toMatch(/input tokens per request +30,000\n/);
    expect(stdout).toMatch(/paid +\$10\.00/);
    const text = readFileSync('mine.json', 'utf8');
    expect(workloadDocument.parse(JSON.parse(text))).toMatchObject({ inputTokens: 30_000, reuse: { value: 0.7 } });
    const again = await run('import workload activity.csv --out mine.json --json');
    expect(again.stdout).toBe(text);
  });

  it('replaces no file of others unless it is forced', async () => {
    workHere();
    expect(await run('import workload activity.csv --out notes.json')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/did not write/),
    });
    expect(readFileSync('notes.json', 'utf8')).toBe('{"schema":"other"}');
    expect(await run('import workload activity.csv --out notes.json --force')).toMatchObject({ code: 0 });
  });

  it('exits with 5 where broken rows were left out, with 2 under --strict, and writes nothing then', async () => {
    workHere();
    const { code, stdout } = await run('import workload broken.csv');
    expect(code).toBe(5);
    expect(stdout).toContain('1 × tokens_prompt: more tokens in the cache than input tokens; first broken.csv:3 31000 (at most 30000)');
    expect(await run('import workload broken.csv --strict --out mine.json')).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync('mine.json')).toBe(false);
  });

  it.each([
    ['import workload none.csv', /missing none\.csv/],
    ['import workload activity.csv activity.csv', /named twice/],
    ['cost --workload none.json', /missing none\.json/],
    ['cost --workload notes.json', /notes\.json:1.*not a workload/],
    ['breakeven --workload buckets.json --gpu h200', /--requests N/],
  ])('%s', async (words, message) => {
    workHere();
    await run('import workload buckets.csv --out buckets.json');
    expect(await run(words)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

describe('an imported workload of conversations', () => {
  it('knows what its users ask and what KV caches find', async () => {
    workHere();
    const rows = Array.from({ length: 200 }, (_, at) => {
      const start = new Date(Date.UTC(2026, 9, 1) + at * 60_000).toISOString();
      const end = new Date(Date.UTC(2026, 9, 1) + at * 60_000 + 9000).toISOString();
      return `${start},${end},${20_000 + 100 * at},300,0.01,s${at % 3},"{""cache_read_input_tokens"":${at < 3 ? 0 : 19_700 + 100 * at}}"`;
    });
    writeFileSync('litellm.csv', csv('startTime,endTime,prompt_tokens,completion_tokens,spend,session_id,metadata', ...rows));
    const { stdout } = await run('import workload litellm.csv --out mine.json');
    expect(stdout).toMatch(/found by a KV cache of +1M 98 %/);
    expect(stdout).toMatch(/requests per conversation +66\.67/);
    expect(stdout).toMatch(/requests per active hour +20\.3/);
    expect(stdout).toMatch(/in flight per active conversation +0\.05076/);
    for (const words of ['size', 'cost']) {
      const answer = await run(`${words} --workload mine.json --users 50 --gpu h200:8`);
      expect([answer.code, answer.stdout]).toEqual([0, expect.stringMatching(/^50 users on mine\.json/)]);
    }
  });
});

describe('--workload FILE.json', () => {
  it('plans for the traffic of the file, at its volume, beside what was paid', async () => {
    workHere();
    await run('import workload activity.csv --out Mine.json');
    const { code, stdout } = await run('cost --workload Mine.json --gpu h200 --json');
    expect(code).toBe(0);
    const { query, assumptions, sources } = JSON.parse(stdout);
    expect(query).toMatchObject({ workload: 'Mine.json', inputTokens: 30_000, outputTokens: 1000, thinkingShare: 0.4 });
    expect(query.tokensPerMonth).toBe(Math.round((124_000 / 3 / 24) * 730));
    expect(assumptions).toContainEqual({
      code: 'paid',
      text: 'Paid in the file: $10.00 for 124k tokens (2026-10-01 to 2026-10-04).',
      source: 'workload-file',
    });
    expect(sources['workload-file']).toMatchObject({ ref: 'Mine.json', date: '2026-10-04' });
    const even = JSON.parse((await run('breakeven --workload Mine.json --gpu h200 --tokens-per-month 5e9 --json')).stdout);
    expect(even.query.tokensPerMonth).toBe(5e9);
    expect(even.assumptions.map(({ code: each }: { code: string }) => each)).toContain('paid');
  });

  it('says the speed at its lengths', async () => {
    workHere();
    await run('import workload azure.csv --out azure.json');
    const { code, stdout } = await run('speed --workload azure.json --gpu h200:8 --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).query).toMatchObject({ workload: 'azure.json', inputTokens: 2699.33, outputTokens: 15 });
  });

  it('is worth what its curve of reuse says, or is refused where it has none', async () => {
    workHere();
    await run('import workload activity.csv --out mine.json');
    expect(await run('reuse --workload mine.json --gpu h200')).toMatchObject({ code: 2, stderr: expect.stringMatching(/mine\.json/) });
    const reuseCurve = [
      { kvTokens: 1e5, reuse: 0.1 },
      { kvTokens: 2e6, reuse: 0.7 },
    ];
    writeFileSync('curve.json', JSON.stringify({ ...JSON.parse(readFileSync('mine.json', 'utf8')), reuseCurve }));
    const { code, stdout } = await run('reuse --workload curve.json --gpu h200 --json');
    expect(code).toBe(0);
    const { workload, knee, month, assumptions } = JSON.parse(stdout);
    expect([workload, knee.reuse, month.asked]).toEqual(['curve.json', expect.closeTo(0.7, 1), true]);
    expect(assumptions.map(({ code: each }: { code: string }) => each)).toContain('own-volume');
  });

  it.each(['speed --gpu h200', 'size --rps 1 --gpu h200', 'reuse --gpu h200', 'cost', 'breakeven --gpu h200'])(
    '%s refuses a file whose figures do not agree, with its line and field',
    async (command) => {
      workHere();
      await run('import workload activity.csv --out mine.json');
      writeFileSync('mine.json', readFileSync('mine.json', 'utf8').replace(/"share": 1,/, '"share": 0.5,'));
      const { code, stdout, stderr } = await run(`${command} --workload mine.json`);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/mine\.json:5: lengths: the shares do not make one whole \(got 0\.5\)/);
    },
  );

  it('explains its numbers', async () => {
    workHere();
    await run('import workload activity.csv --out mine.json');
    const { stdout } = await run('cost --workload mine.json --gpu h200 --ids');
    const id = /\S*cost\S*workload\S*/.exec(stdout)?.[0] ?? '';
    expect(id).not.toBe('');
    expect(await cliRun(['explain', id])).toMatchObject({ code: 0 });
  });
});
