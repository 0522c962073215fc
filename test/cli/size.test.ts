import { describe, expect, it } from 'vitest';
import { cliRun } from '../support/cliRun.ts';

const run = (line: string) => cliRun(line.split(' '));

describe('kplan size', () => {
  it('answers with a sentence, tables and a document', async () => {
    const { code, stdout } = await run('size --users 200 --workload agentic-coding --gpu h200');
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', ' ')).toContain('what binds: 786k KV tokens of a replica hold 7 sequences');
    expect(stdout).toContain('From users to replicas');
    const json = JSON.parse((await run('size --users 200 --workload agentic-coding --gpu h200 --json')).stdout);
    expect(json).toMatchObject({ schema: 'kplan/size@1', binding: { code: 'kv-cache' }, percentiles: null });
  });

  it('simulates where a percentile is promised or asked for', async () => {
    const promised = await run('size --rps 3.4 --workload kimi-chat --gpu h200 --tpot-p95 100ms --json');
    expect(JSON.parse(promised.stdout).percentiles.tpot.p95.value).toBeLessThanOrEqual(100);
    const asked = await run('size --rps 3.4 --workload kimi-chat --gpu h200 --simulate');
    expect(asked.stdout).toMatch(/Waits with \d+ replicas?,/);
  });

  it.each([
    ['--ttft-p95 2', '--ttft-p95'],
    ['--tpot-p95 0ms', '--tpot-p95'],
    ['--ttft-p99 NaNs', '--ttft-p99'],
    ['--rps -1', '--rps'],
    ['--rps 3,50', '--rps'],
    ['--active-share 0', '--active-share'],
    ['--load-rate fast', '--load-rate'],
  ])('refuses %s', async (words, option) => {
    const { code, stderr } = await run(`size --workload kimi-chat --gpu h200 ${words}`);
    expect(code).toBe(2);
    expect(stderr).toContain(option);
  });
});
