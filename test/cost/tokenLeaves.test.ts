import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputTokensOf, leavesOf, requestLeaves } from '../../src/cost/tokenLeaves.ts';
import { Fault } from '../../src/faults/fault.ts';

const count = fc.integer({ min: 0, max: 1e9 });

describe('leavesOf', () => {
  it('takes what was read from and written to the cache out of the input that holds it', () => {
    const counts = { input: 100, cacheRead: 60, cacheWrite: 20, cacheWrite1h: 5, output: 10, thinking: 4, cached: 'inside' } as const;
    expect(leavesOf(counts, 'row 1')).toEqual({ uncached: 15, cacheRead: 60, cacheWrite: 20, cacheWrite1h: 5, output: 10, thinking: 4 });
  });

  it('adds it to the input beside which it is counted', () => {
    const counts = { input: 100, cacheRead: 600, cacheWrite: 20, output: 10, cached: 'beside' } as const;
    expect(leavesOf(counts, 'row 1')).toEqual({ uncached: 100, cacheRead: 600, cacheWrite: 20, cacheWrite1h: 0, output: 10, thinking: 0 });
  });

  it('leaves are disjoint: they sum to the input as counted', () => {
    fc.assert(
      fc.property(count, count, count, count, (uncached, cacheRead, cacheWrite, output) => {
        const inside = leavesOf({ input: uncached + cacheRead + cacheWrite, cacheRead, cacheWrite, output, cached: 'inside' }, 'row');
        const beside = leavesOf({ input: uncached, cacheRead, cacheWrite, output, cached: 'beside' }, 'row');
        expect(inside).toEqual(beside);
        expect(inputTokensOf(inside)).toBe(uncached + cacheRead + cacheWrite);
      }),
    );
  });

  it.each([
    ['more in the cache than came in', { input: 100, cacheRead: 60, cacheWrite: 41, output: 0, cached: 'inside' }, 'contradiction', 101],
    ['more thinking than output', { input: 0, output: 10, thinking: 11, cached: 'inside' }, 'contradiction', 11],
    ['a negative count', { input: 100, cacheRead: -5, output: 0, cached: 'inside' }, 'invalid', -5],
    ['no number', { input: Number.NaN, output: 0, cached: 'beside' }, 'invalid', Number.NaN],
  ] as const)('refuses %s, and clamps nothing', (_, counts, code, value) => {
    const refused = () => leavesOf(counts, 'usage.csv row 7');
    expect(refused).toThrow(Fault);
    expect(refused).toThrow(expect.objectContaining({ code, details: expect.objectContaining({ where: 'usage.csv row 7', value }) }));
  });
});

describe('requestLeaves', () => {
  it('splits a request of known lengths', () => {
    const leaves = requestLeaves(1000, 100, { reuse: 0.6, writeShare: 0.5, thinkingShare: 0.4 });
    expect(leaves).toEqual({ uncached: 200, cacheRead: 600, cacheWrite: 200, cacheWrite1h: 0, output: 100, thinking: 40 });
  });

  it('keeps all input tokens, whatever the shares', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(count, share, share, (input, reuse, writeShare) => {
        const leaves = requestLeaves(input, 1, { reuse, writeShare, thinkingShare: 0 });
        expect(Math.abs(inputTokensOf(leaves) - input)).toBeLessThanOrEqual(1e-9 * input);
      }),
    );
  });
});
