import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitAnswer } from '../../src/plan/fit/fitAnswer.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';
import { cliRun } from '../support/cliRun.ts';

async function answerOf(line: string): Promise<FitAnswer> {
  const run = await cliRun([...line.split(' '), '--json']);
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as FitAnswer;
}

/** Command lines with the library's question that says the same. */
const SAME: readonly [line: string, query: FitQuery][] = [
  ['fit --gpu a100 --ctx 128k', { gpu: ['a100'], contextTokens: 131_072 }],
  ['fit --gpu h200:8,b200:8 --ctx 131072 --sequences 4', { gpu: ['h200:8', 'b200:8'], contextTokens: 131_072, sequences: 4 }],
  [
    'fit --gpu h100 --tp 8 --utilization 0.95 --max-num-seqs 64 --ctx 8Ki',
    { gpu: ['h100'], tp: 8, utilization: 0.95, maxNumSeqs: 64, contextTokens: 8192 },
  ],
  [
    'fit --gpu h200 --gpus 16 --tp 8 --pp 2 --ctx 0.25M --mm-encoder data',
    { gpu: ['h200'], gpus: 16, tp: 8, pp: 2, contextTokens: 262_144, encoderMode: 'data' },
  ],
  [
    'fit --gpu mi355x --engine sglang@0.5.8 --kv-cache-dtype fp8 --tp 4 --model k2.5 --ctx 64K',
    { gpu: ['mi355x'], engine: 'sglang@0.5.8', kvCacheDtype: 'fp8', tp: 4, model: 'k2.5', contextTokens: 65_536 },
  ],
  [
    'fit --gpu b300 --format nvfp4 --attention-dp 8 --ep 8 --tp 1 --dp 1 --dcp 1',
    { gpu: ['b300'], format: 'nvfp4', attentionDp: 8, ep: 8, tp: 1, dp: 1, dcp: 1 },
  ],
  [
    'fit --gpu h200 --gpus 8 --ctx 32k..128k --terms --rules',
    { gpu: ['h200'], gpus: 8, contextTokens: [32_768, 65_536, 131_072], terms: true, rules: true },
  ],
];

describe('the command line asks what the library answers', () => {
  it.each(SAME)('kplan %s', async (line, query) => {
    expect(await answerOf(line)).toEqual(JSON.parse(JSON.stringify(fit(query, loadCatalog()))));
  });

  it.each(['128k', '128K', '128Ki', '131072'])('--ctx %s is echoed as 131,072 tokens', async (context) => {
    const { query } = await answerOf(`fit --gpu h200 --gpus 8 --ctx ${context}`);
    expect(query).toMatchObject({ contextTokens: 131_072 });
  });

  it('a utilization of 1 is allowed', async () => {
    const { results } = await answerOf('fit --gpu h200 --tp 8 --utilization 1 --ctx 8k');
    expect(results[0]?.verdict).toBe('fits');
  });
});

describe('kplan fit', () => {
  it('puts the answer on the first line of stdout', async () => {
    const run = await cliRun(['fit', '--gpu', 'a100', '--ctx', '128k']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n')[0]).toContain('fits on 16 × A100 80GB SXM4');
  });

  it('--gpu all --ctx 256k --json --terms is one document', async () => {
    const answer = await answerOf('fit --gpu all --ctx 256k --terms');
    expect(new Set(answer.results.map(({ gpu }) => gpu)).size).toBe(loadCatalog().gpus.length);
    expect(answer.results.filter(({ terms }) => terms !== undefined).length).toBeGreaterThan(100);
  });

  it('says warnings on stderr, also beside JSON', async () => {
    const run = await cliRun('fit --gpu h200 --tp 8 --ctx 128 --json'.split(' '));
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('very short');
    expect((JSON.parse(run.stdout) as FitAnswer).warnings).toHaveLength(1);
  });

  it.each([
    ['fit --gpu h100 --tp 4 --ctx 128k', 0],
    ['fit --gpu h100 --tp 4 --ctx 128k --fail', 3],
    ['fit --gpu h200 --tp 3 --ctx 128k --fail', 3],
    ['fit --gpu h200 --tp 8 --ctx 128k --fail', 0],
  ])('%s exits with %i', async (line, code) => {
    expect((await cliRun(line.split(' '))).code).toBe(code);
  });
});

describe('help and version', () => {
  it.each([['--help'], ['fit --help'], ['breakeven --help'], ['explain --help'], ['data --help'], ['help fit']])(
    'kplan %s',
    async (line) => {
      const run = await cliRun(line.split(' '));
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain('Usage: kplan');
    },
  );

  it('--version', async () => {
    expect((await cliRun(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
