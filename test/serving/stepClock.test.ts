import { describe, expect, it } from 'vitest';
import { latencies } from '../../src/serving/simulation/percentile.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { simulate } from '../../src/serving/simulation/simulate.ts';
import { stepClockOf } from '../../src/serving/stepClock.ts';
import type { LoadPoint } from '../../src/throughput/loadPoint.ts';
import type { Replica } from '../../src/throughput/replica.ts';
import { speedModel } from '../../src/throughput/speed.ts';
import { fleet, request } from '../support/fleets.ts';
import { replica, shipped } from '../support/speed.ts';

const knowledge = shipped();

/** Mean time per token where the next request begins when one ends; the first ones end early, so that prompts do not come together. */
function closedLoopTpot(of: Replica, load: LoadPoint, concurrency: number): number {
  const random = new Random(concurrency);
  const requests = Array.from({ length: 12 * concurrency }, (_, at) =>
    request(0, load.inputTokens, at < concurrency ? Math.ceil(random.uniform() * load.outputTokens) : load.outputTokens),
  );
  const clock = stepClockOf(of, load, knowledge, 512);
  const { batchTokens } = of;
  const simulation = simulate(
    fleet({ clock, maxSequences: concurrency, batchTokens, reuse: { kind: 'share', share: load.reuse } }),
    requests,
  );
  const { firstTokenMs, endMs } = simulation.records;
  const from = 2 * concurrency;
  const to = 11 * concurrency;
  let sum = 0;
  for (let at = from; at < to; at++) sum += ((endMs[at] as number) - (firstTokenMs[at] as number)) / (load.outputTokens - 1);
  expect(latencies(simulation, 'tpot').length).toBeGreaterThan(to - from);
  return sum / (to - from);
}

const LOADS: readonly [name: string, of: Replica, load: LoadPoint][] = [
  ['a measured curve', replica(), { inputTokens: 8192, outputTokens: 1024, reuse: 0 }],
  ['the model alone', replica({ gpu: 'b200-sxm' }), { inputTokens: 4000, outputTokens: 700, reuse: 0 }],
  ['the model with reuse', replica(), { inputTokens: 60_000, outputTokens: 500, reuse: 0.8 }],
];

describe.each(LOADS)('a closed loop by %s', (_, of, load) => {
  it.each([1, 4, 16, 48])('takes per token what the speed says at concurrency %i', (concurrency) => {
    const expected = speedModel(of, load, knowledge)(concurrency).tpotMs.value;
    const seen = closedLoopTpot(of, load, concurrency);
    expect(seen / expected).toBeGreaterThan(0.99);
    expect(seen / expected).toBeLessThan(1.01);
  });
});

describe('the clock', () => {
  const load = { inputTokens: 8192, outputTokens: 1024, reuse: 0 };
  const clock = stepClockOf(replica(), load, knowledge, 256);
  const batch = { decodeSequences: 16, contextTokens: 16 * 8704, prefillTokens: 0, prefillContextTokens: 0 };

  it('takes longer for more sequences, more context, more prompt tokens and what stands before them', () => {
    const base = clock.seconds(batch);
    expect(clock.seconds({ ...batch, decodeSequences: 17, contextTokens: 17 * 8704 })).toBeGreaterThan(base);
    expect(clock.seconds({ ...batch, contextTokens: 2 * batch.contextTokens })).toBeGreaterThan(base);
    const filled = clock.seconds({ ...batch, prefillTokens: 2000 });
    expect(filled).toBeGreaterThan(base);
    expect(clock.seconds({ ...batch, prefillTokens: 2000, prefillContextTokens: 100_000 })).toBeGreaterThan(filled);
  });

  it('refuses no sequences', () => {
    expect(() => stepClockOf(replica(), load, knowledge, 0)).toThrow('max-num-seqs');
  });
});
