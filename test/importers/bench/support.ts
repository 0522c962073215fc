import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../../../src/catalog/index.ts';
import type { BenchImport } from '../../../src/importers/bench/benchImport.ts';
import { type BenchEnvironment, type BenchWords, importBench } from '../../../src/importers/bench/index.ts';
import { csvCells, type MeasurementRow } from '../../../src/importers/bench/measurementRow.ts';
import { csvLine } from '../../../src/importers/shared/csvLine.ts';

/** What no output may hold, and fixtures do. */
export const SECRET = 'sk-fixture-secret-0123456789';

/** The options that most fixtures need. */
export const DEPLOYMENT: BenchWords = { model: 'kimi-k2.5', gpu: 'h200', gpus: '8', engineVersion: '0.15.1' };

const FIXTURES = new URL('fixtures/', import.meta.url);

export function fixture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

/** The objects of a fixture, one on each line. */
export function objects(name: string): Record<string, unknown>[] {
  return fixture(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line.replace('Infinity', '"inf"')) as Record<string, unknown>);
}

/** The object of a fixture with some keys changed, or taken away where they are undefined. */
export function changed(name: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const [first] = name.includes('vllm') || name.includes('sglang') ? objects(name) : [JSON.parse(fixture(name)) as Record<string, unknown>];
  return JSON.stringify({ ...first, ...changes });
}

/** A folder that vanishes with the machine's temporary files. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kplan-bench-'));
}

/** An environment that holds everything in memory, with its rows. */
export function memoryEnvironment(files: Readonly<Record<string, string | Uint8Array>>): BenchEnvironment & { rows: MeasurementRow[] } {
  const rows: MeasurementRow[] = [];
  return {
    catalog: loadCatalog(),
    read: (path) => ({ bytes: Buffer.from(files[path] ?? ''), modified: '2026-11-22' }),
    target: 'kplan-catalog/measurements/bench.csv',
    known: () => new Set(rows.map(({ id }) => id)),
    append: (added) => {
      rows.push(...added);
      return added;
    },
    rows,
  };
}

/** What one file comes to. */
export function imported(content: string | Uint8Array, words: BenchWords = DEPLOYMENT): BenchImport {
  return importBench(['run.json'], words, memoryEnvironment({ 'run.json': content }));
}

/** The rows of a fixture as the catalog would hold them. */
export function linesOf(name: string, words: BenchWords = DEPLOYMENT): string[] {
  const { rows } = importBench(
    [`/folder/of/somebody/${name}`],
    words,
    memoryEnvironment({ [`/folder/of/somebody/${name}`]: fixture(name) }),
  );
  return rows.map((row) => csvLine(csvCells(row)));
}

/** The one refusal of a file that holds no good run. */
export function refusal(content: string | Uint8Array, words: BenchWords = DEPLOYMENT): BenchImport['refused'][number] {
  const { rows, refused } = imported(content, words);
  const [only, ...more] = refused;
  if (!only || more.length > 0 || rows.length > 0) throw new Error(`expected one refusal: ${JSON.stringify({ rows, refused })}`);
  return only;
}
