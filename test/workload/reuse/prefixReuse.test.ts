import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixReuse, reuseAt, unlimitedReuse } from '../../../src/workload/reuse/prefixReuse.ts';
import { reuseCurve } from '../../../src/workload/reuse/reuseCurve.ts';
import type { TrafficRequest } from '../../../src/workload/traffic.ts';
import { ask } from '../../support/traffic.ts';

/** What one LRU cache of so many blocks finds, simulated block by block. */
function simulated(requests: readonly TrafficRequest[], blockTokens: number, capacity: number): number {
  const cache = new Set<number>();
  let found = 0;
  for (const { blocks, inputTokens } of requests) {
    const missing = (blocks ?? []).findIndex((block) => !cache.has(block));
    const run = missing < 0 ? (blocks ?? []).length : missing;
    found += Math.min(run * blockTokens, inputTokens);
    for (const block of [...(blocks ?? [])].reverse()) {
      cache.delete(block);
      cache.add(block);
      if (cache.size > capacity) for (const oldest of [...cache].slice(0, cache.size - capacity)) cache.delete(oldest);
    }
  }
  return found;
}

const BLOCK = 64;
const request = fc
  .record({
    blocks: fc.option(fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 12 })),
    short: fc.integer({ min: 0, max: 2 * BLOCK }),
  })
  .map(({ blocks, short }) => ask(blocks, Math.max(1, (blocks?.length ?? 1) * BLOCK - short)));
const traffic = fc
  .array(request, { minLength: 1, maxLength: 40 })
  .filter((requests) => requests.some(({ blocks }) => (blocks ?? []).length > 0));

describe('prefix reuse of every capacity', () => {
  it('is what a simulated LRU of that many blocks finds', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const reuse = prefixReuse(requests, BLOCK);
        for (let size = 0; size < reuse.foundTokens.length; size += 1)
          expect(reuse.foundTokens[size]).toBe(simulated(requests, BLOCK, size));
      }),
      { numRuns: 300 },
    );
  });

  it('counts each block, and each different one', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const all = requests.flatMap(({ blocks }) => blocks ?? []);
        expect(prefixReuse(requests, BLOCK)).toMatchObject({ totalBlocks: all.length, uniqueBlocks: new Set(all).size });
      }),
    );
  });

  it('never falls with the tokens and ends at the unlimited share', () => {
    fc.assert(
      fc.property(traffic, fc.nat(2000), fc.nat(2000), (requests, tokens, more) => {
        const reuse = prefixReuse(requests, BLOCK);
        expect(reuseAt(reuse, tokens)).toBeLessThanOrEqual(reuseAt(reuse, tokens + more));
        expect(reuseAt(reuse, 26 * BLOCK)).toBe(unlimitedReuse(reuse));
        expect(unlimitedReuse(reuse)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps the beginning of a request that is longer than the KV cache', () => {
    const reuse = prefixReuse([ask([1, 2, 3]), ask([1, 2, 3])], 512);
    expect([...reuse.foundTokens]).toEqual([0, 512, 1024, 1536]);
  });

  it('stops at the first block that is missing', () => {
    expect([...prefixReuse([ask([1, 2]), ask([9, 2])], 512).foundTokens]).toEqual([0, 0, 0, 0]);
  });

  it('refuses traffic without blocks and blocks without tokens', () => {
    expect(() => prefixReuse([ask(null, 512)], 512)).toThrow('no prefix blocks');
    expect(() => prefixReuse([], 512)).toThrow('no prefix blocks');
    for (const tokens of [0, 1.5, -1, Number.NaN]) expect(() => prefixReuse([ask([1])], tokens)).toThrow('block tokens');
    for (const tokens of [-1, Number.NaN]) expect(() => reuseAt(prefixReuse([ask([1])], 512), tokens)).toThrow('not a number of tokens');
  });
});

describe('the reduced curve', () => {
  it('is within half a point of the exact one at every whole number of blocks, and exact at its points', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const reuse = prefixReuse(requests, BLOCK);
        const curve = reuseCurve(reuse);
        for (const point of curve) expect(reuseAt(reuse, point.kvTokens)).toBe(point.reuse);
        for (let size = 1; size < reuse.foundTokens.length; size += 1)
          expect(Math.abs(lineAt(curve, size * BLOCK) - reuseAt(reuse, size * BLOCK))).toBeLessThanOrEqual(0.005 + 1e-12);
      }),
    );
  });
});

function lineAt(curve: ReturnType<typeof reuseCurve>, tokens: number): number {
  const above = curve.find(({ kvTokens }) => kvTokens >= tokens);
  const below = curve.findLast(({ kvTokens }) => kvTokens <= tokens);
  if (!above || !below || above === below) return (above ?? below)?.reuse ?? 0;
  return below.reuse + ((above.reuse - below.reuse) * Math.log(tokens / below.kvTokens)) / Math.log(above.kvTokens / below.kvTokens);
}
