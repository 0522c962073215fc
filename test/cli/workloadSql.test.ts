import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { workloadSqlSchema } from '../../src/report/schema/workloadSql.ts';
import { type CliRun, cliRun } from '../support/cliRun.ts';

const home = process.cwd();
afterEach(() => process.chdir(home));

function run(words: string): Promise<CliRun> {
  return cliRun(words.split(' '));
}

const ASK = 'workload sql --dialect duckdb --columns input=prompt,output=answer,time=at';

describe('kplan workload sql', () => {
  it('prints the query', async () => {
    const { code, stdout, stderr } = await run(ASK);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^-- written by kplan: kplan\/workload-sql@1\n/);
    expect(stdout).toContain('FROM "requests"');
  });

  it('prints it as JSON', async () => {
    const { stdout } = await run(`${ASK} --table logs.calls --json`);
    const document = workloadSqlSchema.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ dialect: 'duckdb', table: 'logs.calls', result: 'kplan/workload-summary@1' });
    expect(document.query).toContain('FROM "logs"."calls"');
  });

  it('writes it to a file, which it replaces later, and no other', async () => {
    process.chdir(mkdtempSync(join(tmpdir(), 'kplan-workload-sql-')));
    expect(await run(`${ASK} --out query.sql`)).toMatchObject({ code: 0, stdout: '', stderr: 'kplan: wrote query.sql\n' });
    expect(await run(`${ASK} --out query.sql`)).toMatchObject({ code: 0 });
    expect(readFileSync('query.sql', 'utf8')).toBe((await run(ASK)).stdout);
    writeFileSync('mine.sql', 'SELECT 1');
    expect(await run(`${ASK} --out mine.sql`)).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    ['workload sql --columns input=a,output=b', /--dialect: it must be said; allowed: duckdb, clickhouse/],
    ['workload sql --dialect duckdb', /--columns: it must be said; allowed: such as input=/],
    [
      'workload sql --dialect snowflak --columns input=a,output=b',
      /--dialect: no such dialect of SQL \(got "snowflak"\).*did you mean snowflake/,
    ],
    [`${ASK} --time-type numbr`, /--time-type: no such type of time \(got "numbr"\); allowed: timestamp, number; did you mean number/],
    [`${ASK} --tabel x`, /--tabel/],
  ])('refuses %s', async (words, message) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
