import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedCells } from '../../src/workload/joinedCells.ts';

const SUMS = { weight: (x: number) => x, distance: (a: number, b: number) => Math.abs(a - b), join: (a: number, b: number) => a + b };

describe('cells that are joined', () => {
  it('join the lightest with its nearest, the first of equals', () => {
    // 1 joins 2, the 3 stands where 2 stood; then 3 is the lightest of 3, 10, 12 and joins 10
    expect(joinedCells([1, 2, 10, 12], 3, SUMS)).toEqual([3, 10, 12]);
    expect(joinedCells([1, 2, 10, 12], 2, SUMS)).toEqual([13, 12]);
    expect(joinedCells([5, 4, 6, 4], 3, SUMS)).toEqual([5, 6, 8]);
  });

  it('are as they were where there are few enough', () => {
    const cells = [3, 1, 2];
    expect(joinedCells(cells, 3, SUMS)).toEqual([3, 1, 2]);
    expect(joinedCells([], 1, SUMS)).toEqual([]);
    joinedCells(cells, 1, SUMS);
    expect(cells).toEqual([3, 1, 2]);
  });

  it('keep their sum and are no more than asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (cells, most) => {
        const sum = (all: readonly number[]) => all.reduce((total, cell) => total + cell, 0);
        const joined = joinedCells(cells, most, SUMS);
        expect(joined).toHaveLength(Math.min(most, cells.length));
        expect(sum(joined)).toBe(sum(cells));
      }),
      { seed: 21 },
    );
  });
});
