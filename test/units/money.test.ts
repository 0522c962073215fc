import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centsOf, formatCents, formatPrice, formatUsd, toCents } from '../../src/units/money.ts';

describe('a bill in cents', () => {
  const bills = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 12 });

  it('adds up to its total to the cent, each line less than a cent from its own', () => {
    fc.assert(
      fc.property(bills, (lines) => {
        const total = lines.reduce((sum, usd) => sum + usd, 0);
        const unit = total < 1 ? 1e6 : 100;
        const cents = centsOf(lines);
        expect(cents.reduce((sum, usd) => sum + Math.round(usd * unit), 0)).toBe(Math.round(toCents(total) * unit));
        for (const [place, usd] of cents.entries()) {
          expect(Math.abs(usd - (lines[place] ?? 0)) * unit).toBeLessThan(1.001);
          if (unit === 100) expect(String(usd)).toMatch(/^\d+(\.\d{1,2})?$/);
        }
      }),
    );
    expect(centsOf([])).toEqual([]);
  });

  it('keeps what is less than a cent', () => {
    expect(toCents(0.001_35)).toBe(0.001_35);
    expect(centsOf([0.000_95, 0.000_4])).toEqual([0.000_95, 0.000_4]);
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
