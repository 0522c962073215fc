import { describe, expect, it } from 'vitest';
import { fitEndpoint, leftOut, type PointWitness } from '../../src/calibration/fit/endpointFit.ts';
import { type EndpointFit, predictedSpeed } from '../../src/calibration/fit/prediction.ts';
import { pointsOf } from '../../src/calibration/fit/stepPoint.ts';
import { Random } from '../../src/serving/simulation/random.ts';
import { closedLoopThroughput } from '../../src/throughput/curve.ts';
import { deviationOf, levelsOf } from '../../src/throughput/effects.ts';
import { LADDER } from '../support/endpointCalibrations.ts';
import { measurement } from '../support/measurement.ts';
import { drawnEndpoint, simulatedRun, simulatedSystem, type TrueEndpoint, trueSpeed } from '../support/simulatedEndpoint.ts';
import { shipped } from '../support/speed.ts';

const RUNS = 300;
const SYSTEM = simulatedSystem();
/** How far a system lies from the shipped coefficients, as the model itself supposes. */
const BETWEEN_SYSTEMS = Math.sqrt(levelsOf(SYSTEM.system).reduce((sum, level) => sum + deviationOf(level) ** 2, 0));
/** Between the rungs of the ladder, beyond them, and other shapes and reuse. */
const HELD_OUT = [
  { inputTokens: 1024, outputTokens: 256, reuse: 0, concurrency: 24 },
  { inputTokens: 1024, outputTokens: 256, reuse: 0, concurrency: 96 },
  { inputTokens: 8192, outputTokens: 512, reuse: 0, concurrency: 8 },
  { inputTokens: 8192, outputTokens: 512, reuse: 0, concurrency: 32 },
  { inputTokens: 8192, outputTokens: 512, reuse: 0, concurrency: 128 },
  { inputTokens: 4096, outputTokens: 512, reuse: 0.5, concurrency: 32 },
] as const;

const { fits } = shipped();

function witnessesOf(endpoint: TrueEndpoint, random: Random): PointWitness[] {
  return pointsOf(simulatedRun(LADDER, endpoint, random), (step) => LADDER[step]?.warmUp ?? 0).map((point) => ({
    ...SYSTEM,
    measurement: measurement({ ...point, ttftMs: point.ttftMs?.median ?? null, tpotMs: point.tpotMs?.median ?? null }),
    sampling: { tpot: (point.tpotMs?.error ?? 0) ** 2, ttft: (point.ttftMs?.error ?? 0) ** 2 },
  }));
}

interface Held {
  readonly inside: Readonly<Record<'tpot' | 'ttft' | 'output' | 'nextRun', boolean>>;
  readonly error: Readonly<Record<'tpot' | 'ttft' | 'output', number>>;
}

/** One simulated endpoint, calibrated by the usual ladder, and what the fit says of a load that it did not see. */
function run(seed: number): Held {
  const random = new Random(seed);
  const noise = { step: 0.01 + 0.05 * random.uniform(), request: 0.02 + 0.08 * random.uniform() };
  const endpoint = drawnEndpoint(random, BETWEEN_SYSTEMS, noise);
  const fit = fitEndpoint(witnessesOf(endpoint, random), fits) as EndpointFit;
  const held = HELD_OUT[seed % HELD_OUT.length] ?? HELD_OUT[0];
  const { concurrency, outputTokens } = held;
  const truth = trueSpeed(endpoint, held, concurrency);
  const output = closedLoopThroughput({ concurrency, outputTokens, ...truth });
  const mean = predictedSpeed(fit, held, concurrency, 'mean');
  const next = predictedSpeed(fit, held, concurrency).tpotMs;
  const seen = truth.tpotMs * Math.exp(noise.step * random.normal());
  const within = (band: { low: number; high: number } | null, value: number) => band !== null && band.low <= value && value <= band.high;
  const off = (band: { value: number } | null, value: number) => Math.abs((band?.value ?? 0) / value - 1);
  return {
    inside: {
      tpot: within(mean.tpotMs, truth.tpotMs),
      ttft: within(mean.ttftMs, truth.ttftMs),
      output: within(mean.outputTokensPerSecond, output),
      nextRun: within(next, seen),
    },
    error: {
      tpot: off(mean.tpotMs, truth.tpotMs),
      ttft: off(mean.ttftMs, truth.ttftMs),
      output: off(mean.outputTokensPerSecond, output),
    },
  };
}

/** Ends of the 95 % interval of a share (Wilson). */
function binomialBound(inside: number, of: number): readonly [number, number] {
  const z = 1.959964;
  const share = inside / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return [middle - half, middle + half];
}

describe('calibrating simulated endpoints whose coefficients are known', () => {
  const runs = Array.from({ length: RUNS }, (_, seed) => run(seed));

  it.each(['tpot', 'ttft', 'output', 'nextRun'] as const)('the bands of 80 %% hold the truth as often as they say: %s', (quantity) => {
    const inside = runs.filter((each) => each.inside[quantity]).length;
    const [low, high] = binomialBound(inside, RUNS);
    expect([low <= 0.8, high >= 0.8], `${inside} of ${RUNS}`).toEqual([true, true]);
  });

  it.each(['tpot', 'ttft', 'output'] as const)('a held-out load is foretold within 10 %%: %s', (quantity) => {
    const errors = runs.map(({ error }) => error[quantity]).sort((a, b) => a - b);
    expect(errors[RUNS >> 1]).toBeLessThan(0.1);
  });

  it('points left out of a fit lie in its bands as often as they should', () => {
    const covers = Array.from({ length: 20 }, (_, seed) => {
      const random = new Random(5000 + seed);
      return leftOut(witnessesOf(drawnEndpoint(random, BETWEEN_SYSTEMS, { step: 0.03, request: 0.05 }), random), fits);
    });
    const total = (of: (cover: (typeof covers)[number]) => number) => covers.reduce((sum, cover) => sum + of(cover), 0);
    const share = total(({ tpot }) => tpot.inside) / total(({ tpot }) => tpot.of);
    expect(share).toBeGreaterThan(0.74);
    expect(share).toBeLessThan(0.86);
    expect(Math.max(...covers.map(({ tpotError }) => tpotError ?? 1))).toBeLessThan(0.1);
    expect(Math.max(...covers.map(({ ttftError }) => ttftError ?? 1))).toBeLessThan(0.2);
  });
});
