import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LengthTally, lengthBinEdges } from '../../src/workload/lengthTally.ts';

describe('edges of the bins of lengths', () => {
  const edges = lengthBinEdges();

  it('part lengths as the tally does, at each edge and beside it', () => {
    for (const edge of edges.slice(1)) {
      const tally = new LengthTally();
      tally.add(edge - 1, 5);
      tally.add(edge, 5);
      expect(tally.cells().length, String(edge)).toBe(2);
    }
  });

  it('leave no other edge between them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }), (a, b) => {
        const tally = new LengthTally();
        tally.add(a, 5);
        tally.add(b, 5);
        const binOf = (tokens: number) => edges.filter((edge) => edge <= tokens).length;
        expect(tally.cells().length).toBe(binOf(a) === binOf(b) ? 1 : 2);
      }),
    );
  });

  it('hold sums that were counted elsewhere, without loss', () => {
    const [one, other] = [new LengthTally(), new LengthTally()];
    for (const [input, output] of [
      [100, 7],
      [101, 7],
      [107, 7],
    ] as const)
      one.add(input, output);
    other.addBin(308, 21, 3);
    expect(other.cells()).toEqual(one.cells());
    expect(() => other.addBin(5e9, 1, 1)).toThrow(/inputTokens: number out of range/);
  });
});
