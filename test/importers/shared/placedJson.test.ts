import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlacedJson } from '../../../src/importers/shared/placedJson.ts';
import { faultOf } from '../model/support/environment.ts';

const TEXT = `

{
  "a": { "b": [1,
    {"c": NaN}, [2]] },
  "d\\"e": "x
}`.replace('"x\n', '"x"\n');

describe('a document with places', () => {
  it('says on which line a value stands, or the nearest outer one', () => {
    const { value, linesOf } = readPlacedJson(TEXT, 'x');
    expect(value).toEqual({ a: { b: [1, { c: 'NaN' }, [2]] }, 'd"e': 'x' });
    expect(
      linesOf([
        ['a'],
        ['a', 'b'],
        ['a', 'b', 0],
        ['a', 'b', 1],
        ['a', 'b', 1, 'c'],
        ['a', 'b', 2, 0],
        ['d"e'],
        ['none'],
        ['a', 'none'],
        [],
      ]),
    ).toEqual([4, 4, 4, 5, 5, 5, 6, 3, 4, 3]);
  });

  it('finds each member of any document on its line', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.integer(), { maxKeys: 4 }), { minKeys: 1, maxKeys: 6 }),
        (document) => {
          const text = JSON.stringify(document, null, 1);
          const paths = Object.entries(document).flatMap(([outer, inner]) => [[outer], ...Object.keys(inner).map((key) => [outer, key])]);
          const lines = text.split('\n');
          const found = readPlacedJson(text, 'x').linesOf(paths);
          for (const [index, path] of paths.entries())
            expect(lines[(found[index] ?? 0) - 1]?.trim()).toContain(`${JSON.stringify(path.at(-1))}: `);
        },
      ),
    );
  });

  it.each([
    ['{"a":1,"a":2}', 'a key stands twice', 'a'],
    ['[{"a":{}},{"a":{"b":1,"c":[],"b":2}}]', 'a key stands twice', 'b'],
    ['{"a":1} x', 'more follows', undefined],
    ['{"a":tru}', 'a comma, a quote or a value is wrong', undefined],
    ['"text"', 'no bracket opens it', undefined],
  ])('%s is refused', async (text, words, value) => {
    const { code, message, details } = await faultOf(() => readPlacedJson(text, 'x'));
    expect([code, details.where, details.value]).toEqual(['invalid', 'x:1', value]);
    expect(message).toContain(words);
  });

  it('may hold one key in several objects', () => {
    expect(readPlacedJson('[{"a":1},{"a":{"a":[{"a":2}]}}]', 'x').value).toEqual([{ a: 1 }, { a: { a: [{ a: 2 }] } }]);
  });
});
