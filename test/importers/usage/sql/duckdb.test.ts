import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { WorkloadDocument } from '../../../../src/importers/usage/index.ts';
import { importedFile, LOG_TYPES, LOG_WORDS, logOf, newFile, throughDuckDb } from './log.ts';

const TRACES = fileURLToPath(new URL('../../../../../shared/traces/', import.meta.url));

/** Sums of doubles depend on their order; all else is equal to the last digit. */
const ROUNDING = 1e-9;

function near(a: number | null | undefined, b: number | null | undefined): void {
  if (a === null || a === undefined || b === null || b === undefined) expect(a).toBe(b);
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(ROUNDING * Math.max(Math.abs(b), 1e-300));
}

/** Compares two workloads field by field; files, their notices and the lines of broken rows are those of the import. */
function expectSame(found: WorkloadDocument, raw: WorkloadDocument): void {
  const leftOut = ({ rows }: WorkloadDocument) => rows.leftOut.map(({ reason, count }) => `${reason}: ${count}`).sort();
  for (const field of [
    'schema',
    'inputTokens',
    'outputTokens',
    'lengths',
    'quantumMs',
    'reuse',
    'reuseFrom',
    'reuseCurve',
    'thinkingShare',
    'models',
    'totals',
  ] as const)
    expect(found[field], field).toEqual(raw[field]);
  expect({ ...found.rows, leftOut: leftOut(found) }).toEqual({ ...raw.rows, leftOut: leftOut(raw) });
  expect({ ...found.paid, usd: 0 }).toEqual({ ...raw.paid, usd: 0 });
  near(found.paid?.usd, raw.paid?.usd);
  expect([found.period.from, found.period.to]).toEqual([raw.period.from, raw.period.to]);
  near(found.period.seconds, raw.period.seconds);
  near(found.arrivals?.requestsPerSecond, raw.arrivals?.requestsPerSecond);
  near(found.arrivals?.gapCv, raw.arrivals?.gapCv);
  expect(found.arrivals?.hours?.length).toBe(raw.arrivals?.hours?.length);
  for (const [hour, rate] of (raw.arrivals?.hours ?? []).entries()) near(found.arrivals?.hours?.[hour], rate);
}

describe('the query in DuckDB', () => {
  it.each([
    ['times to the microsecond', 0, 0],
    ['times rounded to a second', 1000, 1000],
    ['times rounded to a minute', 60_000, 60_000],
    ['times rounded to a quarter second', 250, 250],
    ['times rounded to an hour', 3_600_000, 3_600_000],
  ])('makes the workload that the rows make: %s', async (_, stepMs, quantum) => {
    const path = newFile('log.csv', logOf(20_000, stepMs));
    const raw = await importedFile(path, { columns: LOG_WORDS });
    const { document } = await throughDuckDb(path, LOG_TYPES, { columns: LOG_WORDS });
    expect(raw.rows.leftOut.length).toBeGreaterThan(6);
    if (stepMs !== 250) expect(raw.quantumMs ?? 0).toBe(quantum);
    expectSame(document, raw);
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
    expectSame(document, raw);
  });
});
