import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Trend, trendFactor } from '../../../src/cost/cashflow/trend.ts';
import { formatTrend, monthsBetween, parseTrend } from '../../../src/cost/cashflow/trendText.ts';
import { Fault } from '../../../src/faults/fault.ts';

const read = (text: string) => parseTrend(text, '--trend', '2026-12');

function faultOf(text: string): Fault {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe('a trend', () => {
  it.each([
    ['constant', [1, 1, 1]],
    ['-50%/year', [1, 0.5, 0.25]],
    ['+100% per year', [1, 2, 4]],
    ['2027-12:-10%', [1, 0.9, 0.9]],
    ['2026-12:-10%', [0.9, 0.9, 0.9]],
    ['-50%/year, 2028-12: 20%', [1, 0.5, 0.3]],
  ])('%s after 0, 12 and 24 months', (text, factors) => {
    const trend = read(text);
    for (const [year, factor] of factors.entries()) expect(trendFactor(trend, 12 * year)).toBeCloseTo(factor, 12);
  });

  it('of a month compounds to that of its year', () => {
    expect(trendFactor(read('2%/month'), 12)).toBeCloseTo(1.02 ** 12, 12);
    expect(trendFactor(read('2%/month'), 1)).toBeCloseTo(1.02, 12);
  });

  it('a ramp leaves out half of its length, whatever its shape, and rises to 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 100 }), fc.constantFrom('', 's-'), (months, from, shape) => {
        const trend = read(`${shape}ramp ${months} months from ${from}%`);
        const factors = Array.from({ length: months + 3 }, (_, month) => trendFactor(trend, month));
        const lost = factors.reduce((sum, factor) => sum + 1 - factor, 0);
        expect(lost).toBeCloseTo((months / 2) * (1 - from / 100), 9);
        for (const [month, factor] of factors.entries()) expect(factor).toBeGreaterThanOrEqual((factors[month - 1] ?? 0) - 1e-12);
        expect(factors.at(-1)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('of several parts is the product of theirs', () => {
    const parts = ['-30%/year', '2027-03:15%', 's-ramp 6 months'];
    const product = (month: number) => parts.reduce((factor, part) => factor * trendFactor(read(part), month), 1);
    for (const month of [0, 1, 3, 5, 7, 40]) expect(trendFactor(read(parts.join(', ')), month)).toBeCloseTo(product(month), 12);
  });

  it('is written as it is read', () => {
    const tenth = fc.integer({ min: -999, max: 5000 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(
        tenth,
        fc.integer({ min: 0, max: 600 }),
        tenth,
        fc.integer({ min: 1, max: 600 }),
        fc.nat(100),
        (rate, month, step, ramp, from) => {
          const year = 2026 + Math.floor((11 + month) / 12);
          const date = `${year}-${String(((11 + month) % 12) + 1).padStart(2, '0')}`;
          const text = `${rate}%/year, ${date}:${step}%, ramp ${ramp} months${from === 0 ? '' : ` from ${from}%`}`;
          expect(formatTrend(read(text), '2026-12')).toBe(text);
        },
      ),
    );
  });

  it('starts a step in the month it names', () => {
    const [step] = read('2027-02:-10%') as Trend;
    expect(step).toEqual({ kind: 'step', month: 2, change: -0.1 });
    expect(monthsBetween('2026-12', '2028-01', 'x')).toBe(13);
  });
});

describe('a bad trend', () => {
  it.each([
    ['', 'invalid'],
    ['falling', 'invalid'],
    ['-100%/year', 'invalid'],
    ['-30%', 'invalid'],
    ['-30,5%/year', 'invalid'],
    ['99999%/month', 'invalid'],
    ['1e3%/year', 'invalid'],
    ['2026-11:-10%', 'invalid'],
    ['2027-13:-10%', 'invalid'],
    ['2999-01:-10%', 'invalid'],
    ['ramp 0 months', 'invalid'],
    ['ramp 6.5 months', 'invalid'],
    ['ramp 6 months from 120%', 'invalid'],
    ['constant, -30%/year', 'invalid'],
    ['-30%/year, 5%/month', 'contradiction'],
    ['ramp 3 months, s-ramp 6 months', 'contradiction'],
    ['2027-01:5%, 2027-01:6%', 'contradiction'],
    [`${'9'.repeat(50_000)}%/year`, 'invalid'],
  ])('%s is named', (text, code) => {
    const fault = faultOf(text);
    expect(fault.code).toBe(code);
    expect(fault.details.where).toContain('--trend');
    expect(fault.message.length).toBeLessThan(500);
  });

  it('is any text that was not meant as one, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          for (const month of [0, 600]) expect(trendFactor(read(text), month)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
    );
  });
});
