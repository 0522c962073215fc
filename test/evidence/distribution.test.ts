import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDistribution, type Distribution, meanOf, shareBelow, valueAt } from '../../src/evidence/distribution.ts';
import { aDistribution } from '../support/distributions.ts';

const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

describe('a distribution', () => {
  it('rises with the share', () => {
    fc.assert(
      fc.property(aDistribution, share, share, (distribution, a, b) => {
        const [less, more] = [valueAt(distribution, Math.min(a, b)), valueAt(distribution, Math.max(a, b))];
        expect(less).toBeLessThanOrEqual(more + 1e-9 * Math.abs(more));
      }),
    );
  });

  it('gives back the share of a value at that share', () => {
    const wide: Distribution[] = [
      { kind: 'uniform', low: -2, high: 5 },
      { kind: 'normal', mean: 100, deviation: 7 },
      { kind: 'lognormal', median: 3, sigma: 0.8 },
      { kind: 'triangular', low: 1, mode: 2, high: 10 },
      { kind: 'triangular', low: 1, mode: 1, high: 2 },
      { kind: 'triangular', low: 1, mode: 2, high: 2 },
      { kind: 'estimate', low: 2, value: 5, high: 20 },
      { kind: 'estimate', low: -4, value: 1, high: 2 },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...wide),
        share,
        (distribution, p) => void expect(Math.abs(shareBelow(distribution, valueAt(distribution, p)) - p)).toBeLessThan(1e-8),
      ),
    );
  });

  it('has the mean of its quantile function', () => {
    fc.assert(
      fc.property(aDistribution, (distribution) => {
        const steps = 20_000;
        let sum = 0;
        for (let step = 0; step < steps; step++) sum += valueAt(distribution, (step + 0.5) / steps);
        const scale = Math.abs(valueAt(distribution, 0.99)) + Math.abs(valueAt(distribution, 0.01)) + 1e-12;
        expect(Math.abs(sum / steps - meanOf(distribution)) / scale).toBeLessThan(1e-3);
      }),
      { numRuns: 40 },
    );
  });

  it('an estimate has its ends as 10th and 90th percentile, also where it reaches below zero', () => {
    for (const { low, value, high } of [
      { low: 2, value: 5, high: 20 },
      { low: -4, value: 1, high: 2 },
      { low: 0, value: 1, high: 2 },
    ]) {
      const band: Distribution = { kind: 'estimate', low, value, high };
      expect(valueAt(band, 0.1)).toBeCloseTo(low, 7);
      expect(valueAt(band, 0.5)).toBe(value);
      expect(valueAt(band, 0.9)).toBeCloseTo(high, 7);
    }
  });

  it('without width is one value', () => {
    const points: Distribution[] = [
      { kind: 'point', value: 3 },
      { kind: 'uniform', low: 3, high: 3 },
      { kind: 'normal', mean: 3, deviation: 0 },
      { kind: 'lognormal', median: 3, sigma: 0 },
      { kind: 'triangular', low: 3, mode: 3, high: 3 },
      { kind: 'estimate', low: 3, value: 3, high: 3 },
    ];
    for (const point of points) {
      expect([0, 0.3, 0.5, 1].map((p) => valueAt(point, p))).toEqual([3, 3, 3, 3]);
      expect([2.9, 3, 3.1].map((value) => shareBelow(point, value))).toEqual([0, 1, 1]);
      expect(meanOf(point)).toBe(3);
    }
  });

  it.each<[Distribution, RegExp]>([
    [{ kind: 'point', value: Number.NaN }, /invalid --x: value is not a finite number/],
    [{ kind: 'uniform', low: 4, high: 3 }, /low at most high/],
    [{ kind: 'uniform', low: 4, high: Number.POSITIVE_INFINITY }, /high is not a finite number/],
    [{ kind: 'normal', mean: 4, deviation: -1 }, /standard deviation of at least 0/],
    [{ kind: 'lognormal', median: 0, sigma: 1 }, /median above 0/],
    [{ kind: 'lognormal', median: 1, sigma: 11 }, /sigma from 0 to 10/],
    [{ kind: 'triangular', low: 1, mode: 5, high: 4 }, /ascending order/],
    [{ kind: 'estimate', low: 2, value: 1, high: 4 }, /ascending order/],
  ])('refuses %j', (distribution, message) => {
    expect(() => checkDistribution(distribution, '--x')).toThrow(message);
  });
});
