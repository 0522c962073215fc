import { describe, expect, it } from 'vitest';
import { birthDeath } from '../../../src/serving/queueing/birthDeath.ts';
import { meanWaitManyServers, waitPercentileManyServers } from '../../../src/serving/queueing/manyServers.ts';
import { meanWaitOneServer } from '../../../src/serving/queueing/oneServer.ts';
import { generate } from '../../../src/serving/simulation/arrivals.ts';
import type { FleetSettings } from '../../../src/serving/simulation/fleetSettings.ts';
import { type Interval, type Latency, latencies, percentileOf, replicationInterval } from '../../../src/serving/simulation/percentile.ts';
import { Random } from '../../../src/serving/simulation/random.ts';
import { type Simulation, simulate } from '../../../src/serving/simulation/simulate.ts';
import type { TrafficRequest } from '../../../src/workload/traffic.ts';
import { fleet, straightClock } from '../../support/fleets.ts';

/** A right simulator leaves an interval of 99.9 % once in a thousand comparisons; the seeds are fixed, so it is always the same draw. */
const CONFIDENCE = 0.999;
const REPLICATIONS = 25;
const WARM_UP_MS = 200_000;
const SECONDS = 15_000;

type Sized = (random: Random) => Pick<TrafficRequest, 'inputTokens' | 'outputTokens'>;

/** Runs with Poisson arrivals and drawn sizes, a seed each. */
function runs(settings: Partial<FleetSettings>, perSecond: number, sized: Sized, seconds = SECONDS): Simulation[] {
  return Array.from({ length: REPLICATIONS }, (_, seed) => {
    const random = new Random(1000 + seed);
    const arrivals = { requestsPerSecond: perSecond, gapCv: 1, hours: null };
    const requests = generate(arrivals, [{ share: 1, inputTokens: 1, outputTokens: 1 }], { seed, seconds });
    return simulate(
      fleet({ warmUpMs: WARM_UP_MS, ...settings }),
      requests.map((request) => ({ ...request, ...sized(random) })),
    );
  });
}

function meanOf(simulations: readonly Simulation[], latency: Latency): Interval {
  const means = simulations.map((simulation) => {
    const values = latencies(simulation, latency);
    return values.reduce((sum, value) => sum + value, 0) / values.length / 1000;
  });
  return replicationInterval(means, CONFIDENCE);
}

function holds({ low, high }: Interval, value: number): boolean {
  return low <= value && value <= high;
}

/** One sequence at a time, a microsecond for each prompt token: the size is the service time, one second on average. */
const ONE_SERVER = { maxSequences: 1, clock: straightClock({ prefill: 1e-6 }) };
const prompt =
  (draw: (random: Random) => number): Sized =>
  (random) => ({ inputTokens: Math.max(1, Math.round(1e6 * draw(random))), outputTokens: 1 });

describe('a replica that serves one prompt after the other is M/G/1', () => {
  it.each([
    ['M/M/1', 1, 0.7, (random: Random) => random.exponential()],
    ['M/D/1', 0, 0.8, () => 1],
    ['M/G/1, Gamma of CV 2', 2, 0.5, (random: Random) => random.gamma(0.25) / 0.25],
  ])('%s', (_, serviceCv, perSecond, draw) => {
    const wait = meanOf(runs(ONE_SERVER, perSecond, prompt(draw)), 'queueWait');
    const expected = (rate: number) => meanWaitOneServer({ arrivalsPerSecond: rate, meanServiceSeconds: 1, serviceCv });
    expect(wait).toSatisfy((interval: Interval) => holds(interval, expected(perSecond)));
    expect(holds(wait, expected(perSecond * 1.08))).toBe(false);
    expect(holds(wait, expected(perSecond / 1.08))).toBe(false);
  });
});

const STEP = 0.0025;
/** Every step ends a sequence with the same chance, so that its time is exponential but for the steps: one second on average. */
const memoryless: Sized = (random) => ({
  inputTokens: 1,
  outputTokens: Math.ceil(random.exponential() / -Math.log1p(-STEP)),
});

describe('a batch of sequences that end by chance', () => {
  const servers = 5;
  const simulated = runs({ maxSequences: servers, clock: straightClock({ fixed: STEP }) }, 4, memoryless, 4000);

  it('is M/M/c where a step takes the same time whatever it carries', () => {
    const queue = (arrivalsPerSecond: number) => ({ arrivalsPerSecond, servedPerSecond: 1, servers });
    const wait = meanOf(simulated, 'queueWait');
    expect(wait).toSatisfy((interval: Interval) => holds(interval, meanWaitManyServers(queue(4))));
    expect(holds(wait, meanWaitManyServers(queue(4.2)))).toBe(false);
    expect(holds(wait, meanWaitManyServers(queue(3.8)))).toBe(false);
  });

  it('has its percentiles too', () => {
    const p95 = replicationInterval(
      simulated.map((simulation) => percentileOf(latencies(simulation, 'queueWait'), 0.95) / 1000),
      CONFIDENCE,
    );
    const expected = (arrivalsPerSecond: number) => waitPercentileManyServers({ arrivalsPerSecond, servedPerSecond: 1, servers }, 0.95);
    expect(p95).toSatisfy((interval: Interval) => holds(interval, expected(4)));
    expect(holds(p95, expected(4.25))).toBe(false);
  });

  it('is the birth-death queue where a step takes longer the more it carries', () => {
    const [slots, share] = [16, 0.1];
    // a prompt of one token joins the batch in the step that computes it
    const clock = straightClock({ fixed: STEP, sequence: share * STEP, prefill: share * STEP });
    const total = meanOf(runs({ maxSequences: slots, clock }, 5, memoryless, 4000), 'total');
    const expected = (arrivalsPerSecond: number) =>
      birthDeath({
        arrivalsPerSecond,
        servedPerSecond: Array.from({ length: slots }, (_, at) => (at + 1) / (1 + share * (at + 1))),
        waitingRoom: Number.POSITIVE_INFINITY,
      }).meanTimeSeconds;
    expect(total).toSatisfy((interval: Interval) => holds(interval, expected(5)));
    expect(holds(total, expected(5.15))).toBe(false);
    expect(holds(total, expected(4.85))).toBe(false);
  });

  it('obeys Little: requests in the fleet are arrivals times their time', () => {
    const [first] = simulated;
    if (!first) throw new Error('nothing was simulated');
    const { arrivalMs, endMs } = first.records;
    const lastMs = arrivalMs.at(-1) as number;
    const changes = [...[...arrivalMs].map((at) => [at, 1] as const), ...[...endMs].map((at) => [at, -1] as const)];
    changes.sort((a, b) => a[0] - b[0]);
    let [inside, area, since] = [0, 0, WARM_UP_MS];
    for (const [at, change] of changes) {
      const until = Math.min(lastMs, Math.max(at, WARM_UP_MS));
      area += inside * (until - since);
      since = until;
      inside += change;
    }
    const windowMs = lastMs - WARM_UP_MS;
    expect(first.usage.requestsInFleet).toBeCloseTo(area / windowMs, 6);
    const times = latencies(first, 'total');
    const perMs = times.length / windowMs;
    const meanMs = times.reduce((sum, value) => sum + value, 0) / times.length;
    expect(Math.abs((perMs * meanMs) / first.usage.requestsInFleet - 1)).toBeLessThan(0.01);
  });
});

describe('the interval', () => {
  it('holds the truth as often as it says: 1,000 intervals of 90 % over five exponential numbers each, mean of many', () => {
    const random = new Random(7);
    let held = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const values = Array.from({ length: 5 }, () => Array.from({ length: 30 }, () => random.exponential()).reduce((a, b) => a + b) / 30);
      if (holds(replicationInterval(values, 0.9), 1)) held++;
    }
    // 900 expected, standard deviation 9.5: four of them are left on either side
    expect(Math.abs(held - 900)).toBeLessThan(38);
  });
});
