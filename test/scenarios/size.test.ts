import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { Estimate } from '../../src/evidence/estimate.ts';
import { size } from '../../src/plan/size/size.ts';
import type { SizeAnswer } from '../../src/plan/size/sizeAnswer.ts';
import type { SizeQuery } from '../../src/plan/size/sizeQuestion.ts';

/** Figures by where they stand in the answer, such as `fleets.0.replicas.value`. */
type Figures<Value> = Record<string, Value>;

interface Expected {
  /** What somebody published of the same case, and how our band stands to it. */
  readonly published?: { value: number; source: string; ours: string; stands: 'below' | 'inside' | 'above' };
  readonly exact: Figures<unknown>;
  /** Figures that may move by a share with every fit of speeds. */
  readonly near?: { readonly within: number; readonly figures: Figures<number> };
}

const folder = new URL('./size/', import.meta.url);
const file = (name: string, part: string) => new URL(`${name}/${part}`, folder);
const read = (name: string, part: string) => JSON.parse(readFileSync(file(name, part), 'utf8'));

/** What stands in an answer at a path; null where the path ends early. */
function at(answer: SizeAnswer, path: string): unknown {
  const step = (value: unknown, key: string) => (Object(value) as Record<string, unknown>)[key] ?? null;
  return path.split('.').reduce<unknown>(step, answer);
}

/** Where a published figure stands to the band of ours. */
function standing(value: number, { low, high }: Estimate): 'below' | 'inside' | 'above' {
  if (value < low) return 'below';
  return value > high ? 'above' : 'inside';
}

/** The same paths with the figures of an answer: `KPLAN_GOLDEN=write npx vitest run test/scenarios/size.test.ts` writes them. */
function asAnswered({ published, exact, near, ...rest }: Expected, answer: SizeAnswer): Expected {
  const figures = <Value>(paths: Figures<Value>, form: (value: unknown) => unknown) =>
    Object.fromEntries(Object.keys(paths).map((path) => [path, form(at(answer, path))])) as Figures<Value>;
  const rounded = (value: unknown) => Number(Number(value).toPrecision(3));
  return {
    ...rest,
    ...(published && { published: { ...published, stands: standing(published.value, at(answer, published.ours) as Estimate) } }),
    exact: figures(exact, (value) => value),
    ...(near && { near: { ...near, figures: figures(near.figures, rounded) } }),
  };
}

describe('known fleets: a case is a folder with query.json and expected.json', () => {
  const catalog = loadCatalog();
  for (const name of readdirSync(folder).sort()) {
    const { query, why } = read(name, 'query.json') as { query: SizeQuery; why: string };
    it(`${name}: ${why}`, () => {
      const answer = size(query, catalog);
      if (process.env['KPLAN_GOLDEN'] === 'write')
        writeFileSync(file(name, 'expected.json'), `${JSON.stringify(asAnswered(read(name, 'expected.json'), answer), null, 2)}\n`);
      const { published, exact, near } = read(name, 'expected.json') as Expected;
      const found = Object.fromEntries(Object.keys(exact).map((path) => [path, at(answer, path)]));
      expect(found).toEqual(exact);
      for (const [path, want] of Object.entries(near?.figures ?? {})) {
        const value = Number(at(answer, path));
        expect(Math.abs(value / want - 1), `${path}: ${value} against ${want}`).toBeLessThanOrEqual(near?.within ?? 0);
      }
      if (!published) return;
      expect(published.source).toMatch(/^https:.*\d{4}-\d{2}-\d{2}$/);
      expect(standing(published.value, at(answer, published.ours) as Estimate)).toBe(published.stands);
    });
  }
});
