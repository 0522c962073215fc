import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import parser from 'node-sql-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../../../src/faults/fault.ts';
import { DIALECT_NAMES, dialectNamed, quotedName, quotedTable } from '../../../../src/importers/usage/sql/dialect.ts';
import { type SummaryQuestion, summaryQuery } from '../../../../src/importers/usage/sql/summaryQuery.ts';
import { expectSame } from './comparison.ts';
import { importedFile, LOG_TYPES, LOG_WORDS, logOf, newFile } from './log.ts';

function queryOf(dialect: string, over: Partial<SummaryQuestion> = {}): string {
  return summaryQuery({ dialect, table: 'logs.requests', columns: LOG_WORDS, timeType: 'timestamp', ...over });
}

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.message;
  }
  throw new Error('it was not refused');
}

describe('the query of each dialect', () => {
  it.each(DIALECT_NAMES)('is the text that is kept: %s', async (dialect) => {
    await expect(queryOf(dialect)).toMatchFileSnapshot(`golden/${dialect}.sql`);
  });

  it.each([
    ['bigquery', 'bigquery'],
    ['snowflake', 'snowflake'],
    ['postgres', 'postgresql'],
  ])('is one statement that a parser of the dialect reads: %s', { timeout: 60_000 }, (dialect, database) => {
    for (const timeType of ['timestamp', 'number'] as const) {
      const { tableList, ast } = new parser.Parser().parse(queryOf(dialect, { timeType }), { database });
      expect([ast].flat()).toHaveLength(1);
      expect(tableList.every((table) => table.startsWith('select::'))).toBe(true);
    }
  });

  it.each(DIALECT_NAMES)('has parentheses and quotes in pairs, and is one statement: %s', (dialect) => {
    const bare = queryOf(dialect)
      .replace(/^--.*$/gm, '')
      .replace(/'[^']*'|"[^"]*"|`[^`]*`/g, '');
    expect(bare).not.toMatch(/['"`;]/);
    const count = (text: string) => bare.split(text).length;
    expect(count('(')).toBe(count(')'));
    expect(bare.match(/\bCASE\b/g)?.length).toBe(bare.match(/\bEND\b/g)?.length);
  });

  it.each(DIALECT_NAMES)('names the columns that were named, and no others: %s', (dialect) => {
    const mark = dialect === 'bigquery' || dialect === 'clickhouse' ? '`' : '"';
    expect(queryOf(dialect)).toContain(`${mark}prompt${mark} AS kplan_in`);
    expect(queryOf(dialect)).not.toContain(`${mark}text${mark}`);
  });
});

describe('the query in PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: PGlite;
  beforeAll(async () => {
    postgres = await PGlite.create();
  }, 120_000);
  afterAll(() => postgres.close());

  async function throughPostgres(text: string, types: string, over: Partial<SummaryQuestion> = {}) {
    await postgres.exec(`SET TIME ZONE 'America/New_York'; DROP TABLE IF EXISTS requests; CREATE TABLE requests (${types})`);
    await postgres.query("COPY requests FROM '/dev/blob' WITH (FORMAT csv, HEADER)", [], { blob: new Blob([text]) });
    const query = queryOf('postgres', { table: 'requests', ...over });
    const { blob } = await postgres.query(`COPY (${query}) TO '/dev/blob' WITH (FORMAT csv, HEADER)`);
    const path = newFile('result.csv');
    writeFileSync(path, (await blob?.text()) ?? '');
    return await importedFile(path);
  }
  const types = LOG_TYPES.replaceAll('VARCHAR', 'TEXT').replaceAll('DOUBLE', 'NUMERIC');

  it.each([
    ['times to the microsecond', 12_000, 0, types],
    ['times cut to a second, with a zone', 1_000, 1_000, types.replace('TIMESTAMP', 'TIMESTAMPTZ')],
  ])('makes the workload that the rows make: %s', async (_, meanGapMs, stepMs, of) => {
    const text = logOf(2_000, meanGapMs, stepMs);
    const written = of === types ? text : text.replace(/(?<=^\d+,)[^,]+/gm, (time) => `${time}Z`);
    const raw = await importedFile(newFile('log.csv', text), { columns: LOG_WORDS });
    expectSame(await throughPostgres(written, of), raw);
  });

  it('takes times in seconds since 1970', async () => {
    const text = logOf(1_000, 60_000, 0).replace(/(?<=^\d+,)[^,]+/gm, (time) => String(Date.parse(`${time}Z`) / 1000));
    const raw = await importedFile(newFile('log.csv', text), { columns: LOG_WORDS });
    expectSame(await throughPostgres(text, types.replace('TIMESTAMP', 'NUMERIC'), { timeType: 'number' }), raw);
  });
});

describe('names', () => {
  it('are quoted as each dialect has it', () => {
    const odd = 'a"b`c\\d; --';
    expect(DIALECT_NAMES.map((name) => quotedName(odd, dialectNamed(name), 'x'))).toEqual([
      '"a""b`c\\d; --"',
      '`a"b\\`c\\\\d; --`',
      '`a"b\\`c\\\\d; --`',
      '"a""b`c\\d; --"',
      '"a""b`c\\d; --"',
    ]);
    expect(DIALECT_NAMES.map((name) => dialectNamed(name).text("it's \\"))).toEqual([
      "'it''s \\'",
      "'it\\'s \\\\'",
      "'it\\'s \\\\'",
      "'it''s \\\\'",
      "'it''s \\'",
    ]);
    expect(quotedTable('my project.logs.requests', dialectNamed('bigquery'))).toBe('`my project`.`logs`.`requests`');
  });

  it('are refused where they are none', () => {
    expect(faultOf(() => queryOf('postgre'))).toMatch(
      /^unknown --dialect: no such dialect of SQL \(got "postgre"\).*did you mean postgres/,
    );
    expect(faultOf(() => queryOf('duckdb', { table: 'a..b' }))).toMatch(/^invalid --table: not the name of a table/);
    expect(faultOf(() => queryOf('duckdb', { table: 'a\n; DROP' }))).toMatch(/^invalid --table: a control character in a name/);
    expect(faultOf(() => queryOf('duckdb', { columns: 'input=a,outputs=b' }))).toMatch(/no such part of usage.*did you mean output/);
    expect(faultOf(() => queryOf('duckdb', { columns: 'input=a,output=b,requests=n' }))).toMatch(
      /^unsupported --columns: its rows are sums/,
    );
  });
});
