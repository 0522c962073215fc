import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/evidence/estimate.ts';
import { quantile, sample, samplePoints } from '../../src/evidence/sampler.ts';

const band = (low: number, value: number, high: number): Estimate => ({ low, value, high, basis: 'modelled' });

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const estimates = fc.array(
  fc.tuple(positive, positive, positive).map(([a, b, c]) => {
    const [low = 1, value = 1, high = 1] = [a, b, c].sort((x, y) => x - y);
    return band(low, value, high);
  }),
  { minLength: 1, maxLength: 8 },
);

describe('samples', () => {
  it('same inputs, same samples', () => {
    fc.assert(fc.property(estimates, (inputs) => void expect(samplePoints(inputs, 64)).toEqual(samplePoints(inputs, 64))));
  });

  it('are positive and finite, in ascending order', () => {
    fc.assert(
      fc.property(estimates, (inputs) => {
        const values = sample(inputs, (point) => point.reduce((sum, x) => sum + x, 0), 64);
        expect(values.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }),
    );
  });

  it('one input alone gives back its own band: 10 % below, 10 % above, half below the middle', () => {
    const values = sample([band(2, 5, 20)], ([x = 0]) => x, 4096);
    expect(quantile(values, 0.1)).toBeCloseTo(2, 1);
    expect(quantile(values, 0.5)).toBeCloseTo(5, 1);
    expect(quantile(values, 0.9) / 20).toBeCloseTo(1, 1);
  });

  it('a product of independent bands is narrower than the product of their ends', () => {
    const values = sample([band(1, 2, 4), band(1, 2, 4), band(1, 2, 4)], (point) => point.reduce((product, x) => product * x, 1), 2048);
    expect(quantile(values, 0.1)).toBeGreaterThan(1);
    expect(quantile(values, 0.9)).toBeLessThan(64);
    expect(quantile(values, 0.9)).toBeGreaterThan(8);
  });

  it('an input without doubt stays what it is', () => {
    expect(new Set(samplePoints([band(3, 3, 3)], 32).flat())).toEqual(new Set([3]));
  });
});

describe('nearest rank', () => {
  it('of ten values', () => {
    const sorted = Array.from({ length: 10 }, (_, index) => index + 1);
    expect([0, 0.1, 0.5, 0.51, 0.9, 1].map((share) => quantile(sorted, share))).toEqual([1, 1, 5, 6, 9, 10]);
  });

  it('is unbounded where the samples are', () => {
    expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.9)).toBe(Number.POSITIVE_INFINITY);
  });
});
