import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quasiRandomPoints } from '../../src/evidence/quasiRandom.ts';
import { SOBOL_DIMENSIONS, sobolDirections } from '../../src/evidence/sobolDirections.ts';

const seed = fc.nat({ max: 2 ** 32 - 1 });

/** An unscrambled Sobol point by its index. */
function sobol(index: number, dimension: number): number {
  return sobolDirections(dimension).reduce((bits, direction, at) => ((index >>> at) & 1 ? (bits ^ direction) >>> 0 : bits), 0) / 2 ** 32;
}

/** How many points lie in each box of a grid of `2^a` by `2^b` boxes. */
function counts(x: Float64Array, y: Float64Array, a: number, b: number): Set<number> {
  const boxes = new Uint32Array(2 ** (a + b));
  x.forEach((u, at) => {
    const box = Math.floor(u * 2 ** a) * 2 ** b + Math.floor((y[at] ?? 0) * 2 ** b);
    boxes[box] = (boxes[box] ?? 0) + 1;
  });
  return new Set(boxes);
}

describe('directions of Sobol', () => {
  // scipy.stats.qmc.Sobol(40, scramble=False), scipy 1.17.1: its n-th point is that of index n xor (n >> 1).
  it.each([
    [1, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
    [2, [0.75, 0.25, 0.25, 0.75, 0.75, 0.25, 0.25]],
    [7, [0.125, 0.625, 0.375, 0.375, 0.125, 0.875, 0.125]],
    [33, [0.546875, 0.765625, 0.203125, 0.421875, 0.453125, 0.828125, 0.953125]],
    [63, [0.015625, 0.796875, 0.359375, 0.140625, 0.671875, 0.234375, 0.171875]],
  ])('point %d of the reference', (n, point) => {
    expect([0, 1, 2, 5, 11, 20, 39].map((dimension) => sobol(n ^ (n >> 1), dimension))).toEqual(point);
  });

  it('each dimension is a permutation of the binary grid', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      expect(new Set(Array.from({ length: 256 }, (_, index) => Math.floor(256 * sobol(index, dimension)))).size).toBe(256);
    }
  });
});

describe('quasi-random points', () => {
  it('same arguments, same points to the last bit; another seed or randomisation, others', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 90 }), (one, dimensions) => {
        const points = quasiRandomPoints(dimensions, 5, { seed: one, number: 3 });
        expect(quasiRandomPoints(dimensions, 5, { seed: one, number: 3 })).toEqual(points);
        expect(quasiRandomPoints(dimensions, 5, { seed: one, number: 4 })).not.toEqual(points);
        expect(quasiRandomPoints(dimensions, 5, { seed: one ^ 1, number: 3 })).not.toEqual(points);
      }),
      { numRuns: 20 },
    );
  });

  it('lie inside the cube, one in each of as many intervals as there are points, in every dimension, padded ones too', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 9 }), (one, levels) => {
        for (const column of quasiRandomPoints(85, levels, { seed: one, number: 0 })) {
          expect(column.every((u) => u > 0 && u < 1)).toBe(true);
          expect(new Set(column.map((u) => Math.floor(u * 2 ** levels))).size).toBe(2 ** levels);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('the first two dimensions are a (0, m, 2)-net: each box of volume 1 / points holds one', () => {
    fc.assert(
      fc.property(seed, (one) => {
        const [x = new Float64Array(), y = new Float64Array()] = quasiRandomPoints(2, 8, { seed: one, number: 0 });
        for (let a = 0; a <= 8; a++) expect(counts(x, y, a, 8 - a)).toEqual(new Set([1]));
      }),
      { numRuns: 20 },
    );
  });

  it('a point is uniform over the seeds: mean and spread of one coordinate', () => {
    const seeds = 2000;
    for (const dimension of [0, 40]) {
      const values = Array.from(
        { length: seeds },
        (_, one) => quasiRandomPoints(dimension + 1, 1, { seed: one, number: 0 })[dimension]?.[0] ?? 0,
      );
      const mean = values.reduce((sum, u) => sum + u, 0) / seeds;
      const variance = values.reduce((sum, u) => sum + (u - 0.5) ** 2, 0) / seeds;
      // Five standard errors: sqrt(1/12/2000) = 0.0065, sqrt(1/180/2000) = 0.0017.
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.033);
      expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0085);
    }
  });

  it('coordinates of different blocks and randomisations are not correlated', () => {
    const first = quasiRandomPoints(82, 12, { seed: 7, number: 0 });
    const second = quasiRandomPoints(2, 12, { seed: 7, number: 1 });
    const correlation = (x: ArrayLike<number> = [], y: ArrayLike<number> = []) =>
      (12 * Array.from(x).reduce((sum, u, at) => sum + (u - 0.5) * ((y[at] ?? 0) - 0.5), 0)) / x.length;
    // Five standard errors of plain sampling: 5 / sqrt(4096) = 0.078.
    expect(Math.abs(correlation(first[0], first[40]))).toBeLessThan(0.078);
    expect(Math.abs(correlation(first[1], first[41]))).toBeLessThan(0.078);
    expect(Math.abs(correlation(first[40], first[80]))).toBeLessThan(0.078);
    expect(correlation(second[0], second[0])).toBeCloseTo(1, 3);
  });

  it('the error of a smooth integral falls faster than that of plain sampling: at 4,096 points a tenth of it over twenty seeds', () => {
    const dimensions = 6;
    const points = 4096;
    // Integral of the product of 1 + (u - 1/2)/2 is 1; its variance is (1 + 1/48)^6 - 1.
    const errors = Array.from({ length: 20 }, (_, one) => {
      const columns = quasiRandomPoints(dimensions, 12, { seed: one, number: 0 });
      let sum = 0;
      for (let at = 0; at < points; at++) sum += columns.reduce((product, column) => product * (1 + ((column[at] ?? 0) - 0.5) / 2), 1);
      return sum / points - 1;
    });
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    const plain = Math.sqrt(((1 + 1 / 48) ** dimensions - 1) / points);
    expect(rms / plain).toBeLessThan(0.1);
  });
});
