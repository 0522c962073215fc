import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SizeAnswer } from '../../src/plan/size/sizeAnswer.ts';
import { sizeSchema } from '../../src/report/schema/size.ts';
import { cliRun } from '../support/cliRun.ts';

let folder: string;
const inside = (name: string) => join(folder, name);
const run = (...words: string[]) => cliRun(['size', '--gpu', 'h200', ...words]);
const chat = (...words: string[]) => run('--workload', 'kimi-chat', '--rps', '0.5', ...words);

async function answered(...words: string[]): Promise<SizeAnswer> {
  const { code, stdout, stderr } = await run(...words, '--json');
  expect(stderr).not.toMatch(/kplan: (invalid|missing|contradiction)/);
  expect(code).toBe(0);
  const answer = JSON.parse(stdout) as SizeAnswer;
  expect(sizeSchema.parse(answer)).toEqual(answer);
  return answer;
}

const ROWS = 120;
/** A request every two seconds. */
const AZURE = [
  'TIMESTAMP,ContextTokens,GeneratedTokens',
  ...Array.from({ length: ROWS }, (_, at) => {
    const second = 2 * at;
    const clock = `${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
    return `2023-11-16 18:${clock}.0000000,${1000 + 10 * at},${20 + (at % 7)}`;
  }),
].join('\n');
/** Four stems of five blocks, and one of its own, rounded to three seconds. */
const MOONCAKE = Array.from({ length: ROWS }, (_, at) =>
  JSON.stringify({
    timestamp: 3000 * Math.floor(at / 3),
    input_length: 6 * 512,
    output_length: 30,
    hash_ids: [...Array.from({ length: 5 }, (_each, block) => 100 * (at % 4) + block), 1000 + at],
  }),
).join('\n');
/** Two conversations that take turns and grow. */
const TALKS = [
  'startTime,endTime,prompt_tokens,completion_tokens,spend,session_id,metadata',
  ...Array.from({ length: ROWS }, (_, at) => {
    const time = (second: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * second).toISOString();
    return `${time(60 * at)},${time(60 * at + 5)},${1000 + 100 * Math.floor(at / 2)},10,0.1,${at % 2 === 0 ? 'a' : 'b'},{}`;
  }),
].join('\n');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-size-'));
  writeFileSync(inside('azure.csv'), AZURE);
  writeFileSync(inside('azure.csv.gz'), gzipSync(AZURE));
  writeFileSync(inside('mooncake.jsonl'), MOONCAKE);
  writeFileSync(inside('talks.csv'), TALKS);
  writeFileSync(inside('broken.csv.gz'), gzipSync(AZURE).subarray(0, 60));
  writeFileSync(inside('one.csv'), AZURE.split('\n').slice(0, 2).join('\n'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('size --trace', () => {
  it('plays a log of times and lengths at its own rate', async () => {
    const answer = await answered('--trace', inside('azure.csv'));
    expect(answer.query).toMatchObject({ trace: 'azure.csv' });
    expect(answer.load.requestsPerSecond).toBeCloseTo(0.5, 2);
    expect(answer.fleets[0]?.simulation).toMatchObject({ traffic: 'trace', reuse: { value: 0 } });
    expect(answer.warnings.filter((warning) => warning.includes('left out of'))).toEqual([]);
    const zipped = await answered('--trace', inside('azure.csv.gz'));
    expect(zipped.percentiles).toEqual(answer.percentiles);
  });

  it('plays it at another rate', async () => {
    const [slow, fast] = [await answered('--trace', inside('azure.csv')), await answered('--trace', inside('azure.csv'), '--rps', '4')];
    expect(fast.load.requestsPerSecond).toBe(4);
    expect(fast.fleets[0]?.simulation?.busyShare.value).toBeGreaterThan(1.5 * (slow.fleets[0]?.simulation?.busyShare.value ?? 0));
  });

  it('finds the blocks of a trace that numbers them', async () => {
    const answer = await answered('--trace', inside('mooncake.jsonl'));
    // five of six blocks, and a first round of four in which nothing is there
    expect(answer.fleets[0]?.simulation?.reuse.value).toBeGreaterThan(0.8);
    expect(answer.fleets[0]?.simulation?.reuse.value).toBeLessThanOrEqual(5 / 6 + 1e-9);
    expect(answer.percentiles?.ttft.p95.high).toBeGreaterThanOrEqual(answer.percentiles?.ttft.p95.value ?? 0);
  });

  it('finds conversations by their id', async () => {
    const answer = await answered('--trace', inside('talks.csv'));
    expect(answer.fleets[0]?.simulation?.traffic).toBe('trace');
    expect(answer.fleets[0]?.simulation?.reuse.value).toBeGreaterThan(0.9);
  });

  it('says what it leaves out', async () => {
    writeFileSync(inside('mixed.csv'), `${AZURE}\n2023-11-16 18:10:00.0000000,500,0\n`);
    const { stderr } = await run('--trace', inside('mixed.csv'), '--json');
    expect(stderr).toContain('left out of mixed.csv when it is played: 1 row without time or tokens');
  });

  it.each([
    ['a workload beside it', () => ['--trace', inside('azure.csv'), '--workload', 'kimi-chat'], '--workload'],
    ['a file that is missing', () => ['--trace', inside('no.csv')], 'no.csv'],
    ['a file that is cut short', () => ['--trace', inside('broken.csv.gz')], 'broken.csv.gz'],
    ['a folder', () => ['--trace', folder], 'kplan-size-'],
    ['one request alone', () => ['--trace', inside('one.csv'), '--rps', '1'], 'one.csv'],
  ] as const)('refuses %s', async (_, words, named) => {
    const { code, stdout } = await run(...words(), '--json');
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout);
    expect(`${error.where} ${error.value} ${error.message}`).toContain(named);
  });
});

describe('size --what-if', () => {
  it('reads events, several with a comma', async () => {
    const answer = await answered('--trace', inside('azure.csv'), '--what-if', 'fail=1, burst=1.5x');
    expect(new Set(answer.whatIfs.map(({ kind, failed, factor }) => `${kind} ${failed ?? factor}`))).toEqual(
      new Set(['fail 1', 'burst 1.5']),
    );
    const { stdout } = await run('--trace', inside('azure.csv'), '--what-if', 'burst=1.5', '--tpot-p95', '300ms');
    expect(stdout.match(/While something happens|1\.5 x as many.* kept/g)).toHaveLength(3);
  });

  it.each([
    'fail=0',
    'fail=x',
    'fail=1.5',
    'fail=-1',
    'fail',
    'burst=',
    'burst=0x',
    'burst=1e3',
    'burst=101',
    'flood=2',
    '',
    'fail=1,',
    'fail=1;burst=2',
  ])('refuses %j', async (events) => {
    const { code, stderr } = await chat(`--what-if=${events}`);
    expect(code).toBe(2);
    expect(stderr).toContain('--what-if');
  });
});

describe('size --chart', () => {
  it('draws both charts, each into its file', async () => {
    const { code } = await run('--trace', inside('azure.csv'), '--chart', inside('load.svg'), '--chart-day', inside('day.vl.json'));
    expect(code).toBe(0);
    expect(readFileSync(inside('load.svg'), 'utf8')).toContain('requests per second of the fleet');
    expect(readFileSync(inside('day.vl.json'), 'utf8')).toContain('hour of the day, UTC');
  });

  it.each([
    ['a kind that cannot be drawn', () => ['--chart', inside('x.gif')], '--chart'],
    ['a kind that cannot be drawn', () => ['--chart-day', inside('x.pdf')], '--chart-day'],
    ['one file for both', () => ['--chart', inside('x.svg'), '--chart-day', inside('x.svg')], '--chart-day'],
    ['one file under two names', () => ['--chart', inside('x.svg'), '--chart-day', join(folder, '.', 'a', '..', 'x.svg')], '--chart-day'],
    ['one file for chart and result', () => ['--chart-day', inside('x.svg'), '--out', inside('x.svg')], '--out'],
  ] as const)('refuses %s before anything is computed', async (_, words, where) => {
    const { code, stdout } = await chat(...words(), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.where).toBe(where);
    expect(readdirSync(folder).filter((name) => name.startsWith('x.'))).toEqual([]);
  });

  it('gives the answer where there is nothing to draw, and says so', async () => {
    const { code, stdout, stderr } = await cliRun(
      'size --gpu a100:1 --workload kimi-chat --rps 1 --json'
        .split(' ')
        .concat('--chart', inside('none.svg'), '--chart-day', inside('no.svg')),
    );
    expect([code, JSON.parse(stdout).schema]).toEqual([0, 'kplan/size@1']);
    expect(stderr.match(/did not draw .*no fleet could be simulated/g)).toHaveLength(2);
    expect([existsSync(inside('none.svg')), existsSync(inside('no.svg'))]).toEqual([false, false]);
  });
});
