import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { checkNumber, groupDigits, type NumberRange, parseNumber } from '../../src/units/number.ts';

function refusal(text: string, range: NumberRange = {}): Fault {
  try {
    parseNumber(text, '--price', range);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('plain numbers', () => {
  it.each([
    ['3.50', 3.5],
    [' 12 ', 12],
    ['.5', 0.5],
    ['5.', 5],
    ['-0.25', -0.25],
    ['+7', 7],
    ['1e5', 100_000],
    ['2.5E-3', 0.0025],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text, '--price')).toBe(value);
  });

  it.each(['', ' ', 'NaN', 'Infinity', '-Infinity', '0x10', '1_000', '12 GB', '1e', '--5', '1.2.3', '١٢', '$5', '5%', '1e99999'])(
    'refuses %j',
    (text) => {
      expect(refusal(text)).toMatchObject({ code: 'invalid', details: { where: '--price', value: text } });
    },
  );

  it('1e309 is infinite: refused with the text that was typed (facts/faults.md case 5)', () => {
    expect(refusal('1e309')).toMatchObject({ code: 'invalid', details: { value: '1e309' } });
  });

  it('a decimal comma is neither read as 350 nor as 3 (case 6)', () => {
    expect(refusal('3,50').details.nearest).toEqual(['3.50']);
    expect(refusal('3,50').message).toContain('comma');
  });

  it('thousands separators: the plain number is offered', () => {
    expect(refusal('131,072').details.nearest).toEqual(['131072']);
    expect(refusal('1,048,576').details.nearest).toEqual(['1048576']);
    expect(refusal('1,234.5').details.nearest).toEqual(['1234.5']);
    expect(refusal('1,2,3').details.nearest).toEqual([]);
  });

  it('reads what JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (value) => void expect(parseNumber(String(value), '--x')).toBe(value + 0),
      ),
    );
  });

  it('long junk is refused, not crawled through', () => {
    for (const junk of ['1,'.repeat(25_000), '9'.repeat(50_000), 'e'.repeat(50_000)]) expect(() => parseNumber(junk, '--x')).toThrow(Fault);
  });
});

describe('ranges', () => {
  it.each<[number, NumberRange, boolean]>([
    [0, { min: 0 }, true],
    [-1, { min: 0 }, false],
    [0, { above: 0 }, false],
    [1, { above: 0, max: 1 }, true],
    [1.0001, { max: 1 }, false],
    [1.5, { integer: true }, false],
    [2 ** 53, { integer: true }, false],
    [Number.NaN, {}, false],
    [Number.POSITIVE_INFINITY, {}, false],
    [-1e308, {}, true],
  ])('%d in %j: %s', (value, range, accepted) => {
    if (accepted) expect(checkNumber(value, '--x', range)).toBe(value);
    else expect(() => checkNumber(value, '--x', range)).toThrow(Fault);
  });

  it('says what is allowed', () => {
    expect(refusal('2', { above: 0, max: 1 }).details.allowed).toBe('a number, above 0, at most 1');
    expect(refusal('0', { min: 1, integer: true }).details.allowed).toBe('a whole number, at least 1');
  });
});

describe('thousands', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-1234567', '-1,234,567'],
    ['1234567.891', '1,234,567.891'],
  ])('%s', (digits, grouped) => {
    expect(groupDigits(digits)).toBe(grouped);
  });
});
