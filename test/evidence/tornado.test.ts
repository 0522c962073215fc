import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Distribution, valueAt } from '../../src/evidence/distribution.ts';
import { tornado } from '../../src/evidence/tornado.ts';
import { varianceShares } from '../../src/evidence/varianceShares.ts';
import { aDistribution } from '../support/distributions.ts';

const coefficient = fc.double({ min: -100, max: 100, noNaN: true });
const named = <T>(values: readonly T[]) => Object.fromEntries(values.map((value, at): [string, T] => [`x${at}`, value]));
const unit: Distribution = { kind: 'uniform', low: -1, high: 1 };

describe('a tornado', () => {
  it('of a linear answer is its coefficients times the spreads, widest first', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(aDistribution, coefficient), { minLength: 1, maxLength: 8 }), (pairs) => {
        const linear = (values: Float64Array) => pairs.reduce((sum, [, by], at) => sum + by * (values[at] ?? 0), 0);
        const { middle, swings } = tornado(named(pairs.map(([distribution]) => distribution)), linear);
        const scale = pairs.reduce(
          (sum, [distribution, by]) => sum + Math.abs(by) * Math.max(...[0.1, 0.5, 0.9].map((p) => Math.abs(valueAt(distribution, p)))),
          1e-9,
        );
        for (const { input, swing, low, high, atLow, atHigh } of swings) {
          const [, by = 0] = pairs[Number(input.slice(1))] ?? [];
          expect(Math.abs(swing - Math.abs(by) * (high - low)) / scale).toBeLessThan(1e-12);
          expect(Math.abs(atHigh - atLow - by * (high - low)) / scale).toBeLessThan(1e-12);
        }
        expect(middle).toBe(linear(Float64Array.from(pairs, ([distribution]) => valueAt(distribution, 0.5))));
        expect(swings.map(({ swing }) => swing)).toEqual(swings.map(({ swing }) => swing).sort((a, b) => b - a));
        expect(swings).toHaveLength(pairs.length);
      }),
    );
  });

  it('sees an answer that turns back in the middle', () => {
    expect(tornado({ x: unit }, ([x = 0]) => x * x).swings[0]?.swing).toBeCloseTo(0.64, 12);
  });

  it('an answer that becomes infinite swings without end; one that always is does not swing', () => {
    const { swings } = tornado({ x: unit, y: unit }, ([x = 0]) => (x < 0.5 ? 1 : Number.POSITIVE_INFINITY));
    expect(swings.map(({ input, swing }) => [input, swing])).toEqual([
      ['x', Number.POSITIVE_INFINITY],
      ['y', 0],
    ]);
    const always = tornado({ x: unit, y: unit }, () => Number.POSITIVE_INFINITY);
    expect(always.swings.map(({ input, swing }) => [input, swing])).toEqual([
      ['x', 0],
      ['y', 0],
    ]);
  });

  it('refuses bad inputs and answers', () => {
    expect(() => tornado({ x: { kind: 'normal', mean: 1, deviation: -1 } }, () => 1)).toThrow(/invalid x: /);
    expect(() => tornado({ x: unit }, () => Number.NaN)).toThrow(/invalid model: an outcome is not a number at x = 0/);
  });
});

describe('shares of the variance', () => {
  const near = (value: number, truth: number, by = 0.01) => expect(Math.abs(value - truth)).toBeLessThan(by);

  it('of a linear answer are its squared coefficients, the same alone and in total', () => {
    const shares = varianceShares({ a: unit, b: unit, c: { kind: 'point', value: 1 } }, ([a = 0, b = 0, c = 0]) => 1e6 + 2 * a + b + c);
    expect(shares?.map(({ input }) => input)).toEqual(['a', 'b', 'c']);
    for (const [at, truth] of [0.8, 0.2, 0].entries()) {
      near(shares?.[at]?.alone.value ?? -1, truth);
      near(shares?.[at]?.total.value ?? -1, truth);
    }
  });

  it('of the Ishigami function (a = 7, b = 0.1) are the published ones: 0.3139 0.4424 0 alone, 0.5576 0.4424 0.2437 in total', () => {
    // T. Ishigami and T. Homma (1990); values in Saltelli et al., "Global Sensitivity Analysis: The Primer" (2008), section 4.
    const angle: Distribution = { kind: 'uniform', low: -Math.PI, high: Math.PI };
    const shares = varianceShares(
      { x: angle, y: angle, z: angle },
      ([x = 0, y = 0, z = 0]) => Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x),
      { samples: 16_384 },
    );
    const truth = { x: [0.3139, 0.5576], y: [0.4424, 0.4424], z: [0, 0.2437] };
    for (const { input, alone, total } of shares ?? []) {
      const [one = 0, all = 0] = truth[input as keyof typeof truth];
      near(alone.value, one);
      near(total.value, all);
      expect(alone.low).toBeLessThanOrEqual(alone.value);
    }
    expect(shares).toHaveLength(3);
  });

  it('of a product of centred inputs exist only together', () => {
    for (const { alone, total } of varianceShares({ a: unit, b: unit }, ([a = 0, b = 0]) => a * b) ?? []) {
      near(alone.value, 0);
      near(total.value, 1);
    }
  });

  it('work for more inputs than the net has dimensions for', () => {
    const shares = varianceShares(
      named(new Array<Distribution>(45).fill(unit)),
      (values) => values.reduce((sum, x, at) => sum + (at === 44 ? 3 : 0.1) * x, 0),
      { samples: 1024 },
    );
    expect(shares?.[0]?.input).toBe('x44');
    near(shares?.[0]?.total.value ?? 0, 9 / 9.44, 0.1);
  });

  it('of an answer that does not vary are zero, of an infinite one unknown', () => {
    expect(varianceShares({ a: unit }, () => 0.1)).toEqual([
      { input: 'a', alone: { low: 0, value: 0, high: 0 }, total: { low: 0, value: 0, high: 0 } },
    ]);
    expect(varianceShares({ a: unit }, ([a = 0]) => 1 / Math.max(0, a))).toBeNull();
  });

  it('same seed, same shares', () => {
    const ask = (seed: number) =>
      JSON.stringify(varianceShares({ a: unit, b: unit }, ([a = 0, b = 0]) => a * a + b, { seed, samples: 256 }));
    expect(ask(3)).toBe(ask(3));
    expect(ask(3)).not.toBe(ask(4));
  });
});
