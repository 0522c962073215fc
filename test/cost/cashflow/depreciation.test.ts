import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/index.ts';
import {
  type Depreciable,
  decliningBalance,
  decliningThenStraight,
  fixedDecliningBalance,
  scheduledDepreciation,
  straightLine,
} from '../../../src/cost/cashflow/depreciation.ts';

const total = (values: readonly number[]) => values.reduce((sum, usd) => sum + usd, 0);

const asset: fc.Arbitrary<Depreciable> = fc
  .tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 40 }))
  .map(([costUsd, share, periods]) => ({ costUsd, salvageUsd: costUsd * share, periods }));

describe('depreciation', () => {
  it('in equal parts, and declining with a switch, adds up to cost less salvage', () => {
    fc.assert(
      fc.property(asset, fc.double({ min: 0.5, max: 4, noNaN: true }), (of, factor) => {
        const whole = of.costUsd - of.salvageUsd;
        expect(total(straightLine(of))).toBeCloseTo(whole, 5);
        expect(total(decliningThenStraight(of, factor))).toBeCloseTo(whole, 5);
        expect(total(decliningBalance(of, factor))).toBeLessThanOrEqual(whole * (1 + 1e-12) + 1e-9);
        for (const usd of decliningBalance(of, factor)) expect(usd).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('at the fixed rate comes to the salvage within the rounding of the rate', () => {
    const usd = fixedDecliningBalance({ costUsd: 1_000_000, salvageUsd: 100_000, periods: 6 });
    expect(usd.length).toBe(6);
    expect(Math.abs(total(usd) - 900_000)).toBeLessThan(0.005 * 900_000);
    expect(fixedDecliningBalance({ costUsd: 1000, salvageUsd: 0, periods: 3 })).toEqual([1000, 0, 0]);
  });

  it.each<[Partial<Depreciable>, string]>([
    [{ costUsd: 0 }, 'costUsd'],
    [{ salvageUsd: -1 }, 'salvageUsd'],
    [{ salvageUsd: 11 }, 'contradiction salvageUsd'],
    [{ periods: 0 }, 'periods'],
    [{ periods: 2.5 }, 'periods'],
    [{ periods: 1e9 }, 'periods'],
  ])('names %j', (partial, where) => {
    const bad = { costUsd: 10, salvageUsd: 1, periods: 3, ...partial };
    for (const method of [straightLine, decliningBalance, decliningThenStraight, fixedDecliningBalance])
      expect(() => method(bad)).toThrow(where);
  });

  it('names a bad factor and bad months', () => {
    const good = { costUsd: 10, salvageUsd: 1, periods: 3 };
    expect(() => decliningBalance(good, 0)).toThrow('factor');
    expect(() => fixedDecliningBalance(good, 13)).toThrow('monthsOfFirstYear');
    expect(() => scheduledDepreciation(-1, { shares: [1] })).toThrow('costUsd');
    expect(() => scheduledDepreciation(1, { shares: [0.5, 0.4] })).toThrow('invalid shares: not the whole cost');
    expect(() => scheduledDepreciation(1, { shares: [1.5, -0.5] })).toThrow('shares[0]');
  });
});

/** Declining at twice the straight rate with a half first year, then the rest in equal parts: how table A-1 is made. */
function halfYearTable(years: number): number[] {
  let book = 1;
  return Array.from({ length: years + 1 }, (_, year) => {
    const left = years + 0.5 - year;
    const share = year === 0 ? 1 / years : Math.min(book, Math.max((book * 2) / years, book / left));
    book -= share;
    return share;
  });
}

describe('tax schedules', () => {
  const schedules = loadCatalog().depreciation;

  it.each(schedules.map((schedule) => [schedule.id, schedule] as const))('%s deducts the whole cost', (_, schedule) => {
    expect(total(scheduledDepreciation(277_897.75, schedule))).toBeCloseTo(277_897.75, 6);
  });

  it.each([3, 5])('of MACRS follow from its rules, %i years', (years) => {
    const shares = schedules.find(({ id }) => id === `us-macrs-${years}`)?.shares ?? [];
    expect(shares.length).toBe(years + 1);
    for (const [year, share] of halfYearTable(years).entries())
      expect(Math.abs((shares[year] ?? 0) - share)).toBeLessThanOrEqual(1.0001e-4);
  });
});
