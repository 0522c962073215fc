import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpeedAnswer, SpeedRanking } from '../../src/plan/speed/speedAnswer.ts';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { speedRankSchema, speedSchema } from '../../src/report/schema/speed.ts';
import { cliRun } from '../support/cliRun.ts';

const BENCH = fileURLToPath(new URL('../importers/bench/fixtures/vllm-serve-appended.json.txt', import.meta.url));
const H200 = 'speed --gpu h200:8 --isl 8192 --osl 1024';
let folder: string;
const inside = (name: string) => join(folder, name);
const run = (line: string, ...more: string[]) => cliRun([...line.split(' '), ...more]);

async function answerOf(line: string): Promise<SpeedAnswer> {
  const { stdout } = await run(line, '--json');
  return JSON.parse(stdout) as SpeedAnswer;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-speed-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('kplan speed', () => {
  it('prints a table over concurrency with bands and how it is known', async () => {
    const { code, stdout, stderr } = await run(`${H200} --concurrency 1..128`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/8× H200 141GB SXM, TP8, vllm [\d.]+, int4: bands hold 80 % of cases/);
    expect(stdout).toMatch(/^ +16 .* measured$/m);
    for (const title of ['How it is known', 'Assumptions', 'Sources', 'Facts as of']) expect(stdout).toContain(title);
  });

  it('prints the document of its schema, for one GPU type and for several of which some are refused', async () => {
    for (const line of [`${H200} --concurrency 16`, 'speed --gpu h200,rtx-4090,gaudi3 --workload kimi-chat --max-tpot 60']) {
      const document = await answerOf(line);
      expect(speedSchema.parse(document)).toEqual(document);
    }
  });

  it('takes both names of a count, a single concurrency and a range', async () => {
    const [short, long] = [
      await answerOf(`${H200} --concurrency 32`),
      await answerOf('speed --gpu h200:8 --input-tokens 8192 --osl 1024 --output-tokens 1024 --concurrency 32'),
    ];
    expect(long).toEqual(short);
    expect(short.replicas[0]?.points.map(({ concurrency }) => concurrency)).toEqual([32]);
    const counts = (await answerOf(`${H200} --concurrency 3..20`)).replicas[0]?.points.map(({ concurrency }) => concurrency) ?? [];
    expect([counts[0], counts.at(-1)]).toEqual([3, 20]);
    expect(counts).toEqual(expect.arrayContaining([4, 8, 16]));
  });

  it('is one CSV row for each point', async () => {
    const { stdout } = await run(`${H200} --concurrency 4..16 --csv`);
    expect(stdout).toMatch(
      /^kplanSchema,replica,gpu,[^\r]*,tpotMsLow,tpotMs,tpotMsHigh,[^\r]*\r\nkplan\/speed@1,h200-sxm\/tp8,h200-sxm,8,/,
    );
  });

  it('draws a chart beside the answer, as a picture and as a specification', async () => {
    const drawn = await run(`${H200} --chart ${inside('speed.svg')} --out ${inside('speed.md')} --markdown`);
    expect([drawn.code, drawn.stdout]).toEqual([0, '']);
    expect(readFileSync(inside('speed.svg'), 'utf8')).toMatch(/<svg[\s\S]*KV cache full at/);
    expect((await run(`${H200} --chart ${inside('speed.vl.json')}`)).code).toBe(0);
    expect(JSON.parse(readFileSync(inside('speed.vl.json'), 'utf8'))).toMatchObject({ usermeta: { kplan: 'kplan/chart@1' } });
  });

  it.each([
    [`${H200} --concurrency 8`, 'one concurrency makes no line; a range such as --concurrency 1..256 does'],
    ['speed --gpu rtx-4090:1 --isl 8192 --osl 1024', 'no replica that was asked for has a known speed'],
  ])('%s: gives the answer where there is nothing to draw, and says so', async (line, reason) => {
    const { code, stdout, stderr } = await run(line, '--chart', inside('none.svg'), '--json');
    expect([code, existsSync(inside('none.svg'))]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'kplan/speed@1' });
    expect(stderr).toContain(`kplan: did not draw ${inside('none.svg')}: ${reason}\n`);
  });

  it('exits with 3 under --fail where nothing keeps the asked time per token', async () => {
    const codes = await Promise.all(
      [
        `${H200} --max-tpot 50 --fail`,
        `${H200} --max-tpot 1 --fail`,
        `${H200} --max-tpot 1`,
        'speed --gpu rtx-4090:1 --isl 8192 --osl 1024 --fail',
      ].map(async (line) => (await run(line)).code),
    );
    expect(codes).toEqual([0, 3, 0, 3]);
  });
});

describe('kplan speed --rank', () => {
  it('ranks all GPU types where none are named, cheapest first', async () => {
    const { stdout } = await run('speed --rank --isl 8192 --osl 1024 --max-tpot 50 --json');
    const ranking = JSON.parse(stdout) as SpeedRanking;
    expect(speedRankSchema.parse(ranking)).toEqual(ranking);
    expect(new Set(ranking.ranked.map(({ gpu }) => gpu)).size).toBeGreaterThan(5);
    const prices = ranking.ranked.flatMap(({ usdPerMtokOutput }) => usdPerMtokOutput?.value ?? []);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    for (const { point } of ranking.ranked) expect(point.tpotMs.value).toBeLessThanOrEqual(50);
  });

  it('prints a table and CSV', async () => {
    const { stdout } = await run('speed --rank --gpu h200:8,b200:8 --isl 8192 --osl 1024');
    expect(stdout).toMatch(/^rank +GPU +layout/m);
    expect(stdout).toContain('Rank 1');
    const csv = await run('speed --rank --gpu h200:8,b200:8 --isl 8192 --osl 1024 --csv');
    expect(csv.stdout).toMatch(/^kplanSchema,rank,replica,gpu,.*\r\nkplan\/speed-rank@1,1,/);
  });

  it('exits with 3 under --fail where nothing is fast enough', async () => {
    expect((await run('speed --rank --gpu h200:8 --isl 8192 --osl 1024 --max-tpot 0.1 --fail')).code).toBe(3);
  });
});

describe('--catalog', () => {
  it('prefers the measurements of the user’s own, in speed and in breakeven', async () => {
    const imported = await run(
      `import bench ${BENCH} --model kimi-k2.5 --gpu h200 --gpus 8 --engine-version 0.15.1 --catalog ${inside('mine')}`,
    );
    expect(imported.code).toBe(0);
    const plain = await answerOf(`${H200} --model kimi-k2.5`);
    const own = await answerOf(`${H200} --model kimi-k2.5 --catalog ${inside('mine')}`);
    expect(speedSchema.parse(own)).toEqual(own);
    expect(own.replicas).toHaveLength(plain.replicas.length);
    const line = `breakeven --gpu h200 --model kimi-k2.5 --workload kimi-chat --catalog ${inside('mine')}`;
    expect((await run(line)).code).toBe(0);
  });

  it('names the first row of several that are broken', async () => {
    const rows = readFileSync(inside('mine/measurements/bench.csv'), 'utf8');
    mkdirSync(inside('broken/measurements'), { recursive: true });
    writeFileSync(inside('broken/measurements/bench.csv'), rows.replaceAll(',h200-sxm,', ',h999,'));
    const { code, stdout, stderr } = await run(`${H200} --catalog ${inside('broken')}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^kplan: unknown \S*measurements\/bench\.csv:2:gpu: no such GPU \(got "h999"\)/);
  });
});

const REFUSED: Readonly<Record<string, readonly [code: string, where: string]>> = {
  'speed --isl 8192 --osl 1024': ['missing', '--gpu'],
  'speed --gpu h200': ['missing', '--input-tokens'],
  'speed --gpu h2OO --isl 8192 --osl 1024': ['unknown', '--gpu'],
  [`${H200} --concurrency 0`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 8..4`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 8..8`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 0..8`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency a..b`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 1..`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 1..2..3`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 1.5`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 1e3`]: ['invalid', '--concurrency'],
  [`${H200} --concurrency 9999999`]: ['invalid', '--concurrency'],
  [`${H200} --input-tokens 4096`]: ['contradiction', '--input-tokens'],
  [`${H200} --output-tokens 4096`]: ['contradiction', '--output-tokens'],
  'speed --gpu h200 --isl 0 --osl 1024': ['invalid', '--isl'],
  'speed --gpu h200 --isl 8k --osl 1024': ['invalid', '--isl'],
  'speed --gpu h200 --isl 8192 --osl -1': ['invalid', '--osl'],
  [`${H200} --reuse 90%`]: ['invalid', '--reuse'],
  [`${H200} --max-tpot 0`]: ['invalid', '--max-tpot'],
  [`${H200} --ctx 4k`]: ['contradiction', '--ctx'],
  [`${H200} --as-of 2026-02-30`]: ['invalid', '--as-of'],
  [`${H200} --chart speed.pdf`]: ['unsupported', '--chart'],
  [`${H200} --rank --chart speed.svg`]: ['contradiction', '--chart'],
  [`${H200} --rank --concurrency 1..64`]: ['contradiction', '--concurrency'],
  [`${H200} --catalog no-such-folder`]: ['missing', '--catalog'],
  'breakeven --gpu h200 --workload kimi-chat --catalog no-such-folder': ['missing', '--catalog'],
  [`${H200} --dp 2`]: ['unknown', 'option'],
  [`${H200} --json --csv`]: ['contradiction', '--csv'],
};

describe.each(Object.entries(REFUSED))('kplan %s', (line, [code, where]) => {
  it('exits with 2 and says what was wrong', async () => {
    const refused = await run(line, ...(line.includes('--json') ? [] : ['--json']));
    expect(refused).toMatchObject({ code: 2, stderr: '' });
    expect((JSON.parse(refused.stdout) as ErrorDocument).error).toMatchObject({ code, where });
  });
});

describe('kplan speed --help', () => {
  it('lists its options, and the commands of kplan list it', async () => {
    const { stdout } = await cliRun(['speed', '--help']);
    for (const option of ['--isl', '--input-tokens', '--concurrency', '--rank', '--max-tpot', '--catalog', '--chart', '--tp'])
      expect(stdout).toContain(option);
    expect((await cliRun(['--help'])).stdout).toMatch(/\n {2}speed +/);
  });
});
