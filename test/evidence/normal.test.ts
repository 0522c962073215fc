import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile, normalShare } from '../../src/evidence/normal.ts';

describe('normal quantile', () => {
  it.each([
    [0.5, 0],
    [0.9, 1.2815515655],
    [0.975, 1.9599639845],
    [0.001, -3.0902323062],
    [0.999, 3.0902323062],
  ])('at %d (table of the standard normal distribution)', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 8);
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
        (p) => void expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 6),
      ),
    );
  });

  it('has no end', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe('normal share', () => {
  // scipy.stats.norm.cdf, 1.17.1
  it.each([
    [-37, 5.725571222524577e-300],
    [-10, 7.61985302416047e-24],
    [-7.5, 3.1908916729109e-14],
    [-5, 2.866515718791933e-7],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [3, 0.9986501019683699],
  ])('below %d', (z, share) => {
    expect(normalShare(z) / share).toBeCloseTo(1, 7);
  });

  it('undoes the quantile', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
        (p) => void expect(Math.abs(normalShare(normalQuantile(p)) - p)).toBeLessThan(2e-9),
      ),
    );
  });
});
