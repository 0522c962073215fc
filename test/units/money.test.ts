import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCents, formatUsd, inCents, toCents } from '../../src/units/money.ts';

describe('inCents', () => {
  const bills = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 12 });

  it('adds up to the cent, and moves no line by a cent or more', () => {
    fc.assert(
      fc.property(bills, (lines) => {
        const cents = inCents(lines);
        const sum = cents.reduce((total, usd) => total + Math.round(usd * 100), 0);
        expect(sum).toBe(Math.round(lines.reduce((total, usd) => total + usd * 100, 0)));
        for (const [index, usd] of cents.entries()) {
          expect(Math.abs(usd - (lines[index] ?? 0))).toBeLessThan(0.01 + 1e-9);
          expect(String(usd)).toMatch(/^\d+(\.\d{1,2})?$/);
        }
      }),
    );
  });

  it('gives the cents that are left to the lines that lost most', () => {
    expect(inCents([0.333, 0.333, 0.334])).toEqual([0.33, 0.33, 0.34]);
    expect(inCents([0.005, 0.005])).toEqual([0.01, 0]);
    expect(inCents([])).toEqual([]);
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
  });
});
