import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';

const folder = new URL('./fit/', import.meta.url);
const read = (name: string, file: string) => JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'));

describe('known verdicts: a case is a folder with query.json and expected.json', () => {
  for (const name of readdirSync(folder).sort()) {
    const { query, why } = read(name, 'query.json') as { query: FitQuery; why: string };
    it(`${name}: ${why}`, () => {
      const { results, answer } = fit(query, loadCatalog());
      const expected = read(name, 'expected.json') as { results: object[] };
      expect(answer).toMatch(/\.$/);
      expect(results.slice(0, expected.results.length)).toMatchObject(expected.results);
    });
  }
});
