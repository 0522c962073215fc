import { describe, expect, it } from 'vitest';
import { exactly } from '../../src/evidence/estimate.ts';
import { batchQueue } from '../../src/serving/batchQueue.ts';
import { meanWaitManyServers } from '../../src/serving/queueing/manyServers.ts';
import type { Speed } from '../../src/throughput/speed.ts';
import { speedModel } from '../../src/throughput/speed.ts';
import { replica, shipped } from '../support/speed.ts';

const OUTPUT = 50;
const load = { inputTokens: 100, outputTokens: OUTPUT, reuse: 0 };

/** Speeds of a replica that ends so many requests per second with n in it. */
function speeds(served: (n: number) => number, ttftMs: (n: number) => number, tpotMs: (n: number) => number) {
  return (n: number) =>
    ({ outputTokensPerSecond: exactly(OUTPUT * served(n)), ttftMs: exactly(ttftMs(n)), tpotMs: exactly(tpotMs(n)) }) as Speed;
}

describe('a replica as a queue', () => {
  it('that serves one at a time is M/M/1', () => {
    const queue = batchQueue(
      speeds(
        () => 2,
        () => 300,
        () => 4,
      ),
      load,
      1,
      1.5,
    );
    // mean wait 0.75 / (2 - 1.5) s before the 300 ms of its own; rho / (1 - rho) in the system
    expect(queue?.ttftMs).toBeCloseTo(1500 + 300, 9);
    expect(queue?.tpotMs).toBeCloseTo(4, 9);
    expect(queue?.inFlight).toBeCloseTo(3, 9);
  });

  it('whose sequences do not slow each other is M/M/c', () => {
    const servers = 5;
    const queue = batchQueue(
      speeds(
        (n) => n,
        () => 100,
        () => 20,
      ),
      load,
      servers,
      4,
    );
    const wait = meanWaitManyServers({ arrivalsPerSecond: 4, servedPerSecond: 1, servers });
    expect(queue?.ttftMs).toBeCloseTo(1000 * wait + 100, 9);
    expect(queue?.inFlight).toBeCloseTo(4 * (wait + 1), 9);
  });

  it('weighs waits by what an arrival meets, and times per token by what is in', () => {
    // M/M/2 with load 1 of 2: p = 1/3, 1/3, and 1/3 with both busy (1/6 + waiting 1/6)
    const queue = batchQueue(
      speeds(
        (n) => n,
        (n) => 100 * n,
        (n) => 10 * n,
      ),
      load,
      2,
      1,
    );
    const wait = 1000 * meanWaitManyServers({ arrivalsPerSecond: 1, servedPerSecond: 1, servers: 2 });
    expect(queue?.ttftMs).toBeCloseTo(wait + (1 / 3) * 100 + (1 / 3) * 200 + (1 / 3) * 200, 9);
    // of the sequences in service on average 1/3 are alone and 2/3 are with another
    expect(queue?.tpotMs).toBeCloseTo((1 / 3) * 10 + (2 / 3) * 20, 9);
  });

  it('has no mean where as many come as it serves', () => {
    const at = speeds(
      (n) => Math.min(n, 3),
      () => 1,
      () => 1,
    );
    expect(batchQueue(at, load, 8, 3)).toBeNull();
    expect(batchQueue(at, load, 8, 3.5)).toBeNull();
    expect(batchQueue(at, load, 8, 2.99)?.inFlight).toBeGreaterThan(8);
  });

  it('without load is a lone request, and waits no less with more', () => {
    const asked = { inputTokens: 8192, outputTokens: 512, reuse: 0.5 };
    const at = speedModel(replica(), asked, shipped());
    const lone = batchQueue(at, asked, 64, 1e-9);
    expect(lone?.ttftMs).toBeCloseTo(at(1).ttftMs.value, 3);
    expect(lone?.tpotMs).toBeCloseTo(at(1).tpotMs.value, 3);
    const most = at(64).outputTokensPerSecond.value / 512;
    const waits = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((share) => batchQueue(at, asked, 64, share * most)?.ttftMs ?? 0);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  });
});
