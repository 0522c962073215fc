import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFlaw } from '../../../src/importers/shared/jsonFlaw.ts';
import { readJsonObjects } from '../../../src/importers/shared/jsonObjects.ts';

const values = (text: string) => readJsonObjects(text, 'x').map((part) => (part.kind === 'value' ? part.value : part.fault.details.where));

describe('objects of a file', () => {
  it('are one, several, one a line, or a list', () => {
    expect(values('{"a":1}')).toEqual([{ a: 1 }]);
    expect(values('{"a":1}{"b":2}\n\n [3, {"c":4}]')).toEqual([{ a: 1 }, { b: 2 }, 3, { c: 4 }]);
    expect(values('{\n "a": {\n "b": []\n}\n}\r\n{"c":"}{"}')).toEqual([{ a: { b: [] } }, { c: '}{' }]);
  });

  it('have the line on which they begin', () => {
    expect(readJsonObjects('\n{"a":\n1}\n\n{"b":2}', 'x').map(({ line }) => line)).toEqual([2, 5]);
  });

  it('may hold what Python writes for numbers, also in texts', () => {
    expect(values('{"a":Infinity,"b":[-Infinity,NaN],"c":"NaN"}')).toEqual([{ a: 'Infinity', b: ['-Infinity', 'NaN'], c: 'NaN' }]);
    expect(values('{"a":-1}')).toEqual([{ a: -1 }]);
  });

  it('are read beside what is broken', () => {
    expect(values('{"a":1}\n{"a":,}\n{"a":"cut\n{"a":2}\nwords\n{"a":3}')).toEqual([{ a: 1 }, 'x:2', 'x:3', { a: 2 }, 'x:5', { a: 3 }]);
    expect(values('{"a":[\n{"b":1}\n{"c":2}')).toEqual(['x:1', { b: 1 }, { c: 2 }]);
  });

  it('are given up where too much is broken, or too many', () => {
    expect(values('{"a"\n'.repeat(100)).length).toBe(21);
    expect(values('1 '.repeat(5))).toEqual(['x:1']);
    expect(values('{}'.repeat(10_000)).length).toBe(10_000);
    expect(values('{}'.repeat(10_001)).at(-1)).toBe('x:1');
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), { minLength: 1 }), fc.nat(2), (list, space) => {
        expect(values(list.map((one) => JSON.stringify(one, null, space)).join('\n'))).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });
});

describe('the first letter that is wrong', () => {
  it.each([
    ['{"a" 1}', 5],
    ['{"a": 01}', 7],
    ['[1, 2,]', 6],
    ['{"a": "\\x"}', 8],
    ['{"a": tru}', 6],
    ["{'a': 1}", 1],
    ['{"a": 1, b: 2}', 9],
    ['["\t"]', 2],
  ])('%j at %i', (json, offset) => {
    expect(() => JSON.parse(json)).toThrow();
    expect(jsonFlaw(json)).toBe(offset);
  });

  it('is behind the whole of what is right', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value, null, 1);
        expect(jsonFlaw(json)).toBe(json.length);
      }),
    );
  });
});
