import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftedDecimal } from '../../../src/importers/prices/decimal.ts';

/** Digits, a place of the point, and the text of both. */
const written = fc
  .record({ digits: fc.bigInt({ min: 1n, max: 99_999_999_999_999n }), exponent: fc.integer({ min: -25, max: 8 }) })
  .map(({ digits, exponent }) => ({ digits, exponent, text: `${digits}e${exponent}` }));

/** Whether two plain decimals mean one number, by whole numbers alone. */
function isSame(plain: string, digits: bigint, exponent: number): boolean {
  const [whole = '', fraction = ''] = plain.split('.');
  const scale = 60;
  return BigInt(whole + fraction) * 10n ** BigInt(scale - fraction.length) === digits * 10n ** BigInt(scale + exponent);
}

describe('a decimal with its point moved', () => {
  it.each([
    [9.5e-7, 6, '0.95'],
    ['9.5e-07', 6, '0.95'],
    [1.9e-7, 6, '0.19'],
    [0.000095, 4, '0.95'],
    [0.0000175, 4, '0.175'],
    [3.625e-9, 6, '0.003625'],
    [4e-6, 6, '4'],
    [0.1, 0, '0.1'],
    [5, 0, '5'],
    [0, 6, '0'],
    ['-0', 6, '0'],
    ['.5', 0, '0.5'],
    ['5.', 0, '5'],
    [' 25E-6 ', 6, '25'],
    [-1e-6, 6, '-1'],
    ['1.10', 0, '1.1'],
    [1200, 0, '1200'],
  ])('%j by %i places is %s', (number, places, decimal) => {
    expect(shiftedDecimal(number, places)).toBe(decimal);
  });

  it.each([
    ['3,50'],
    ['1,234.5'],
    ['$3'],
    ['1e'],
    ['e5'],
    [''],
    ['.'],
    ['NaN'],
    ['Infinity'],
    ['0x10'],
    ['1 2'],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['1e99999'],
    ['9'.repeat(200)],
  ])('%j is none', (number) => {
    expect(shiftedDecimal(number, 6)).toBeNull();
  });

  it('keeps every digit of a text', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 0, max: 8 }), ({ digits, exponent, text }, places) => {
        const plain = shiftedDecimal(text, places) ?? '';
        expect(plain).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(isSame(plain, digits, exponent + places)).toBe(true);
      }),
    );
  });

  it('is the same from a number as from the text that means it', () => {
    fc.assert(
      fc.property(written, fc.constantFrom(0, 4, 6), ({ text }, places) => {
        expect(shiftedDecimal(Number(text), places)).toBe(shiftedDecimal(text, places));
      }),
    );
  });

  it('comes back when it is moved back', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: -8, max: 8 }), ({ text }, places) => {
        expect(shiftedDecimal(shiftedDecimal(text, places) ?? '', -places)).toBe(shiftedDecimal(text, 0));
      }),
    );
  });

  it('loses the dust of binary arithmetic, and nothing else', () => {
    expect(shiftedDecimal(0.1 + 0.2, 0)).toBe('0.3');
    expect(shiftedDecimal(3 * 1e-7, 6)).toBe('0.3');
    expect(shiftedDecimal('0.99999999999999999', 0)).toBe('1');
    expect(shiftedDecimal('1.2345678901234', 0)).toBe('1.2345678901234');
  });
});
