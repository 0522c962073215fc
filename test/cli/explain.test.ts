import { describe, expect, it } from 'vitest';
import type { Term } from '../../src/evidence/term.ts';
import type { FitAnswer } from '../../src/plan/fit/fitAnswer.ts';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { cliRun } from '../support/cliRun.ts';

const json = async (words: readonly string[]) => JSON.parse((await cliRun([...words, '--json'])).stdout);

/** Questions with layouts whose members differ from what a key leaves out. */
const LINES = [
  'fit --gpu a100 --gpus 16 --ctx 128k',
  'fit --gpu h200 --tp 8 --attention-dp 2 --ep 1 --ctx 8k',
  'fit --gpu h200:16 --tp 8 --attention-dp 2 --engine sglang --ctx 8k',
  'fit --gpu h200 --tp 8 --dcp 4 --dp 2 --utilization 0.9',
  'fit --gpu mi300x --tp 4 --engine sglang@0.5.9 --kv-cache-dtype fp8 --ctx 64k',
];

describe('an id gives the number that it stood beside', () => {
  it.each(LINES)('%s', async (line) => {
    const { results } = (await json([...line.split(' '), '--terms'])) as FitAnswer;
    const printed = (await cliRun([...line.split(' '), '--ids', '--all'])).stdout;
    for (const { key, kvTokens, weightBytesPerGpu } of results) {
      const id = new RegExp(`fit/\\S*/${key}/kvTokens`).exec(printed.replace(/\n */g, ''))?.[0] ?? `fit/missing/${key}`;
      const { terms } = (await json(['explain', id])) as { terms: readonly Term[] };
      const value = (name: string) => terms.find((term) => term.id === name)?.value;
      expect({ id, tokens: value('kvTokens'), bytes: value('weightBytesPerGpu') }).toEqual({
        id,
        tokens: kvTokens?.value,
        bytes: weightBytesPerGpu,
      });
    }
  });
});

describe('ids that no command printed', () => {
  it.each([
    ['fit/-/h200-sxm/8/tp8/extra/kvTokens', 'invalid', 'h200-sxm/8/tp8/extra'],
    ['fit/-/h200-sxm/8/kvTokens', 'invalid', 'h200-sxm/8'],
    ['fit/-/h200-sxm/8/tp8-tp4/kvTokens', 'invalid', 'h200-sxm/8/tp8-tp4'],
    ['fit/-/h200-sxm/8/tpx/kvTokens', 'invalid', 'h200-sxm/8/tpx'],
    ['fit/ctxx=8k/h200-sxm/8/tp8/kvTokens', 'unknown', 'ctxx'],
    ['fit/workload=kimi-chat/h200-sxm/8/tp8/kvTokens', 'unknown', 'workload'],
    ['fit/ctx=8k,ctx=16k/h200-sxm/8/tp8/kvTokens', 'contradiction', 'ctx'],
    ['breakeven/gpu=h200,workload=kimi-chat/extra/x', 'invalid', 'extra'],
    ['breakeven/gpuu=h200/x', 'unknown', 'gpuu'],
    ['fit/-/h200-sxm/8/tp8/kvToken', 'unknown', 'kvToken'],
  ])('%s', async (id, code, value) => {
    const run = await cliRun(['explain', id, '--json']);
    expect(run.code).toBe(2);
    expect((JSON.parse(run.stdout) as ErrorDocument).error).toMatchObject({ code, where: 'ID', value });
  });
});
