import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOwnTariffs } from '../../../src/catalog/ownTariffs.ts';
import type { JsonPath } from '../../../src/importers/shared/jsonPath.ts';
import { catalog, importedTexts, READ_ON, sample, sampleData } from './support.ts';

function pathsIn(value: unknown, path: JsonPath = []): JsonPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]))];
}

/** The document with something else in one place. */
function replaced(value: unknown, [step, ...rest]: JsonPath, instead: unknown): unknown {
  if (step === undefined) return instead;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string | number, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[step] = replaced(copy[step], rest, instead);
  return copy;
}

const NAMES = readdirSync(sample(''));
const DOCUMENTS = NAMES.map((name) => ({ name, document: sampleData(name), paths: pathsIn(sampleData(name)) }));

const JUNK = [null, 0, -1, 0.5, 1e-300, '', 'x', '0.5', '1e400', true, [], [[]], {}, [{}], { price: 'x' }, { base: 1 }, { tiers: [1] }];

describe('a registry with anything in any place', () => {
  it('becomes prices that read back, and refusals', () => {
    const change = fc.record({ place: fc.nat(), instead: fc.constantFrom(...JUNK) });
    fc.assert(
      fc.property(
        fc.constantFrom(...DOCUMENTS),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        ({ name, document, paths }, changes, all) => {
          const changed = changes.reduce((at, { place, instead }) => replaced(at, paths[place % paths.length] ?? [], instead), document);
          const { catalog: file, rows, added } = importedTexts({ [name]: JSON.stringify(changed) }, { ...READ_ON, all });
          const own = readOwnTariffs(dirname(file), catalog);
          expect(own.map(({ id, inputUsdPerMtok }) => [id, inputUsdPerMtok])).toEqual(
            rows.map(({ id, inputUsdPerMtok }) => [id, inputUsdPerMtok]),
          );
          expect(own).toHaveLength(added);
        },
      ),
      { numRuns: 300 },
    );
  });
});
