import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { internalRates, modifiedInternalRate, spreadsheetRate } from '../../../src/cost/cashflow/internalRate.ts';
import {
  datedNetPresentValue,
  monthlyRate,
  netPresentValue,
  spreadsheetNpv,
  yearlyRate,
} from '../../../src/cost/cashflow/netPresentValue.ts';

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
const flow = fc.array(amount, { minLength: 1, maxLength: 60 });
const rate = fc.double({ min: -0.4, max: 2, noNaN: true });

/** Sum of the sizes of discounted amounts: what rounding is measured against. */
function sizeOf(amounts: readonly number[], at: number): number {
  return netPresentValue(amounts.map(Math.abs), at);
}

describe('net present value', () => {
  it('is linear in flows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 60 }),
        rate,
        fc.integer({ min: -9, max: 9 }),
        (pairs, at, k) => {
          const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
          const together = netPresentValue(
            pairs.map(([x, y]) => x + k * y),
            at,
          );
          const size = sizeOf(a, at) + Math.abs(k) * sizeOf(b, at);
          expect(Math.abs(together - netPresentValue(a, at) - k * netPresentValue(b, at))).toBeLessThanOrEqual(1e-11 * size);
        },
      ),
    );
  });

  it('is the first amount and the NPV of spreadsheets of the rest', () => {
    fc.assert(
      fc.property(amount, flow, rate, (first, rest, at) => {
        const whole = netPresentValue([first, ...rest], at);
        expect(Math.abs(whole - first - spreadsheetNpv(rest, at))).toBeLessThanOrEqual(1e-11 * sizeOf([first, ...rest], at));
      }),
    );
  });

  it('of years by dates is that of years by number where no year is a leap year', () => {
    const amounts = [-1000, 500, 700];
    const dated = amounts.map((usd, year) => ({ usd, date: `${2025 + year}-03-01` }));
    expect(datedNetPresentValue(dated, 0.08)).toBeCloseTo(netPresentValue(amounts, 0.08), 9);
  });

  it('at monthly rates is that at the yearly one', () => {
    fc.assert(
      fc.property(rate, (at) => {
        expect(yearlyRate(monthlyRate(at))).toBeCloseTo(at, 9);
      }),
    );
    const years = Array.from({ length: 37 }, (_, month) => (month % 12 === 0 ? 100 : 0));
    expect(netPresentValue(years, monthlyRate(0.08))).toBeCloseTo(netPresentValue([100, 100, 100, 100], 0.08), 9);
  });

  it('names bad input', () => {
    expect(() => netPresentValue([], 0.1)).toThrow('invalid flow: no amounts');
    expect(() => netPresentValue([1, Number.NaN], 0.1)).toThrow('flow[1]');
    expect(() => netPresentValue([1], -1)).toThrow('invalid rate');
    expect(() => monthlyRate(-1.5)).toThrow('invalid rate');
    const first = { date: '2026-01-02', usd: 1 };
    expect(() => datedNetPresentValue([first, { date: '2026-01-01', usd: 1 }], 0.1)).toThrow(
      'invalid flow[1].date: a day before the first',
    );
    expect(() => datedNetPresentValue([first, { date: '2026-02-30', usd: 1 }], 0.1)).toThrow('not a day of the calendar');
  });
});

/** The flow whose rates are these: `Π (1 - (1 + rate) × v)`. */
function flowOf(rates: readonly number[]): number[] {
  return rates.reduce<number[]>((product, at) => product.concat(0).map((a, k) => a - (1 + at) * (product[k - 1] ?? 0)), [1]);
}

describe('internal rates', () => {
  it.each<[readonly number[], readonly number[]]>([
    [[-1000, 600, 600], [0.13066238629180749]],
    [
      [-100, 230, -132],
      [0.1, 0.2],
    ],
    [
      [-1000, 3600, -4310, 1716],
      [0.1, 0.2, 0.3],
    ],
    [[-100, 100, -100], []],
    [[100, 200], []],
    [[-100, 100], [0]],
    [[-100, 50], [-0.5]],
    [[-1, 0, 0, 0, 0, 50], [50 ** 0.2 - 1]],
    [[0, 0, -500, 0, 800, 0], [1.6 ** 0.5 - 1]],
    [[-1, 1e6], [1e6 - 1]],
    [[-1e6, 1], [1e-6 - 1]],
  ])('of %j are %j', (amounts, rates) => {
    const found = internalRates(amounts);
    expect(found.code).toBe(['none', 'one'][rates.length] ?? 'several');
    expect(found.rates.length).toBe(rates.length);
    for (const [place, at] of rates.entries()) expect(found.rates[place]?.ratePerPeriod).toBeCloseTo(at, 7);
    for (const { residual, touches } of found.rates) {
      expect(residual).toBeLessThan(1e-9);
      expect(touches).toBe(false);
    }
  });

  it('that only touch 0 are said to', () => {
    const { code, rates } = internalRates([100, -220, 121]);
    expect([code, rates.length, rates[0]?.touches]).toEqual(['one', 1, true]);
    expect(rates[0]?.ratePerPeriod).toBeCloseTo(0.1, 6);
    expect(internalRates([100, -220, 121.1]).code).toBe('none');
    expect(internalRates([100, -220, 120.9]).code).toBe('several');
  });

  it('that coincide are one, which crosses where they are odd in number', () => {
    const touching = (rates: number[]) => internalRates(flowOf(rates)).rates.map(({ touches }) => touches);
    expect(touching([0.1, 0.1, 0.3])).toEqual([true, false]);
    expect(touching([0.2, 0.2, 0.5, 0.5])).toEqual([true, true]);
    expect(touching([0.1, 0.1, 0.1])).toEqual([false]);
    expect(touching([-0.3, -0.3, 0.4])).toEqual([true, false]);
  });

  it('are all found where they are known', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -9, max: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(distinct, (tenths) => {
        const known = tenths.map((tenth) => tenth / 10).sort((a, b) => a - b);
        const found = internalRates(flowOf(known)).rates;
        expect(found.length).toBe(known.length);
        for (const [place, at] of known.entries()) expect(found[place]?.ratePerPeriod).toBeCloseTo(at, 5);
      }),
    );
  });

  it('leave nothing, and between them lies no other: a scan finds no more', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 2, maxLength: 30 }), (amounts) => {
        fc.pre(amounts.some((usd) => usd !== 0));
        const { rates } = internalRates(amounts);
        for (const { residual } of rates) expect(residual).toBeLessThan(1e-9);
        const grid = Array.from({ length: 400 }, (_, step) => -0.8 + step * 0.0171717);
        const signs = grid.map((at) => Math.sign(netPresentValue(amounts, at)));
        const changes = signs.slice(1).flatMap((sign, place) => (sign * (signs[place] ?? 0) < 0 ? [place] : []));
        for (const place of changes) {
          const within = rates.filter(({ ratePerPeriod: at }) => at >= (grid[place] ?? 0) && at <= (grid[place + 1] ?? 0));
          expect(within.length % 2).toBe(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of thirty years of months', () => {
    const months = [-1_000_000, ...Array.from({ length: 360 }, () => 9_000), -50_000];
    const { code, rates } = internalRates(months);
    expect(code).toBe('several');
    expect(rates.map(({ ratePerPeriod }) => Math.sign(ratePerPeriod))).toEqual([-1, 1]);
    for (const { residual } of rates) expect(residual).toBeLessThan(1e-12);
    const loan = [-1000, ...Array.from({ length: 360 }, () => 8)];
    expect(spreadsheetRate(loan, 0.01)).toBeCloseTo(internalRates(loan).rates[0]?.ratePerPeriod ?? 0, 9);
  });

  it('a spreadsheet shows one of several by its guess, and none where it does not settle', () => {
    const several = [-1000, 3600, -4310, 1716];
    expect(spreadsheetRate(several)).toBeCloseTo(0.1, 6);
    expect(spreadsheetRate(several, 0.32)).toBeCloseTo(0.3, 6);
    expect(spreadsheetRate([-100, 100, -100])).toBeNull();
  });

  it('names bad input', () => {
    expect(() => internalRates([0, 0])).toThrow('invalid flow: only zeros');
    expect(() => internalRates([])).toThrow('no amounts');
    expect(() => internalRates(new Array(1201).fill(1))).toThrow('amounts');
    expect(() => spreadsheetRate([-1, Number.POSITIVE_INFINITY])).toThrow('flow[1]');
    expect(() => modifiedInternalRate([1, 2], 0.1, 0.1)).toThrow('no rate without a payment and a receipt');
    expect(() => modifiedInternalRate([-1, 2], -1, 0.1)).toThrow('invalid rate');
  });

  it('the modified one of reinvestment at the internal rate is the internal rate', () => {
    const amounts = [-1000, 400, 400, 500];
    const at = internalRates(amounts).rates[0]?.ratePerPeriod ?? 0;
    expect(modifiedInternalRate(amounts, at, at)).toBeCloseTo(at, 12);
  });
});
