import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importUsage, type UsageWords } from '../../../../src/importers/usage/index.ts';
import { summaryQuery } from '../../../../src/importers/usage/sql/summaryQuery.ts';
import { csv } from '../support.ts';
import { CUT, expectSame } from './comparison.ts';
import { duckDb, importedFile, LOG_TYPES, LOG_WORDS, logOf, newFile, throughDuckDb } from './log.ts';

const TRACES = fileURLToPath(new URL('../../../../../shared/traces/', import.meta.url));

describe('the query in DuckDB', () => {
  it.each([
    ['times to the microsecond', 12_000, 0],
    ['times cut to a second', 1_000, 1_000],
    ['times cut to a minute', 12_000, 60_000],
    ['times cut to a quarter second', 200, 250],
    ['times cut to an hour', 60_000, 3_600_000],
  ])('makes the workload that the rows make: %s', async (_, meanGapMs, stepMs) => {
    const path = newFile('log.csv', logOf(20_000, meanGapMs, stepMs));
    const raw = await importedFile(path, { columns: LOG_WORDS });
    const { document } = await throughDuckDb(path, LOG_TYPES, { columns: LOG_WORDS });
    expect(raw.rows.leftOut.length).toBeGreaterThan(6);
    expect(raw.quantumMs ?? 0).toBe(stepMs);
    expectSame(document, raw);
  });

  it.each([
    ['tokens beside the input, no model and no cost', 'time=at,input=prompt,output=answer,cached=hit,cached-inside=no'],
    ['no times', 'input=prompt,output=answer,model=model'],
    ['tokens alone', 'input=prompt,output=answer'],
  ])('takes %s', async (_, columns) => {
    const path = newFile('log.csv', logOf(2_000, 60_000, 0));
    expectSame((await throughDuckDb(path, LOG_TYPES, { columns })).document, await importedFile(path, { columns }));
  });

  it.each([
    ['with a zone', LOG_TYPES.replace('TIMESTAMP', 'TIMESTAMPTZ'), (time: string) => `${time}Z`, 'timestamp'],
    ['in seconds since 1970', LOG_TYPES.replace('TIMESTAMP', 'DOUBLE'), (time: string) => String(Date.parse(`${time}Z`) / 1000), 'number'],
    ['in milliseconds since 1970', LOG_TYPES.replace('TIMESTAMP', 'BIGINT'), (time: string) => String(Date.parse(`${time}Z`)), 'number'],
    ['by the day', LOG_TYPES.replace('TIMESTAMP', 'DATE'), (time: string) => time.slice(0, 10), 'timestamp'],
  ] as const)('takes times %s', async (_, types, written, timeType) => {
    const log = logOf(2_000, 60_000, 0).replace(/(?<=^\d+,)[^,]+/gm, written);
    const path = newFile('log.csv', log);
    const { document } = await throughDuckDb(path, types, { columns: LOG_WORDS, timeType });
    expectSame(document, await importedFile(path, { columns: LOG_WORDS }));
  });

  it('is the same from JSON lines and from a table of other parts', async () => {
    const path = newFile('log.csv', logOf(2_000, 60_000, 0));
    const raw = await importedFile(path, { columns: LOG_WORDS });
    for (const how of ['FORMAT json', "HEADER, DELIMITER ';'", "HEADER, NULLSTR '\\N'", 'FORMAT parquet'])
      expectSame((await throughDuckDb(path, LOG_TYPES, { columns: LOG_WORDS }, how)).document, raw);
  });

  it('holds no text of the log but the names of models', async () => {
    const path = newFile('log.csv', logOf(500, 60_000, 0));
    const { result } = await throughDuckDb(path, LOG_TYPES, { columns: LOG_WORDS });
    expect(readFileSync(result, 'utf8')).not.toContain('secret');
  });

  it('reads a table of any name, and does nothing else with it', async () => {
    const name = 'x"; DROP TABLE requests; --';
    const query = summaryQuery({ dialect: 'duckdb', table: name, columns: `input=${name},output=b`, timeType: 'timestamp' });
    const quoted = '"x""; DROP TABLE requests; --"';
    const made = [`CREATE TABLE ${quoted} (${quoted} BIGINT, b BIGINT)`, `INSERT INTO ${quoted} VALUES (100, 5), (-1, 5)`];
    const document = await importedFile(await duckDb(made, query.trimEnd(), newFile('result.csv')));
    expect(document.rows.leftOut).toEqual([{ reason: `${name}: a count below zero`, count: 1, first: [] }]);
  });

  it('puts models beyond 200 together', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => `${1000 + index},1,m${index}`);
    const path = newFile('log.csv', csv('a,b,c', ...rows));
    const { document } = await throughDuckDb(path, 'a BIGINT, b BIGINT, c VARCHAR', { columns: 'input=a,output=b,model=c' });
    expect(document.models).toHaveLength(201);
    expect(document.models[0]).toMatchObject({ name: 'other models', requests: 50 });
    expect(document.models[1]).toMatchObject({ name: 'm249' });
  });
});

describe('a result', () => {
  async function lines(): Promise<string[]> {
    const path = newFile('log.csv', logOf(500, 60_000, 0));
    const { result } = await throughDuckDb(path, LOG_TYPES, { columns: LOG_WORDS });
    return readFileSync(result, 'utf8').trimEnd().split('\n');
  }
  const refused = async (text: string, words: UsageWords = {}) => importedFile(newFile('result.csv', text), words).catch((error) => error);

  it.each(['all', 'length', 'hour', 'model', 'step', 'broken'])('is refused where rows of kind %s are missing', async (kind) => {
    const all = await lines();
    const gone = all.findIndex((line) => line.includes(`,${kind},`) && (kind !== 'step' || /,step,[^,]*,[^,]*,0,/.test(line)));
    expect(gone).toBeGreaterThan(0);
    const { message } = await refused(all.filter((_, index) => index !== gone).join('\n'));
    expect(message).toMatch(
      /^invalid result\.csv: the result is not whole: its rows by [a-z ]+ sum \d+ requests, not \d+; allowed: all rows/,
    );
  });

  it('is refused where another release wrote it, where it is broken, and beside other files', async () => {
    const all = await lines();
    const text = all.join('\n');
    expect((await refused(text.replaceAll('summary@1', 'summary@0'))).message).toMatch(
      /^unsupported result\.csv:2: summary: it is of another release of kplan \(got "kplan\/workload-summary@0"\); allowed: kplan\/workload-summary@1/,
    );
    expect((await refused(text.replace('squares_ms2', 'squares'))).message).toMatch(
      /^missing result\.csv:2: squares_ms2: a column is missing/,
    );
    expect((await refused(text.replace(',all,', ',some,'))).message).toMatch(
      /^invalid result\.csv:\d+: kind: no such kind of row \(got "some"\)/,
    );
    expect((await refused([all[0], `${all[1]},1`].join('\n'))).message).toMatch(/the row is too long/);
    expect((await refused(text, { strict: true })).message).toMatch(/^invalid result\.csv: broken rows in the table: /);
    const two = [newFile('a.csv', text), newFile('b.csv', text)];
    const both = await importUsage(two, {}, { stdin: Readable.from([]) }).catch((error) => error);
    expect(both.message).toMatch(/^contradiction a\.csv: it is a summary of all of its requests/);
  });
});

describe.skipIf(!existsSync(TRACES))('published traces', () => {
  it.each(['azure_code_2023.csv.gz', 'azure_conv_2023.csv.gz'])('%s through DuckDB is what it is when read', async (file) => {
    const text = gunzipSync(readFileSync(TRACES + file)).toString();
    const path = newFile('azure.csv', text);
    const raw = await importedFile(path);
    const { document } = await throughDuckDb(path, 'TIMESTAMP TIMESTAMP, ContextTokens BIGINT, GeneratedTokens BIGINT', {
      columns: 'time=TIMESTAMP,input=ContextTokens,output=GeneratedTokens',
    });
    expectSame(document, raw, CUT);
  });
});
