import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import { fleet, request, straightClock } from '../../support/fleets.ts';

const clock = straightClock({ fixed: 0.01 });
const reuse = { kind: 'conversation', blockTokens: 4 } as const;
const affinity = { kind: 'affinity', overloadTokens: 1e9, leastShare: 0.5 } as const;
const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(6)));

describe('requests of one conversation take turns', () => {
  const OVERLAP = [
    request(0, 4, 5, { conversation: 'a' }), // 0-50
    request(20, 9, 2, { conversation: 'a' }), // while the first runs
    request(20, 4, 2, { conversation: 'b' }), // 20-40
  ];

  it('the next comes when the last was answered, and finds it; others come when they come', () => {
    const { records } = simulate(fleet({ clock, reuse }), OVERLAP);
    expect(rounded(records.arrivalMs)).toEqual([0, 50, 20]);
    expect(rounded(records.firstTokenMs)).toEqual([10, 60, 30]);
    expect(rounded(records.endMs)).toEqual([50, 70, 40]);
    expect([...records.reusedTokens]).toEqual([0, 8, 0]);
  });

  it('several wait in their order', () => {
    const { records } = simulate(
      fleet({ clock, reuse }),
      [0, 1, 2, 3].map((atMs) => request(atMs, 4 + atMs, 2, { conversation: 'a' })),
    );
    expect(rounded(records.arrivalMs)).toEqual([0, 20, 40, 60]);
    expect(rounded(records.endMs)).toEqual([20, 40, 60, 80]);
  });

  it('only where conversations find their prefix and say whose they are', () => {
    const times = (kind: 'none' | 'conversation', named: boolean) => {
      const requests = OVERLAP.map((each) => (named ? each : { ...each, conversation: null }));
      return rounded(simulate(fleet({ clock, reuse: kind === 'none' ? { kind } : reuse }), requests).records.arrivalMs);
    };
    expect(times('none', true)).toEqual([0, 20, 20]);
    expect(times('conversation', false)).toEqual([0, 20, 20]);
  });

  it('one that no replica can hold does not stop the next', () => {
    const { records, refused } = simulate(fleet({ clock, reuse, kvTokens: 12 }), [
      request(0, 4, 5, { conversation: 'a' }),
      request(10, 40, 1, { conversation: 'a' }),
      request(20, 5, 1, { conversation: 'a' }),
    ]);
    expect(refused).toBe(1);
    expect(rounded(records.endMs)).toEqual([50, Number.NaN, 60]);
  });

  it('after a failure the first begins anew, and the next still waits for it', () => {
    const failures = [{ replica: 0, atMs: 25, backAfterMs: 75 }];
    const alone = simulate(fleet({ clock, reuse, failures }), OVERLAP);
    expect(rounded(alone.records.endMs)).toEqual([150, 170, 120]);
    expect(rounded(alone.records.arrivalMs)).toEqual([0, 150, 20]);
    // with another replica at once there, from the step that ends at 30
    const two = simulate(fleet({ clock, reuse, failures, replicas: 2, routing: affinity }), OVERLAP);
    expect(rounded(two.records.endMs).every((endMs) => endMs < 110)).toBe(true);
    expect([...two.records.replica]).toEqual([1, 1, 1]);
    expect(two.records.arrivalMs[1]).toBe(two.records.endMs[0]);
  });

  it('none is lost, none overlaps and each finds its like, whatever fails', () => {
    const traffic = fc
      .array(
        fc.record({
          gap: fc.integer({ min: 0, max: 40 }),
          conversation: fc.integer({ min: 0, max: 3 }),
          input: fc.integer({ min: 1, max: 40 }),
        }),
        {
          minLength: 1,
          maxLength: 50,
        },
      )
      .map((drawn) => {
        let atMs = 0;
        return drawn.map(({ gap, conversation, input }) => {
          atMs += gap;
          return request(atMs, input, 1 + (input % 9), { conversation: `${conversation}` });
        });
      });
    const failing = fc.array(
      fc.record({ replica: fc.constantFrom(0, 1), atMs: fc.integer({ min: 0, max: 900 }), backAfterMs: fc.integer({ min: 0, max: 300 }) }),
      {
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(traffic, failing, (requests, failures) => {
        const { records, refused } = simulate(
          fleet({ clock, reuse, failures, replicas: 2, routing: affinity, kvTokens: 80, maxSequences: 3 }),
          requests,
        );
        expect(refused).toBe(0);
        const ended = new Map<string, number>();
        for (const [at, { conversation, atMs }] of requests.entries()) {
          const key = conversation ?? '';
          const cameMs = records.arrivalMs[at] as number;
          expect(cameMs).toBe(Math.max(atMs, ended.get(key) ?? 0));
          expect(records.endMs[at]).toBeGreaterThan(cameMs);
          ended.set(key, records.endMs[at] as number);
        }
      }),
      { numRuns: 200, seed: 33 },
    );
  });
});

describe('conversations that are open at the start', () => {
  const open = [
    { conversation: 'a', inputTokens: 8, tokens: 10 },
    { conversation: 'b', inputTokens: 8, tokens: 11 },
    { conversation: 'c', inputTokens: 8, tokens: 9 },
  ];
  const asked = (...names: string[]) => names.map((conversation, at) => request(1000 * at, 20, 1, { conversation }));

  it('lie on each replica in turn, where their next request goes and finds whole blocks', () => {
    const { records } = simulate(fleet({ clock, reuse, replicas: 2, routing: affinity, kvTokens: 100 }), asked('b', 'a', 'c', 'd'), open);
    expect([...records.replica].slice(0, 3)).toEqual([1, 0, 0]);
    expect([...records.reusedTokens]).toEqual([8, 8, 8, 0]);
  });

  it('make room from the one of longest ago', () => {
    const found = (...names: string[]) => [...simulate(fleet({ clock, reuse, kvTokens: 20 }), asked(...names), open).records.reusedTokens];
    // 24 tokens do not fit into 20: one block of a is gone
    expect(found('c')).toEqual([8]);
    expect(found('a')).toEqual([4]);
    expect(found('c', 'b')).toEqual([8, 0]);
    expect([...simulate(fleet({ clock, reuse, kvTokens: 34 }), asked('c', 'b', 'a'), open).records.reusedTokens]).toEqual([8, 8, 0]);
  });

  it('are nothing where conversations find nothing', () => {
    const { records } = simulate(fleet({ clock, reuse: { kind: 'none' } }), asked('a'), open);
    expect(records.reusedTokens[0]).toBe(0);
  });
});

describe('an open conversation that is rewritten at once', () => {
  it('finds nothing, as when its last request was played', () => {
    const asked = [request(0, 20, 1, { conversation: 'a' })];
    const open = [{ conversation: 'a', inputTokens: 200, tokens: 210 }];
    const found = (before: typeof open) => simulate(fleet({ clock, reuse, kvTokens: 1000 }), asked, before).records.reusedTokens[0];
    expect(found(open)).toBe(0);
    expect(found([{ conversation: 'a', inputTokens: 16, tokens: 17 }])).toBe(16);
  });
});
