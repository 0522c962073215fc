import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReuseAnswer } from '../../src/plan/reuse/reuseAnswer.ts';
import { reuseSchema } from '../../src/report/schema/reuse.ts';
import { cliRun } from '../support/cliRun.ts';

const REUSE = ['reuse', '--gpu', 'h200', '--workload', 'agentic-coding'];

describe('kplan reuse', () => {
  it('prints one document that fulfils its schema, and one row a line as CSV', async () => {
    const { code, stdout } = await cliRun([...REUSE, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as ReuseAnswer;
    expect(reuseSchema.safeParse(document).error?.issues ?? []).toEqual([]);
    const lines = (await cliRun([...REUSE, '--csv'])).stdout
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(lines[0]).toContain('fleet,name,layout,kvCacheDtype,options,factor');
    expect(lines).toHaveLength(document.ways.length + document.points.length + 1);
  });

  it('prints tables of ways, of room and of the curve, as text and as Markdown', async () => {
    for (const form of [[], ['--markdown']]) {
      const { stdout } = await cliRun([...REUSE, ...form]);
      for (const words of [
        'Ways to hold the KV cache of 8× H200',
        'with less or more room',
        'What a KV cache finds of',
        'Worth of what is found',
      ])
        expect(stdout).toContain(words);
      expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('tells of a few fleets in full, and names the others', async () => {
    const { stdout } = await cliRun(['reuse', '--gpu', 'h100,h200,b200,b300,mi300x', '--workload', 'agentic-coding']);
    expect(stdout.match(/^Ways to hold/gm)).toHaveLength(4);
    expect(stdout).toContain('Not shown: ');
  });

  it('draws the curve, the knee and the ways, also of several GPUs and of none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kplan-'));
    const drawn = async (gpus: string, ...more: string[]) => {
      const file = join(folder, `${gpus}.svg`);
      expect((await cliRun(['reuse', '--gpu', gpus, '--workload', 'agentic-coding', '--chart', file, ...more])).code).toBe(0);
      return readFileSync(file, 'utf8');
    };
    const one = await drawn('h200');
    for (const words of ['knee, 1.54M', 'TP8, bf16', 'TP8+DCP8, fp8']) expect(one).toContain(words);
    expect(await drawn('h200,b200')).toContain('8× B200');
    expect(await drawn('h100', '--gpus', '1')).toContain('The knee of agentic-coding-claude is at');
  });

  it('refuses a stated reuse, which it is there to find', async () => {
    const { code, stderr } = await cliRun([...REUSE, '--reuse', '0.8']);
    expect(code).toBe(2);
    expect(stderr).toContain('the share follows from the KV tokens of a replica');
  });
});
