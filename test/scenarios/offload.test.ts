import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { offload } from '../../src/plan/offload/offload.ts';
import type { OffloadQuery } from '../../src/plan/offload/offloadQuestion.ts';

const folder = new URL('./offload/', import.meta.url);
const read = (name: string, file: string) => JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'));

describe('known verdicts on hosts with GPUs, RAM and disk: a case is a folder with query.json and expected.json', () => {
  const catalog = loadCatalog();
  for (const name of readdirSync(folder).sort()) {
    const { query, why } = read(name, 'query.json') as { query: OffloadQuery; why: string };
    it(`${name}: ${why}`, () => {
      const { results, answer } = offload(query, catalog);
      const expected = read(name, 'expected.json') as { results: object[] };
      expect(answer).toMatch(/No speed is measured on such hosts\.$/);
      expect(results).toMatchObject(expected.results);
    });
  }
});
