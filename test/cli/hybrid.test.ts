import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HybridAnswer } from '../../src/plan/hybrid/hybridAnswer.ts';
import { cliRun } from '../support/cliRun.ts';

const HYBRID = ['hybrid', '--gpu', 'h200', '--workload', 'kimi-chat'];

function hourly(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'kplan-')), 'hours.csv');
  writeFileSync(path, text);
  return path;
}

describe('kplan hybrid', () => {
  it('prints its tables as text and as Markdown, and one pair a line as CSV', async () => {
    const words = [...HYBRID, '--tokens-per-month', '2e11'];
    for (const form of [[], ['--markdown']]) {
      const { code, stdout } = await cliRun([...words, ...form]);
      expect(code).toBe(0);
      for (const title of ['Floor and overflow', 'Floors of', 'Demand']) expect(stdout).toContain(title);
      expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
    }
    const lines = (await cliRun([...words, '--csv'])).stdout.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('#'))).toHaveLength(3);
  });

  it('reads demand by the hour from a file', async () => {
    const rows = Array.from({ length: 48 }, (_, hour) => `2026-11-${hour < 24 ? 1 : 2},${1e8 + hour}`);
    const { stdout } = await cliRun([...HYBRID, '--hourly', hourly(['day,tokens', ...rows].join('\n')), '--json']);
    const { demand } = JSON.parse(stdout) as HybridAnswer;
    expect(demand.tokensPerMonth).toBeCloseTo(730 * (1e8 + 23.5), -1);
  });

  it.each<[string, string[], RegExp]>([
    ['a file without such a column', ['--hourly', hourly('a,b\n1,2\n')], /hours\.csv: no column of demand/],
    ['a cell that is no count', ['--hourly', hourly('tokens\n1\nmany\n')], /hours\.csv:3: tokens: not a number/],
    ['a negative count', ['--hourly', hourly('tokens\n-1\n')], /hours\.csv:2: tokens: not a count/],
    ['two hours', ['--hourly', hourly('tokens\n1\n2\n')], /--hourly: a profile takes a day or more/],
    ['no file', ['--hourly', 'nowhere.csv'], /nowhere\.csv/],
    ['a quantile without a rate', ['--quantiles', '0=,50=2'], /--quantiles: not a quantile/],
    ['one quantile', ['--quantiles', '50=2k'], /--quantiles: a profile takes two quantiles/],
    ['both', ['--quantiles', '0=1,100=2', '--hourly', 'x.csv'], /--quantiles: demand is said twice/],
    [
      'a volume beside a profile',
      ['--quantiles', '0=1k,100=2k', '--tokens-per-month', '1e9'],
      /--tokens-per-month: the volume is that of the profile/,
    ],
    ['no volume', [], /--tokens-per-month: how much is asked in a month/],
  ])('refuses %s', async (_, words, message) => {
    const { code, stderr } = await cliRun([...HYBRID, ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
