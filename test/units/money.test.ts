import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCents, formatPrice, formatUsd, sumOfCents, toCents } from '../../src/units/money.ts';

describe('a bill in cents', () => {
  const bills = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 12 });

  it('is rounded line by line and adds up as it stands', () => {
    fc.assert(
      fc.property(bills, (lines) => {
        const cents = lines.map(toCents);
        const sum = sumOfCents(cents);
        expect(Math.round(sum * 100)).toBe(cents.reduce((total, usd) => total + Math.round(usd * 100), 0));
        for (const usd of [...cents, sum]) expect(String(usd)).toMatch(/^\d+(\.\d{1,2})?$/);
        expect(Math.abs(sum - lines.reduce((total, usd) => total + usd, 0))).toBeLessThan(0.005 * lines.length + 1e-6);
      }),
    );
    expect(sumOfCents([])).toBe(0);
  });
});

describe('money in words', () => {
  it('has cents below a thousand, more places below a cent, and no negative zero', () => {
    expect([formatUsd(1234567.89), formatUsd(999.5), formatUsd(0.001234), formatUsd(0)]).toEqual([
      '$1,234,568',
      '$999.50',
      '$0.001234',
      '$0',
    ]);
    expect([formatCents(1234567.891), formatCents(0), formatCents(-3.5)]).toEqual(['$1,234,567.89', '$0.00', '-$3.50']);
    expect(toCents(0.1 + 0.2)).toBe(0.3);
    expect([4.475, 3.5, 0.027612, 0.0000123, 0, 26134].map(formatPrice)).toEqual([
      '$4.475',
      '$3.50',
      '$0.0276',
      '$0.0000123',
      '$0',
      '$26,134',
    ]);
  });
});
