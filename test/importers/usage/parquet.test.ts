import { createReadStream, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import { importUsage, type UsageWords, type WorkloadDocument } from '../../../src/importers/usage/index.ts';
import { duckDb, importedFile, LOG_TYPES, LOG_WORDS, logOf, newFile } from './sql/log.ts';

const read = (path: string, types: string) =>
  `CREATE TABLE log AS SELECT * FROM read_csv('${path}', header = true, columns = {${types
    .split(', ')
    .map((each) => each.replace(/^(\S+) (.+)$/, "'$1': '$2'"))
    .join(', ')}})`;

/** The log of a CSV as Parquet. */
function parquetOf(csvPath: string, how = '', types = LOG_TYPES, query = 'SELECT * FROM log'): Promise<string> {
  return duckDb([read(csvPath, types)], query, newFile('log.parquet'), `FORMAT parquet${how}`);
}

async function refusal(path: string, words: UsageWords = { columns: LOG_WORDS }): Promise<string> {
  const error = await importedFile(path, words).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Fault);
  return (error as Fault).message;
}

/** Without what names the file and the lines, and what was said of it. */
function numbers({ files, note, notices, rows, ...document }: WorkloadDocument) {
  const leftOut = rows.leftOut.map(({ reason, count }) => ({ reason, count }));
  return { ...document, rows: { ...rows, leftOut }, files: files.length, said: notices.length, noted: note.length > 0 };
}

describe('a Parquet file', () => {
  it.each(['uncompressed', 'snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw'])('gives what its CSV gives: %s', async (codec) => {
    const csvPath = newFile('log.csv', logOf(3_000, 60_000, 0));
    const raw = await importedFile(csvPath, { columns: LOG_WORDS });
    const path = await parquetOf(csvPath, `, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`);
    expect(numbers(await importedFile(path, { columns: LOG_WORDS }))).toEqual(numbers(raw));
  });

  it('holds decimals, times of nanoseconds and counts of other types', async () => {
    const csvPath = newFile('log.csv', logOf(3_000, 60_000, 0));
    const raw = await importedFile(csvPath, { columns: LOG_WORDS });
    const query =
      'SELECT "at"::TIMESTAMP_NS AS "at", prompt::HUGEINT::DOUBLE AS prompt, answer::INTEGER AS answer, hit::DECIMAL(18, 2) AS hit, written, thought, usd::DECIMAL(18, 9) AS usd, model FROM log';
    const path = await parquetOf(csvPath, '', LOG_TYPES, query);
    const found = await importedFile(path, { columns: LOG_WORDS });
    expect(numbers({ ...found, paid: null })).toEqual(numbers({ ...raw, paid: null }));
    expect(found.paid?.usd).toBeCloseTo(raw.paid?.usd ?? 0, 6);
  });

  it('keeps what is written of a zone', async () => {
    const csvPath = newFile('log.csv', logOf(100, 60_000, 0));
    const zoned = await importedFile(await parquetOf(csvPath, '', LOG_TYPES.replace('TIMESTAMP', 'TIMESTAMPTZ')), { columns: LOG_WORDS });
    const plain = await importedFile(await parquetOf(csvPath), { columns: LOG_WORDS });
    const said = 'log.parquet: times without a zone are read as UTC';
    expect([zoned.notices.includes(said), plain.notices.includes(said)]).toEqual([false, true]);
  });

  it('is recognised: observations of Langfuse with their map of usage', async () => {
    const path = await duckDb(
      [],
      `SELECT TIMESTAMP '2026-03-01 10:00:00' + to_seconds(i) AS start_time, 'secret' AS input,
        MAP {'input': 1000 + i, 'input_cached_tokens': 500, 'output': 20, 'output_reasoning_tokens': 5, 'total': 1525 + i} AS usage_details,
        'm' AS provided_model_name, CAST(0.25 AS DECIMAL(18, 6)) AS total_cost, 'DEFAULT' AS level FROM range(100) r(i)`,
      newFile('observations.parquet'),
      'FORMAT parquet, COMPRESSION zstd',
    );
    const { files, totals, paid, models, reuseFrom } = await importedFile(path);
    expect(files).toEqual([{ name: 'observations.parquet', format: 'Langfuse observations', rows: 100 }]);
    expect(totals).toEqual({
      requests: 100,
      uncached: 104_950,
      cacheRead: 50_000,
      cacheWrite: 0,
      cacheWrite1h: 0,
      output: 2_500,
      thinking: 500,
    });
    expect(paid?.usd).toBe(25);
    expect([models.length, reuseFrom]).toEqual([1, 'counts']);
  });

  it('leaves out counts that no double holds, by its row', async () => {
    const path = await duckDb(
      [],
      'SELECT 9007199254740993 + i AS a, 5 AS b FROM range(-3, 2) r(i)',
      newFile('log.parquet'),
      'FORMAT parquet',
    );
    const fault = await refusal(path, { columns: 'input=a,output=b' });
    expect(fault).toMatch(/no row can be used: 5 are broken/);
    const { rows } = await importedFile(
      await duckDb(
        [],
        'SELECT CASE WHEN i = 1 THEN 9007199254740993 ELSE 7 END AS a, 5 AS b FROM range(3) r(i)',
        newFile('x.parquet'),
        'FORMAT parquet',
      ),
      { columns: 'input=a,output=b' },
    );
    expect(rows.leftOut).toEqual([{ reason: 'a: not a count', count: 1, first: ['x.parquet:2 9007199254740993'] }]);
  });
});

describe('a Parquet file is refused', () => {
  const good = async () => parquetOf(newFile('log.csv', logOf(5_000, 60_000, 0)), ', ROW_GROUP_SIZE 2048');

  it('where it is truncated or broken, whatever byte is lost', async () => {
    const path = await good();
    const bytes = readFileSync(path);
    truncateSync(path, bytes.length - 100);
    expect(await refusal(path)).toMatch(
      /^invalid log\.parquet: the Parquet file is broken or truncated; .*; allowed: a whole Parquet file/,
    );
    for (const at of [bytes.length - 6, bytes.length - 60, bytes.length - 900, 5]) {
      const broken = Buffer.from(bytes);
      broken.fill(0xff, at, at + 4);
      const file = newFile('log.parquet', broken);
      const found = await importedFile(file, { columns: LOG_WORDS }).catch((thrown: unknown) => thrown);
      expect(found instanceof Fault || typeof (found as WorkloadDocument).schema === 'string').toBe(true);
    }
    writeFileSync(path, 'PAR1');
    expect(await refusal(path)).toMatch(/broken or truncated/);
  });

  it('where its columns are larger than is allowed', async () => {
    expect(await refusal(await good(), { columns: LOG_WORDS, mostBytes: '1000' })).toMatch(
      /^invalid log\.parquet: its columns are too large \(got "over \d+ bytes"\); allowed: at most 1000 bytes; --most-bytes allows more/,
    );
  });

  it('where it lacks a column, or is of no known format', async () => {
    const path = await good();
    expect(await refusal(path, { columns: 'input=promt,output=answer' })).toMatch(/no such column \(got "promt"\).*did you mean prompt/);
    expect(await refusal(path, {})).toMatch(/^unknown log\.parquet: no known format of usage; it has id, at, prompt/);
  });

  it('from standard input', async () => {
    const path = await good();
    const error = await importUsage(['-'], { columns: LOG_WORDS }, { stdin: createReadStream(path) }).catch((thrown: unknown) => thrown);
    expect((error as Fault).message).toBe(
      'unsupported standard input: this is Parquet, which is read from its end; allowed: a plain file by its name, not compressed; CSV and JSON can be piped',
    );
  });
});
