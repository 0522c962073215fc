import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { formatGB, formatGiB, GB, GIB, KIB, MIB } from '../../src/units/bytes.ts';
import { formatUsd } from '../../src/units/money.ts';
import { daysBetween, HOURS_PER_MONTH, knownBy, parseDate } from '../../src/units/time.ts';

describe('bytes', () => {
  it('GB is 1e9 and GiB is 2^30, and each is written out', () => {
    expect([KIB, MIB, GIB, GB]).toEqual([1024, 1_048_576, 1_073_741_824, 1_000_000_000]);
    expect(formatGiB(76_472_616_928)).toBe('71.22 GiB');
    expect(formatGB(76_472_616_928)).toBe('76.47 GB');
    expect(formatGiB(-3.32 * GIB, 1)).toBe('-3.3 GiB');
  });
});

describe('money', () => {
  it.each([
    [0, '$0'],
    [0.0000151, '$0.000015'],
    [0.6, '$0.60'],
    [999.99, '$999.99'],
    [1234567.4, '$1,234,567'],
    [-12.5, '-$12.50'],
  ])('formatUsd(%d)', (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});

describe('days', () => {
  it.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'today', '2026-11-22T00:00', ''])('refuses %j', (text) => {
    expect(() => parseDate(text, '--as-of')).toThrow(Fault);
  });

  it('reads every day of the calendar', () => {
    const days = fc.integer({ min: 0, max: 40_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    fc.assert(fc.property(days, (day) => void expect(parseDate(day, '--as-of')).toBe(day)));
  });

  it.each([
    ['2026-11-22', '2026-11-22', true],
    ['2026-11-23', '2026-11-22', false],
    ['2026-02', '2026-02-27', false],
    ['2026-02', '2026-02-28', true],
    ['2028-02', '2028-02-28', false],
    ['2026-12', '2026-12-30', false],
    ['2026-12', '2026-12-31', true],
    ['2026-12', '2027-01-01', true],
  ])('a fact of %s is known by %s: %s', (date, asOf, known) => {
    expect(knownBy(date, asOf)).toBe(known);
  });

  it('counts whole days, a month from its first', () => {
    expect(daysBetween('2026-08-21', '2026-11-22')).toBe(93);
    expect(daysBetween('2026-09', '2026-09-30')).toBe(29);
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
    expect(HOURS_PER_MONTH).toBe(8760 / 12);
  });
});
