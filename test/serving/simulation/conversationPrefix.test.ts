import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KvPool } from '../../../src/serving/simulation/kvPool.ts';
import { admit, publish, release } from '../../../src/serving/simulation/prefix.ts';
import { type Sequence, sequenceOf } from '../../../src/serving/simulation/sequence.ts';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import { fleet, request } from '../../support/fleets.ts';

const BLOCK = 4;
const REUSE = { kind: 'conversation', blockTokens: BLOCK } as const;

interface Turn {
  readonly conversation: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A KV cache as a list of blocks that nobody uses, the one that goes first at its front: an engine that frees the last block first. */
class BlockList {
  private free: { readonly key: string; readonly at: number }[] = [];
  private readonly last = new Map<number, { version: number; input: number }>();
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Plays one request alone; returns what it finds. */
  serve({ conversation, inputTokens, outputTokens }: Turn): number {
    const before = this.last.get(conversation) ?? { version: 0, input: 0 };
    const version = before.version + (inputTokens < before.input ? 1 : 0);
    this.last.set(conversation, { version, input: inputTokens });
    const key = `${conversation}.${version}`;
    const whole = Math.floor(inputTokens / BLOCK);
    const has = (at: number) => this.free.some((block) => block.key === key && block.at === at);
    let found = 0;
    while (found < whole && has(found)) found++;
    this.free = this.free.filter((block) => block.key !== key);
    const tokens = inputTokens + outputTokens - 1;
    while (this.free.length * BLOCK + tokens > this.capacity && this.free.length > 0) this.free.shift();
    for (let at = Math.floor(tokens / BLOCK) - 1; at >= 0; at--) this.free.push({ key, at });
    return Math.min(found * BLOCK, inputTokens - 1);
  }
}

/** Conversations that take turns, grow by less or more than the answer, and are rewritten at times. */
const turns = fc
  .array(
    fc.record({
      conversation: fc.integer({ min: 0, max: 4 }),
      growth: fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 0, max: 25 }) },
        { weight: 1, arbitrary: fc.integer({ min: -40, max: -1 }) },
      ),
      outputTokens: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((drawn) => {
    const inputs = new Map<number, number>();
    return drawn.map(({ conversation, growth, outputTokens }): Turn => {
      const grown = (inputs.get(conversation) ?? 5) + growth;
      const inputTokens = Math.min(70, Math.max(1, grown));
      inputs.set(conversation, inputTokens);
      return { conversation, inputTokens, outputTokens };
    });
  });

const sequence = (conversation: number, inputTokens: number): Sequence =>
  sequenceOf(0, request(0, inputTokens, 1, { conversation: 'x' }), conversation, false);

describe('conversations in a KV cache', () => {
  it('find what a list of blocks keeps that lets go the one of longest ago first, and of a conversation the last', () => {
    const seen = { whole: 0, part: 0, none: 0 };
    fc.assert(
      fc.property(turns, fc.integer({ min: 82, max: 250 }), (asked, kvTokens) => {
        const { records, kvPeakTokens } = simulate(
          fleet({ kvTokens, reuse: REUSE }),
          asked.map(({ conversation, inputTokens, outputTokens }, at) =>
            request(1000 * at, inputTokens, outputTokens, { conversation: `${conversation}` }),
          ),
        );
        const list = new BlockList(kvTokens);
        const expected = asked.map((turn) => list.serve(turn));
        expect([...records.reusedTokens]).toEqual(expected);
        expect(kvPeakTokens).toBeLessThanOrEqual(kvTokens);
        for (const [at, { inputTokens }] of asked.entries()) {
          const found = expected[at] ?? 0;
          seen[found === 0 ? 'none' : found >= inputTokens - 13 ? 'whole' : 'part']++;
        }
      }),
      { numRuns: 400, seed: 31 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
  });

  it('make room from the end of the one that was used longest ago', () => {
    const pool = new KvPool(20, BLOCK);
    pool.keep(1, 8);
    pool.keep(2, 12);
    const third = sequence(3, 5);
    expect(admit(pool, third, REUSE, 0)).toBe(true);
    // 5 tokens are lacking: both blocks of the first go, though one of them is half needed
    expect([pool.find(1), pool.tokensAt(pool.find(2)), pool.held, pool.unused]).toEqual([-1, 12, 5, 12]);
    const fourth = sequence(4, 4);
    expect(admit(pool, fourth, REUSE, 0)).toBe(true);
    expect([pool.tokensAt(pool.find(2)), pool.held, pool.unused]).toEqual([8, 9, 8]);
    expect(admit(pool, sequence(5, 12), REUSE, 0)).toBe(false);
    expect([pool.held, pool.unused]).toEqual([9, 8]);
  });

  it('keep one copy of what two requests of one computed at the same time', () => {
    const pool = new KvPool(100, BLOCK);
    const [one, two] = [sequence(7, 10), sequence(7, 18)];
    expect([one, two].map((each) => admit(pool, each, REUSE, 0))).toEqual([true, true]);
    expect(pool.held).toBe(28);
    publish(pool, one, 10, REUSE);
    expect([pool.held, pool.tokensAt(pool.find(7))]).toEqual([28, 8]);
    publish(pool, two, 18, REUSE); // 8 of its 16 are there
    expect([pool.held, pool.tokensAt(pool.find(7))]).toEqual([20, 16]);
    release(pool, two);
    expect([pool.held, pool.unused]).toEqual([18, 0]);
    release(pool, one);
    expect([pool.held, pool.unused, pool.free]).toEqual([0, 16, 100]);
  });

  it('hold no more than a prompt where the answer before it is not in it', () => {
    const pool = new KvPool(40, BLOCK);
    pool.keep(1, 24);
    const short = sequence(1, 14);
    expect(admit(pool, short, REUSE, 0)).toBe(true);
    expect([short.reusedTokens, short.ownTokens, pool.held, pool.unused]).toEqual([12, 2, 14, 0]);
    release(pool, short);
    expect([pool.held, pool.unused]).toEqual([0, 12]);
  });

  it('never overfill it, never hold less than nothing, and give all back', () => {
    const steps = fc.array(
      fc.record({
        conversation: fc.integer({ min: 0, max: 3 }),
        inputTokens: fc.integer({ min: 1, max: 30 }),
        growth: fc.integer({ min: 0, max: 10 }),
        ends: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 30, max: 120 }), (drawn, capacity) => {
        const pool = new KvPool(capacity, BLOCK);
        const running: Sequence[] = [];
        const check = () => {
          expect(pool.held + pool.unused).toBeLessThanOrEqual(capacity);
          expect(Math.min(pool.held, pool.unused, pool.free)).toBeGreaterThanOrEqual(0);
        };
        const end = (growth: number) => {
          const first = running.shift();
          if (!first) return;
          const grown = Math.min(growth, pool.free);
          pool.take(grown);
          first.ownTokens += grown;
          check();
          publish(pool, first, first.promptTokens + grown, REUSE);
          release(pool, first);
        };
        for (const { conversation, inputTokens, growth, ends } of drawn) {
          const next = sequence(conversation, inputTokens);
          if (admit(pool, next, REUSE, 0)) {
            check();
            expect(next.reusedTokens).toBeLessThan(inputTokens);
            publish(pool, next, inputTokens, REUSE);
            running.push(next);
          }
          if (ends) end(growth);
          check();
        }
        while (running.length > 0) end(3);
        check();
        expect(pool.held).toBe(0);
      }),
      { numRuns: 500, seed: 32 },
    );
  });
});
