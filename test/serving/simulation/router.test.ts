import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../../src/serving/simulation/eventHeap.ts';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import { fleet, request, straightClock } from '../../support/fleets.ts';

const clock = straightClock({ fixed: 0.01 });

describe('routing', () => {
  it('sends each in turn, or to the least loaded', () => {
    const requests = [request(0, 100, 100), request(1, 1, 1), request(2, 1, 1), request(3, 1, 1)];
    const replicas = (routing: 'round-robin' | 'least-loaded') => [
      ...simulate(fleet({ clock, replicas: 2, routing: { kind: routing } }), requests).records.replica,
    ];
    expect(replicas('round-robin')).toEqual([0, 1, 0, 1]);
    expect(replicas('least-loaded')).toEqual([0, 1, 1, 1]);
  });

  it('follows conversations and blocks until their replica has too much', () => {
    const routing = { kind: 'affinity', overloadTokens: 50, leastShare: 0.5 } as const;
    const { records } = simulate(fleet({ clock, replicas: 2, routing }), [
      request(0, 20, 5, { conversation: 'a' }), // to the first
      request(1, 10, 5, { conversation: 'b' }), // to the second
      request(2, 20, 5, { conversation: 'a' }), // stays, though more is on it
      request(3, 20, 5, { conversation: 'a' }), // stays: 50 against 15
      request(4, 20, 5, { conversation: 'a' }), // 75 against 15: moves
      request(1000, 40, 5, { blocks: [1, 2] }), // to the first
      request(2000, 40, 100, { blocks: [1, 2, 7, 8] }), // follows the half of it
      request(2001, 40, 5, { blocks: [1, 5] }), // half is known to the first, which has too much
      request(9000, 40, 5, { blocks: [1, 5] }), // known to the second by now
      request(9001, 40, 5, { blocks: [1, 3, 4] }), // a third is too little: the first
    ]);
    expect([...records.replica]).toEqual([0, 1, 0, 0, 1, 0, 0, 1, 1, 0]);
  });
});

describe('a calm fleet', () => {
  it.each([{ kind: 'least-loaded' } as const, { kind: 'affinity', overloadTokens: 1e9, leastShare: 0.5 } as const])(
    'spreads new conversations over all its replicas by $kind',
    (routing) => {
      const asked = Array.from({ length: 7 }, (_, at) => request(1000 * at, 5, 1, { conversation: `${at}` }));
      const { records } = simulate(fleet({ clock, replicas: 3, routing }), asked);
      expect([...records.replica]).toEqual([0, 1, 2, 0, 1, 2, 0]);
      const failures = [{ replica: 1, atMs: 0, backAfterMs: 3500 }];
      const failed = simulate(fleet({ clock, replicas: 3, routing, failures }), asked);
      expect([...failed.records.replica]).toEqual([0, 2, 0, 2, 0, 1, 2]);
    },
  );
});

describe('failure of a replica', () => {
  it('restarts its requests elsewhere, and loses none', () => {
    const failures = [{ replica: 0, atMs: 25, backAfterMs: 100 }];
    const { records, restarts, recomputedTokens } = simulate(fleet({ clock, replicas: 2, failures }), [
      request(0, 7, 5),
      request(0, 7, 5),
      request(60, 7, 1),
      request(130, 7, 1),
    ]);
    // the first has two tokens at 25 ms; its prompt runs again on the other from 30 ms and ends four steps later
    expect([...records.endMs].map(Math.round)).toEqual([80, 50, 70, 140]);
    expect([...records.replica]).toEqual([1, 1, 1, 0]);
    expect([restarts, recomputedTokens]).toEqual([1, 7]);
    expect(Math.round(records.firstTokenMs[0] as number)).toBe(40);
  });

  it('waits for the return where no other replica is up', () => {
    const { records, restarts } = simulate(fleet({ clock, failures: [{ replica: 0, atMs: 15, backAfterMs: 85 }] }), [
      request(0, 7, 5),
      request(50, 7, 1),
    ]);
    expect([...records.endMs].map(Math.round)).toEqual([150, 110]);
    expect(restarts).toBe(1);
  });
});

describe('the heap of events', () => {
  it('gives the earliest first, of equal times the first pushed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 300 }), (times) => {
        const heap = new EventHeap();
        for (const [at, time] of times.entries()) heap.push(time, at);
        const expected = times.map((time, at) => [time, at] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        for (const [time, at] of expected) {
          expect(heap.nextTime).toBe(time);
          expect(heap.pop()).toBe(at);
        }
        expect(heap.pop()).toBe(-1);
        expect(heap.nextTime).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});
