import { describe, expect, it } from 'vitest';
import { dataCheckSchema } from '../../src/report/schema/dataCheck.ts';
import { dataDiffSchema } from '../../src/report/schema/dataDiff.ts';
import { cliRun } from '../support/cliRun.ts';

function run(words: string) {
  return cliRun(words.split(' '));
}

describe('kplan data diff', () => {
  it('prints changes and disagreements for reading', async () => {
    const { code, stdout, stderr } = await run('data diff --as-of 2026-11-22 --model kimi-k2.7-code');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/together +kimi-k2\.7-code +standard +input +\+26\.3 % +0\.95 models\.dev \(2026-07-02\)/);
    expect(stdout).toContain('Prices as of 2026-11-22');
  });

  it('prints one document by its schema, and one table', async () => {
    const { stdout } = await run('data diff --as-of 2026-11-22 --json');
    expect(dataDiffSchema.parse(JSON.parse(stdout)).changes.length).toBeGreaterThan(3);
    const { stdout: csv } = await run('data diff --as-of 2026-11-22 --threshold 20 --csv');
    expect(csv.split('\r\n')[0]).toBe('kplanSchema,finding,kind,provider,of,product,price,usd,id,date,otherUsd,otherId,otherDate,percent');
    expect(csv).toMatch(/\r\nkplan\/data-diff@1,disagreement,tariff,together,kimi-k2\.7-code,standard,input,0\.95,/);
  });

  it.each([
    ['--threshold -1', '--threshold'],
    ['--threshold 3,5', '--threshold'],
    ['--threshold 1e309', '--threshold'],
    ['--model kimi-k9', '--model'],
    ['--gpu h10O', '--gpu'],
    ['--as-of 2026-02-30', '--as-of'],
    ['--catalog /nowhere', '--catalog'],
  ])('refuses %s', async (words, where) => {
    expect(await run(`data diff ${words}`)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(where) });
  });
});

describe('kplan data check', () => {
  it('exits with 3 where a fact is over its limit, and names the worst', async () => {
    const { code, stdout } = await run('data check --as-of 2026-11-22');
    expect(code).toBe(3);
    expect(stdout).toContain('Furthest over the limit');
    expect(stdout).toMatch(/tariffs +\d+ +2026-09-23 +2026-07-02 +143 +180 +0/);
  });

  it('exits with 0 where none is', async () => {
    const { code, stdout } = await run('data check --as-of 2026-11-22 --max-age 5000');
    expect(code).toBe(0);
    expect(stdout).toContain('are within the limits of their age');
    expect(stdout).not.toContain('Furthest');
  });

  it('prints one document by its schema, and a table of what is over its limit', async () => {
    const { code, stdout } = await run('data check --as-of 2026-11-22 --json');
    expect(code).toBe(3);
    expect(dataCheckSchema.parse(JSON.parse(stdout)).overLimit.length).toBeGreaterThan(20);
    const { stdout: csv } = await run('data check --as-of 2026-11-22 --csv');
    expect(csv.split('\r\n')[0]).toBe('kplanSchema,kind,fact,date,age,limit');
  });

  it.each(['--max-age -1', '--max-age 1.5', '--max-age x', '--as-of soon', '--catalog /nowhere'])('refuses %s', async (words) => {
    expect(await run(`data check ${words}`)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(words.split(' ')[0] ?? ''),
    });
  });
});
