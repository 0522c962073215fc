import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault, inert, printable } from '../../src/faults/fault.ts';
import { lookupName, nearestNames } from '../../src/faults/nearest.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the test is about control characters
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

describe('a fault in words', () => {
  it('names code, place, value, what is allowed and the nearest', () => {
    const fault = new Fault('unknown', 'no such name', {
      where: '--gpu',
      value: 'h10O',
      allowed: 'names of GPUs',
      nearest: ['h100', 'h200'],
    });
    expect(fault.message).toBe('unknown --gpu: no such name (got "h10O"); allowed: names of GPUs; did you mean h100, h200?');
    expect(fault).toBeInstanceOf(Error);
  });

  it('leaves out what is not known', () => {
    expect(new Fault('missing', 'no value', { where: '--gpu', nearest: [] }).message).toBe('missing --gpu: no value');
  });

  it('no value steers a terminal or fills it (facts/faults.md case 46)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.anything().map(() => '\u001b[31mred\u009b'),
        ),
        (text) => {
          for (const shown of [inert(text), printable(text)]) {
            expect(shown).not.toMatch(CONTROL);
            expect(shown.length).toBeLessThanOrEqual(80);
          }
        },
      ),
    );
  });

  it('quotes texts in sentences and leaves them bare in documents', () => {
    expect([printable('h10O'), inert('h10O'), printable(3)]).toEqual(['"h10O"', 'h10O', '3']);
  });
});

describe('nearest names', () => {
  const gpus = ['h100', 'h200', 'h20', 'a100', 'l40s', 'b200', 'mi300x'];

  it('a misspelt GPU finds its name first (facts/faults.md case 1)', () => {
    expect(nearestNames('h10O', gpus)[0]).toBe('h100');
    expect(nearestNames('H2OO', gpus)).toContain('h200');
  });

  it('names that hold the word come before names that look like it', () => {
    const offers = ['lambda.h200-sxm.on-demand', 'runpod.h200-sxm.spot', 'h2000', 'runpod.b200-sxm.spot'];
    expect(nearestNames('h200', offers)).toEqual(['h2000', 'runpod.h200-sxm.spot', 'lambda.h200-sxm.on-demand']);
    expect(nearestNames('runpod h200', offers)).toEqual(['runpod.h200-sxm.spot']);
    for (const typed of ['h2', '-----']) expect(nearestNames(typed, offers)).toEqual([]);
  });

  it('nonsense has no neighbour', () => {
    expect(nearestNames('completely-else', gpus)).toEqual([]);
  });

  it('returns existing names once, at most as many as asked, the name itself first', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abh01234-'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (typed, names, most) => {
        const found = nearestNames(typed, [...names, ...names], most);
        expect(found.length).toBeLessThanOrEqual(most);
        expect(new Set(found).size).toBe(found.length);
        expect(names).toEqual(expect.arrayContaining(found));
        if (names.includes(typed)) expect(found[0]).toBe(typed);
      }),
    );
  });

  it('one typo in a name of three letters or more still finds it', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdef'), minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(word, fc.nat(), (name, at) => {
        const index = at % name.length;
        expect(nearestNames(`${name.slice(0, index)}z${name.slice(index + 1)}`, [name])).toEqual([name]);
      }),
    );
  });

  it('a long word costs no more than its first 64 characters', () => {
    expect(nearestNames(`h100${'0'.repeat(100_000)}`, gpus)).toEqual([]);
  });
});

describe('lookup by name', () => {
  const entries = new Map([
    ['h100', 1],
    ['a100', 2],
  ]);

  it('ignores case', () => {
    expect(lookupName(entries, 'H100', '--gpu', 'kplan data gpus')).toBe(1);
  });

  it('refuses with the command that lists all names', () => {
    expect(() => lookupName(entries, 'h10O', '--gpu', 'kplan data gpus')).toThrow(/`kplan data gpus` prints; did you mean h100/);
  });

  it.each(['__proto__', 'constructor', 'toString'])('%s is no name', (name) => {
    expect(() => lookupName(entries, name, '--gpu', 'kplan data gpus')).toThrow(Fault);
  });
});
