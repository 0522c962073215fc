import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../../src/importers/usage/instant.ts';
import { plainDigits } from '../../../src/importers/usage/plainDigits.ts';

describe('plain digits', () => {
  it('are the number that the runtime reads, to the last bit', () => {
    const text = fc
      .tuple(fc.stringMatching(/^\d{0,8}$/), fc.constantFrom('', '.'), fc.stringMatching(/^\d{0,7}$/))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (digits) => {
        if (digits === '' || digits === '.' || digits.length > 15) expect(plainDigits(digits)).toBeNaN();
        else expect(plainDigits(digits)).toBe(Number(digits));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['', '.', '-1', '+1', '1e3', '0x10', ' 1', '1 ', '1.2.3', '1,5', 'Infinity', '١', '1234567890123456'])(
    'leave %j to others',
    (text) => {
      expect(plainDigits(text)).toBeNaN();
    },
  );
});

describe('times read letter by letter', () => {
  const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
  const clock = fc.record({
    year: fc.integer({ min: 1970, max: 9999 }),
    month: part(13),
    day: part(32),
    hour: part(25),
    minute: part(61),
    second: part(62),
    between: fc.constantFrom('T', ' '),
    fraction: fc.stringMatching(/^(\.\d{1,9})?$/),
  });
  /** The instant, or the words of the refusal. */
  const read = (text: string) => {
    try {
      return instantOf(text, 'at').ms;
    } catch (error) {
      return String(error).replace(text, '');
    }
  };

  it('are those of any other way to write the same zone, and refused where those are', () => {
    fc.assert(
      fc.property(clock, fc.constantFrom('', 'Z'), ({ year, month, day, hour, minute, second, between, fraction }, zone) => {
        const text = `${year}-${month}-${day}${between}${hour}:${minute}:${second}${fraction}`;
        expect(read(`${text}${zone}`)).toEqual(
          read(`${text}+00:00`).toString().includes('not a time') ? expect.stringContaining('not a time') : read(`${text}+00:00`),
        );
        expect(read(`${text} UTC`)).toEqual(typeof read(text) === 'number' ? read(text) : expect.stringContaining('not a time'));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['2026-08-21T09:30:00Z', 'utc'],
    ['2026-08-21T09:30:00z', 'utc'],
    ['2026-08-21 09:30:00.5', 'none'],
    ['2026-08-21T09:30:00+02:00', 'offset'],
    ['2026-08-21', 'none'],
    ['1759276800', 'epoch'],
  ])('%s names its zone', (text, zone) => {
    expect(instantOf(text, 'at').zone).toBe(zone);
  });

  it.each([
    '2026-08-21T09:30:00.',
    '2026-08-21T09:30:00.1234567890',
    '2026-08-21T09:30:00ZZ',
    '2026-02-29 00:00:00',
    '2026-08-21x09:30:00',
  ])('%s is none', (text) => {
    expect(() => instantOf(text, 'at')).toThrow('not a time');
  });
});
