import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeInWords, formatAmount, formatBand, formatNumber, formatQuantity, formatShare } from '../../src/report/format.ts';

describe('format', () => {
  it('writes bytes in GiB and GB', () => {
    expect(formatQuantity(76_472_616_928, 'B')).toBe('76,472,616,928 B = 71.22 GiB = 76.47 GB');
    expect(formatQuantity(70_272, 'B')).toBe('70,272 B');
    expect(formatQuantity(70_272, 'B/token')).toBe('70,272 B/token');
  });

  it('writes every other quantity with its unit', () => {
    expect(formatQuantity(34.67e9, 'token/month')).toBe('34.7B tokens/month');
    expect(formatQuantity(3.5, 'USD/GPU/hour')).toBe('$3.50/GPU/hour');
    expect(formatQuantity(4.8e12, 'B/s')).toBe('4.8 TB/s');
    expect(formatQuantity(989e12, 'flop/s')).toBe('989 Tflop/s');
    expect(formatQuantity(1.4, 'request/s')).toBe('1.4 request/s');
    expect(formatQuantity(0.0123456, 's')).toBe('0.01235 s');
    expect(formatAmount(3.5, 'USD/GPU/hour')).toBe('$3.50');
    expect(formatShare(0.764)).toBe('76 %');
    expect(formatShare(0.0551)).toBe('5.5 %');
  });

  it('writes bands, and codes in words where an end is unbounded', () => {
    expect(formatBand({ low: 1.7, value: 4.4, high: 7.9 }, String).replaceAll('\u00a0', ' ')).toBe('4.4 (1.7 to 7.9)');
    expect(formatBand({ low: 4, value: 4, high: 4 })).toBe('4');
    expect(formatBand({ low: null, value: null, high: null, code: 'no-measurement' })).toBe('nothing measured');
    expect(codeInWords('never-at-full-use')).toBe('never');
    expect(codeInWords('open')).toBe('open');
    expect(formatBand({ low: null, value: 5, high: null, code: 'only-with-these-steps' })).toBe('5 (with these steps)');
    expect(codeInWords('some-new-code')).toBe('some new code');
  });

  it('never prints a negative zero', () => {
    expect([formatQuantity(-2_000_000, 'B'), formatShare(-0.00001), formatNumber(-0)].join(' ')).not.toMatch(/-0(\.0+)?( |$)/);
    expect(formatAmount(-2_000_000, 'B')).toBe('0.00 GiB');
  });

  it('never prints NaN or Infinity', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const texts = [formatNumber(value), formatQuantity(value, 'B'), formatQuantity(value, 'USD'), formatShare(value)];
        expect(texts.join(' ')).not.toMatch(/NaN|Infinity/);
      }),
    );
  });
});
