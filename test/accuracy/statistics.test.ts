import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Equation, type Prior, solve } from '../../src/accuracy/overhead/leastSquares.ts';
import { clusteredInterval, meanOf, medianOf } from '../../src/accuracy/statistics.ts';
import { quantileOf } from '../../src/evidence/quantileOf.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('quantiles', () => {
  it('lie on the line between ranks: the 90th percentile of 1 … 11 is 10', () => {
    expect(quantileOf([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9)).toBe(10);
    expect(quantileOf([1, 2], 0.25)).toBe(1.25);
    expect(medianOf([3, 1, 2, 4])).toBe(2.5);
  });

  it('stay inside the list and rise with the share', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (list, a, b) => {
        const [low, high] = [quantileOf(list, Math.min(a, b)), quantileOf(list, Math.max(a, b))];
        expect(low).toBeGreaterThanOrEqual(Math.min(...list));
        expect(high).toBeLessThanOrEqual(Math.max(...list));
        expect(low).toBeLessThanOrEqual(high + 1e-6);
      }),
    );
  });

  it('are not a number where there is nothing', () => {
    expect(medianOf([])).toBeNaN();
    expect(meanOf([])).toBeNaN();
  });
});

describe('the interval of a share over clusters', () => {
  const hits = (cluster: string, inside: number, outside: number) => [
    ...Array.from({ length: inside }, () => ({ hit: true, cluster })),
    ...Array.from({ length: outside }, () => ({ hit: false, cluster })),
  ];

  it('is the same for the same seed', () => {
    const rows = [...hits('a', 8, 2), ...hits('b', 3, 1), ...hits('c', 2, 2)];
    expect(clusteredInterval(rows)).toEqual(clusteredInterval(rows));
    expect(clusteredInterval(rows, 2)).toHaveLength(2);
  });

  it('says nothing of one source, and nothing at all without rows', () => {
    expect(clusteredInterval(hits('a', 9, 1))).toEqual([0, 1]);
    expect(clusteredInterval([])).toBeNull();
  });

  it('is a point where all sources agree, and wide where one source is all wrong', () => {
    expect(clusteredInterval([...hits('a', 4, 0), ...hits('b', 2, 0)])).toEqual([1, 1]);
    const [low, high] = clusteredInterval([...hits('a', 5, 0), ...hits('b', 5, 0), ...hits('c', 0, 5)]) ?? [];
    expect(low).toBeLessThan(0.4);
    expect(high).toBe(1);
  });

  it('holds the share itself', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.constantFrom('a', 'b', 'c', 'd')), { minLength: 2, maxLength: 30 }), (rows) => {
        const observations = rows.map(([hit, cluster]) => ({ hit, cluster }));
        const share = observations.filter(({ hit }) => hit).length / observations.length;
        const [low, high] = clusteredInterval(observations) ?? [0, 0];
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
      }),
      { numRuns: 30 },
    );
  });
});

describe('least squares with priors and without negative unknowns', () => {
  const vague: Prior = { mean: 0, deviation: 1e6 };
  const line = (x: number, y: number): Equation => ({ coefficients: [1, x], value: y, weight: 1 });

  it('finds a line through exact points: y = 2 + 3 x', () => {
    const [offset, slope] = solve([line(0, 2), line(1, 5), line(2, 8)], [vague, vague]);
    expect(offset).toBeCloseTo(2, 4);
    expect(slope).toBeCloseTo(3, 4);
  });

  it('keeps an unknown at zero that would be negative', () => {
    expect(solve([{ coefficients: [1], value: -5, weight: 1 }], [vague])).toEqual([0]);
  });

  it('stays at the prior without data, and weighs it against data as the normal distribution does', () => {
    expect(solve([], [{ mean: 4, deviation: 1 }])).toEqual([4]);
    const [between] = solve([{ coefficients: [1], value: 10, weight: 1 }], [{ mean: 4, deviation: 1 }]);
    expect(between).toBeCloseTo(7, 8);
  });

  it('never does worse than the prior alone', () => {
    const equation = fc.record({
      coefficients: fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
      value: fc.double({ min: -10, max: 10, noNaN: true }),
      weight: fc.double({ min: 0.1, max: 4, noNaN: true }),
    });
    const priors: readonly Prior[] = [
      { mean: 1, deviation: 0.5 },
      { mean: 2, deviation: 2 },
    ];
    const loss = (equations: readonly Equation[], x: readonly number[]) =>
      equations.reduce(
        (sum, { coefficients, value, weight }) =>
          sum + (weight * (value - coefficients.reduce((dot, c, index) => dot + c * (x[index] ?? 0), 0))) ** 2,
        priors.reduce((sum, { mean, deviation }, index) => sum + (((x[index] ?? 0) - mean) / deviation) ** 2, 0),
      );
    fc.assert(
      fc.property(fc.array(equation, { maxLength: 8 }), (equations) => {
        const x = solve(equations, priors);
        expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
        expect(loss(equations, x)).toBeLessThanOrEqual(loss(equations, [1, 2]) + 1e-6);
        for (const step of [1e-3, -1e-3]) {
          const beside = x.map((value, index) => (index === 0 ? Math.max(0, value + step) : value));
          expect(loss(equations, x)).toBeLessThanOrEqual(loss(equations, beside) + 1e-6);
        }
      }),
    );
  });
});
