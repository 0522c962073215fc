import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { importUsage, type UsageWords, type WorkloadDocument } from '../../../../src/importers/usage/index.ts';
import { type SummaryQuestion, summaryQuery } from '../../../../src/importers/usage/sql/summaryQuery.ts';

const MODELS = ['kimi-k2.7', 'modèle "x"', 'モデル', "o'neill", ''];

/** Numbers of a seed, uniform from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The columns of a log of requests. */
const LOG_COLUMNS = 'id,at,prompt,answer,hit,written,thought,usd,model,text';
export const LOG_TYPES =
  'id BIGINT, at TIMESTAMP, prompt BIGINT, answer BIGINT, hit BIGINT, written BIGINT, thought BIGINT, usd DOUBLE, model VARCHAR, text VARCHAR';
export const LOG_WORDS = 'time=at,input=prompt,output=answer,cached=hit,cache-write=written,reasoning=thought,cost=usd,model=model';

/** A log in no strict order of time, with all that can be wrong with a row; times are cut to a step where one is given. */
export function logOf(rows: number, meanGapMs: number, stepMs: number): string {
  const random = seeded(7);
  const lines: string[] = [];
  let at = Date.UTC(2026, 1, 3, 5);
  for (let id = 0; id < rows; id++) {
    at += -Math.log(1 - random()) * meanGapMs * (random() < 0.2 ? 5 : 0.5);
    const us = stepMs === 0 ? Math.round(at * 1000) : Math.floor(at / stepMs) * stepMs * 1000;
    const time = `${new Date(Math.floor(us / 1000)).toISOString().slice(0, -1)}${String(us % 1000).padStart(3, '0')}`;
    const prompt = Math.floor(2 ** (random() * 17));
    const answer = Math.floor(2 ** (random() * 13));
    const cells = [
      id,
      time,
      prompt,
      answer,
      random() < 0.1 ? '' : Math.floor(prompt * random() * 0.7),
      random() < 0.9 ? '' : Math.floor(prompt * random() * 0.3),
      random() < 0.3 ? '' : Math.floor(answer * random()),
      random() < 0.2 ? '' : Number((prompt * 1e-6 + answer * 3e-6).toFixed(7)),
      `"${(MODELS[Math.floor(random() ** 2 * MODELS.length)] ?? '').replaceAll('"', '""')}"`,
      '"a secret, with ""quotes"""',
    ];
    const flaw = Math.floor(random() * 200);
    if (flaw === 0) cells[3] = 0;
    if (flaw === 1) cells[2] = -5;
    if (flaw === 2) cells[1] = '';
    if (flaw === 3) cells[4] = prompt + 10;
    if (flaw === 4) cells[6] = answer + 1;
    if (flaw === 5) cells[7] = -0.5;
    if (flaw === 6) cells[3] = '';
    if (flaw === 7) cells[2] = 2_000_000_000;
    if (flaw === 8) [cells[3], cells[6], cells[7]] = [0, 0, 0];
    lines.splice(random() < 0.05 ? Math.max(0, lines.length - 3) : lines.length, 0, cells.join(','));
  }
  return `${[LOG_COLUMNS, ...lines].join('\n')}\n`;
}

/** Runs statements in DuckDB; the last one's result is written to a file. */
export async function duckDb(statements: readonly string[], query: string, to: string, how = 'HEADER'): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'America/New_York'");
  for (const statement of statements) await connection.run(statement);
  await connection.run(`COPY (${query}) TO '${to}' (${how})`);
  connection.closeSync();
  instance.closeSync();
  return to;
}

/** A file in a folder of its own. */
export function newFile(name: string, content?: string | Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'kplan-sql-')), name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

export function importedFile(path: string, words: UsageWords = {}): Promise<WorkloadDocument> {
  return importUsage([path], words, { stdin: Readable.from([]) });
}

/** The workload of a CSV by way of DuckDB. */
export async function throughDuckDb(
  csvPath: string,
  types: string,
  question: Partial<SummaryQuestion> & Pick<SummaryQuestion, 'columns'>,
  how?: string,
): Promise<{ readonly document: WorkloadDocument; readonly result: string }> {
  const query = summaryQuery({ dialect: 'duckdb', table: 'requests', timeType: 'timestamp', ...question });
  const columns = types
    .split(', ')
    .map((each) => each.replace(/^(\S+) (.+)$/, "'$1': '$2'"))
    .join(', ');
  const load = `CREATE TABLE requests AS SELECT * FROM read_csv('${csvPath}', header = true, columns = {${columns}})`;
  const result = await duckDb([load], query.trimEnd(), newFile('result.csv'), how);
  return { document: await importedFile(result), result };
}
