import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorDocument } from '../../src/report/errorDocument.ts';
import { cliRun } from '../support/cliRun.ts';

const BREAKEVEN = ['breakeven', '--gpu', 'h200', '--workload', 'kimi-chat'];
let folder: string;
const inside = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kplan-delivery-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a chart and an output are one transaction', () => {
  it('writes both', async () => {
    const run = await cliRun([...BREAKEVEN, '--chart', inside('a.svg'), '--out', inside('a.txt')]);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(inside('a.svg'), 'utf8')).toContain('<svg');
    expect(readFileSync(inside('a.txt'), 'utf8')).toContain('Written by kplan');
  });

  const REFUSED: Readonly<Record<string, readonly [where: string, words: () => string[]]>> = {
    'two forms': ['--csv', () => ['--json', '--csv', '--chart', inside('a.svg')]],
    'a kind of chart that does not exist': ['--chart', () => ['--chart', inside('a.pdf'), '--out', inside('a.txt')]],
    'a chart on somebody else’s file': ['--chart', () => ['--chart', inside('mine.svg'), '--out', inside('a.txt')]],
    'an output on somebody else’s file': ['--out', () => ['--chart', inside('a.svg'), '--out', inside('mine.svg')]],
    'a chart in a folder that is missing': ['--chart', () => ['--chart', inside('no/a.svg'), '--out', inside('a.txt')]],
    'one file for both': ['--out', () => ['--chart', inside('a.svg'), '--out', inside('a.svg')]],
  };

  it.each(Object.entries(REFUSED))('refuses %s, and nothing is left behind', async (_, [where, words]) => {
    writeFileSync(inside('mine.svg'), 'mine');
    const asked = words();
    const base = asked.includes('--gpu') ? ['breakeven', '--workload', 'kimi-chat'] : BREAKEVEN;
    const run = await cliRun([...base, ...asked, ...(asked.includes('--json') ? [] : ['--json'])]);
    expect(run.code).toBe(2);
    expect((JSON.parse(run.stdout) as ErrorDocument).error.where).toBe(where);
    expect(readdirSync(folder)).toEqual(['mine.svg']);
    expect(readFileSync(inside('mine.svg'), 'utf8')).toBe('mine');
  });

  it('gives the answer where there is nothing to draw, and says so', async () => {
    const run = await cliRun(['breakeven', '--gpu', 'tpu-v7', '--workload', 'kimi-chat', '--chart', inside('a.svg'), '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'kplan/breakeven@1', crossings: [] });
    expect(run.stderr).toMatch(/did not draw/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('judges --fail at the volume that was asked for', async () => {
    const at = (tokens: string) => cliRun([...BREAKEVEN, '--fte', '0', '--tokens-per-month', tokens, '--fail']);
    const [small, large] = [await at('1e9'), await at('40e9')];
    expect([small.code, large.code]).toEqual([3, 0]);
    expect(small.stdout).toMatch(/^At 1B tokens a month own GPUs cost/);
  });

  it.each([
    ['a.md', /^<!-- written by kplan[^\n]*-->\n/],
    ['a.json', /^\{\n {2}"schema": "kplan\/fit@1"/],
    ['a.csv', /^kplanSchema,/],
    ['a.CSV', /^kplanSchema,/],
    ['b.txt', /^(# )?written by kplan|^Kimi K2.7 Code/],
  ])('%s has the form that its name says', async (name, start) => {
    const words = ['fit', '--gpu', 'h200', '--gpus', '8', '--tp', '8', '--out', inside(name)];
    expect(await cliRun(words)).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(inside(name), 'utf8')).toMatch(start);
  });

  it.each([
    [['--json'], 'a.md', 'named for markdown'],
    [['--csv'], 'a.json', 'named for json'],
    [['--markdown'], 'a.csv', 'named for csv'],
    [[], 'a.pdf', 'no such file is made'],
    [[], 'a.svg', 'no such file is made'],
  ])('%j into %s is refused', async (form, name, says) => {
    const run = await cliRun(['fit', '--gpu', 'h200', ...form, '--out', inside(name)]);
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).toContain(`--out: ${says}`.replace('named', 'the file is named'));
    expect(existsSync(inside(name))).toBe(false);
  });

  it('--out - is stdout', async () => {
    const run = await cliRun(['fit', '--gpu', 'h200', '--gpus', '8', '--tp', '8', '--json', '--out', '-']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'kplan/fit@1' });
    expect(existsSync('-')).toBe(false);
  });
});

describe('warnings', () => {
  const short = ['fit', '--gpu', 'h200', '--tp', '8', '--ctx', '128'];

  it('stand in the report alone where stdout gets it', async () => {
    const run = await cliRun(short);
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/Warnings\n {2}• .*very short/);
    expect((await cliRun([...short, '--markdown'])).stderr).toBe('');
  });

  it('go to stderr where stdout gets something else', async () => {
    for (const form of [['--json'], ['--csv'], ['--out', inside('a.txt')]])
      expect((await cliRun([...short, ...form])).stderr).toContain('kplan: a context of 128 tokens is very short');
  });
});

describe('CSV', () => {
  it('of a range of contexts has the names of the JSON', async () => {
    const run = await cliRun('fit --gpu h200 --gpus 8 --tp 8 --ctx 32k..64k --csv'.split(' '));
    expect(run.stdout.split('\r\n')[0]).toBe(
      'kplanSchema,gpu,gpus,layout,contextTokens,kvCacheDtype,verdict,sequencesLow,sequences,sequencesHigh',
    );
  });
});
