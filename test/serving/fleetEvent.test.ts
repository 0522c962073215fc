import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burst } from '../../src/serving/fleetEvent.ts';
import { request } from '../support/fleets.ts';

const timesOf = (times: readonly number[], event: Parameters<typeof burst>[1]) =>
  burst(
    times.map((atMs) => request(atMs, 1, 1)),
    event,
  ).map(({ atMs }) => atMs);

describe('a burst', () => {
  it('brings the requests of a longer time within its own, and the later ones earlier', () => {
    const event = { fromMs: 100, forMs: 50, factor: 3 };
    // those of 100 to 250 come within 100 to 150, those after 250 by 100 earlier
    expect(timesOf([0, 100, 130, 220, 250, 251, 400], event)).toEqual([0, 100, 110, 140, 150, 151, 300]);
  });

  it('of a factor below 1 is a lull', () => {
    expect(timesOf([0, 10, 20, 30], { fromMs: 0, forMs: 40, factor: 0.5 })).toEqual([0, 20, 40, 50]);
  });

  it('of factor 1 changes nothing; of any keeps all requests, their order and what is before it', () => {
    const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 50 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (all, fromMs, forMs, factor) => {
          expect(timesOf(all, { fromMs, forMs, factor: 1 })).toEqual(all);
          const requests = all.map((atMs, at) => request(atMs, 1 + at, 2, { conversation: `${at}` }));
          const moved = burst(requests, { fromMs, forMs, factor });
          expect(moved.map((each) => ({ ...each, atMs: 0 }))).toEqual(requests.map((each) => ({ ...each, atMs: 0 })));
          for (const [at, { atMs }] of moved.entries()) {
            expect(atMs).toBeGreaterThanOrEqual((moved[at - 1]?.atMs ?? 0) - 1e-6);
            const was = all[at] as number;
            if (was <= fromMs) expect(atMs).toBe(was);
            else if (was >= fromMs + factor * forMs) expect(atMs).toBeCloseTo(was - (factor - 1) * forMs, 6);
            else expect(atMs <= fromMs + forMs + 1e-6).toBe(true);
          }
        },
      ),
      { seed: 41 },
    );
  });
});
