import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConversationReuse } from '../../../src/workload/reuse/conversationReuse.ts';
import { reuseAt, unlimitedReuse } from '../../../src/workload/reuse/prefixReuse.ts';
import { PrefixReuseTally } from '../../../src/workload/reuse/prefixReuseTally.ts';
import { RecencyStack } from '../../../src/workload/reuse/recencyStack.ts';
import { reuseCurve } from '../../../src/workload/reuse/reuseCurve.ts';

interface Call {
  readonly conversation: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

const call = fc.record({
  conversation: fc.nat(4),
  input: fc.integer({ min: 1, max: 60 }),
  output: fc.nat(12),
  cached: fc.nat(70),
});
const calls = fc.array(call, { minLength: 1, maxLength: 40 });

/** What a KV cache of so many tokens finds, contexts held one after the other, the last touched first. */
function simulated(all: readonly Call[], capacity: number): number {
  let stack: { conversation: number; tokens: number }[] = [];
  let found = 0;
  for (const { conversation, input, output, cached } of all) {
    const place = stack.findIndex((each) => each.conversation === conversation);
    if (place >= 0) {
      const since = stack.slice(0, place).reduce((sum, { tokens }) => sum + tokens, 0);
      const kept = Math.max(0, Math.min(stack[place]?.tokens ?? 0, capacity - since));
      found += Math.min(kept, input, cached);
    }
    stack = [{ conversation, tokens: input + output }, ...stack.filter((each) => each.conversation !== conversation)];
  }
  return found;
}

function counted(all: readonly Call[], step: number) {
  const reuse = new ConversationReuse(step);
  for (const { conversation, input, output, cached } of all) reuse.add(conversation, input, output, cached);
  return reuse;
}

describe('reuse of conversations', () => {
  it('is what a simulated LRU of contexts finds, at every whole step', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 16 }), (all, step) => {
        const { foundTokens } = counted(all, step).result();
        for (const [size, tokens] of foundTokens.entries()) expect(tokens).toBeCloseTo(simulated(all, size * step), 9);
      }),
      { numRuns: 300 },
    );
  });

  it('ends at what nothing pushed out would leave, and never falls', () => {
    fc.assert(
      fc.property(calls, (all) => {
        const reuse = counted(all, 8);
        const result = reuse.result();
        expect(result.foundTokens.at(-1)).toBeCloseTo(reuse.foundTokens, 9);
        expect(reuse.foundTokens).toBe(simulated(all, Number.POSITIVE_INFINITY));
        const shares = reuseCurve(result).map(({ reuse: share }) => share);
        expect(shares).toEqual([...shares].sort((a, b) => a - b));
        expect(shares.at(-1)).toBeCloseTo(unlimitedReuse(result), 12);
      }),
    );
  });

  it('is that of blocks of one token where each call repeats the whole context', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ conversation: fc.nat(3), more: fc.integer({ min: 0, max: 9 }) }), { maxLength: 30 }), (turns) => {
        const lengths = new Map<number, number>();
        const reuse = new ConversationReuse(1);
        const blocks = new PrefixReuseTally(1);
        for (const { conversation, more } of turns) {
          const length = (lengths.get(conversation) ?? 1) + more;
          lengths.set(conversation, length);
          reuse.add(conversation, length, 0);
          blocks.add(
            Array.from({ length }, (_, at) => conversation * 1000 + at),
            length,
          );
        }
        const found = reuse.result();
        for (let size = 0; turns.length > 0 && size < 400; size += 7) expect(reuseAt(found, size)).toBe(reuseAt(blocks.result(), size));
      }),
    );
  });

  it('halves where the same calls of other conversations come between, at the same size for each', () => {
    const alone = counted(
      Array.from({ length: 10 }, () => ({ conversation: 1, input: 64, output: 0, cached: 64 })),
      64,
    ).result();
    const two = counted(
      Array.from({ length: 20 }, (_, at) => ({ conversation: at % 2, input: 64, output: 0, cached: 64 })),
      64,
    ).result();
    expect(reuseAt(alone, 64)).toBe(0.9);
    expect(reuseAt(two, 64)).toBe(0);
    expect(reuseAt(two, 128)).toBe(0.9);
  });
});

describe('blocks request by request', () => {
  const requests = fc.array(fc.array(fc.nat(40), { maxLength: 10 }), { minLength: 1, maxLength: 400 });

  it('are exact up to the size that is told apart, however many come', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 12 }), (all, most) => {
        const [bounded, whole] = [new PrefixReuseTally(16, most), new PrefixReuseTally(16, Number.POSITIVE_INFINITY)];
        for (const blocks of [...all, [1]]) {
          const [less, more] = [bounded.add(blocks, 16 * blocks.length), whole.add(blocks, 16 * blocks.length)];
          expect(less).toBeLessThanOrEqual(more);
        }
        for (let size = 0; size <= most; size++) expect(reuseAt(bounded.result(), 16 * size)).toBe(reuseAt(whole.result(), 16 * size));
      }),
      { numRuns: 60 },
    );
  });

  it('forget what was not touched for longest, and say so', () => {
    const tally = new PrefixReuseTally(16, 100);
    for (let block = 0; block < 20_000; block++) tally.add([block], 16);
    expect(tally.isFull).toBe(true);
    expect(tally.add([19_950], 16)).toBe(16);
    expect(tally.add([3], 16)).toBe(0);
  });

  it('find nothing of what came before the KV cache was emptied', () => {
    const tally = new PrefixReuseTally(16);
    tally.add([1, 2], 32);
    tally.clear();
    expect(tally.add([1, 2], 32)).toBe(0);
    expect(tally.add([1, 2], 32)).toBe(32);
    expect(tally.result()).toMatchObject({ totalBlocks: 6, inputTokens: 96 });
  });
});

describe('the order of last touches', () => {
  it('has the depths of a plain list, whatever the weights and however often it is moved together', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(50)), { minLength: 2000, maxLength: 4000 }), (touches) => {
        const stack = new RecencyStack();
        let list: (readonly [number, number])[] = [];
        for (const [index, touch] of touches.entries()) {
          const [id] = touch;
          const place = list.findIndex(([each]) => each === id);
          if (index % 50 === 0)
            expect(stack.depth(id)).toBe(
              place < 0 ? Number.POSITIVE_INFINITY : list.slice(0, place + 1).reduce((sum, [, weight]) => sum + weight, 0),
            );
          stack.touch(...touch);
          list = [touch, ...list.filter(([each]) => each !== id)];
          expect(stack.weight(id)).toBe(touch[1]);
        }
        expect(stack.size).toBe(list.length);
      }),
      { numRuns: 10 },
    );
  });
});
