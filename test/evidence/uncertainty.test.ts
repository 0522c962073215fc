import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../src/evidence/distribution.ts';
import { normalQuantile, normalShare } from '../../src/evidence/normal.ts';
import type { Sampled } from '../../src/evidence/randomisationInterval.ts';
import { type Inputs, type Model, sampleModel } from '../../src/evidence/uncertainty.ts';

/** How often the intervals of many seeds hold the truth. */
function coverage(truth: number, figure: (seed: number) => Sampled, seeds = 60): number {
  let held = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const { low, high } = figure(seed);
    if (low <= truth && truth <= high) held++;
  }
  return held / seeds;
}

const normals: Inputs = {
  a: { kind: 'normal', mean: 10, deviation: 3 },
  b: { kind: 'normal', mean: -4, deviation: 4 },
};
const sum: Model = (values) => [values.reduce((total, value) => total + value, 0)];
const product: Model = (values) => [values.reduce((total, value) => total * value, 1)];

describe('a sampled model agrees with what is known', () => {
  // 95 % intervals: 60 seeds hold the truth in at least 48 with a probability above 0.9999 (binomial).
  const LEAST = 0.8;
  const first = (inputs: Inputs, model: Model, seed: number) => {
    const [outcome] = sampleModel(inputs, model, { samples: 2048, seed }).outcomes;
    if (!outcome?.mean) throw new Error('no outcome');
    return { ...outcome, mean: outcome.mean };
  };

  it('a sum of normals: mean 6, deviation 5', () => {
    expect(coverage(6, (seed) => first(normals, sum, seed).mean)).toBeGreaterThanOrEqual(LEAST);
    expect(coverage(6 - 5 * normalQuantile(0.9), (seed) => first(normals, sum, seed).p10)).toBeGreaterThanOrEqual(LEAST);
    expect(coverage(6 + 5 * normalQuantile(0.9), (seed) => first(normals, sum, seed).p90)).toBeGreaterThanOrEqual(LEAST);
  });

  it('a product of lognormals: median 6, sigma 0.5', () => {
    const inputs: Inputs = { a: { kind: 'lognormal', median: 2, sigma: 0.3 }, b: { kind: 'lognormal', median: 3, sigma: 0.4 } };
    expect(coverage(6, (seed) => first(inputs, product, seed).p50)).toBeGreaterThanOrEqual(LEAST);
    expect(coverage(6 * Math.exp(0.5 * normalQuantile(0.9)), (seed) => first(inputs, product, seed).p90)).toBeGreaterThanOrEqual(LEAST);
    expect(coverage(6 * Math.exp(0.125), (seed) => first(inputs, product, seed).mean)).toBeGreaterThanOrEqual(LEAST);
  });

  it('second moment of a triangular: variance + mean² = (a² + b² + c² + ab + ac + bc) / 6', () => {
    const [low, mode, high] = [1, 2, 6];
    const truth = (low ** 2 + mode ** 2 + high ** 2 + low * mode + low * high + mode * high) / 6;
    const inputs: Inputs = { x: { kind: 'triangular', low, mode, high } };
    expect(coverage(truth, (seed) => first(inputs, ([x = 0]) => [x * x], seed).mean)).toBeGreaterThanOrEqual(LEAST);
  });

  it('a sum of two uniforms is triangular: 10th percentile √0.2, 90th 2 - √0.2', () => {
    const inputs: Inputs = { a: { kind: 'uniform', low: 0, high: 1 }, b: { kind: 'uniform', low: 0, high: 1 } };
    expect(coverage(Math.sqrt(0.2), (seed) => first(inputs, sum, seed).p10)).toBeGreaterThanOrEqual(LEAST);
    expect(coverage(2 - Math.sqrt(0.2), (seed) => first(inputs, sum, seed).p90)).toBeGreaterThanOrEqual(LEAST);
  });

  it('the probability of an event: a sum of normals below zero', () => {
    const loss = (seed: number) =>
      sampleModel(normals, sum, { samples: 2048, seed, events: { loss: (outcomes) => (outcomes[0] ?? 0) < 0 } }).events['loss'];
    expect(coverage(normalShare(-6 / 5), (seed) => loss(seed) ?? { low: 1, value: 1, high: 1 })).toBeGreaterThanOrEqual(LEAST);
  });

  it('forty inputs: the mean of a sum of forty uniforms', () => {
    const inputs = Object.fromEntries(
      Array.from({ length: 40 }, (_, at): [string, Distribution] => [`x${at}`, { kind: 'uniform', low: 0, high: 1 }]),
    );
    const { mean, p50 } = first(inputs, sum, 1);
    expect(mean.value).toBeCloseTo(20, 2);
    expect(Math.abs(p50.value - 20)).toBeLessThan(0.1);
  });
});

describe('a sampled model', () => {
  it('same seed, same bytes; another seed, others', () => {
    const ask = (seed: number) =>
      sampleModel(normals, product, { samples: 512, seed, events: { gain: (outcomes) => (outcomes[0] ?? 0) > 0 } });
    expect(JSON.stringify(ask(5))).toBe(JSON.stringify(ask(5)));
    expect(JSON.stringify(ask(5))).not.toBe(JSON.stringify(ask(6)));
  });

  it('more samples, narrower intervals: sixteen times as many make that of a mean a sixteenth or less, over ten seeds', () => {
    const width = (samples: number) =>
      Array.from({ length: 10 }, (_, seed) => sampleModel(normals, sum, { samples, seed }).outcomes[0]?.mean).reduce(
        (total, mean) => total + (mean ? mean.high - mean.low : 0),
        0,
      );
    // Plain Monte Carlo would make it a quarter.
    expect(width(16_384) / width(1024)).toBeLessThan(1 / 8);
  });

  it('rounds the number of samples up to 16 times a power of two', () => {
    expect([256, 1000, 10_000, 16_384].map((samples) => sampleModel(normals, sum, { samples }).samples)).toEqual([
      256, 1024, 16_384, 16_384,
    ]);
  });

  it('orders percentiles, each within its interval, for any inputs', () => {
    const input = fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true }));
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 6 }), fc.nat(), (pairs, seed) => {
        const inputs = Object.fromEntries(
          pairs.map(([low, width], at): [string, Distribution] => [`x${at}`, { kind: 'uniform', low, high: low + width }]),
        );
        for (const { p10, p50, p90, sorted } of sampleModel(inputs, sum, { samples: 256, seed }).outcomes) {
          expect(p10.value <= p50.value && p50.value <= p90.value).toBe(true);
          for (const { low, value, high } of [p10, p50, p90]) expect(low <= value && value <= high).toBe(true);
          expect([...sorted]).toEqual([...sorted].sort((a, b) => a - b));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has several outcomes of one draw, also where the model gives back the same array', () => {
    const out = new Float64Array(2);
    const model: Model = ([a = 0, b = 0]) => {
      out[0] = a + b;
      out[1] = a - b;
      return out;
    };
    const { outcomes } = sampleModel(normals, model, { samples: 4096 });
    expect(outcomes.map(({ mean }) => Math.round(mean?.value ?? 0))).toEqual([6, 14]);
  });

  it('an answer that may be infinite has percentiles and no mean', () => {
    const [outcome] = sampleModel({ x: { kind: 'uniform', low: 0, high: 1 } }, ([x = 0]) => [x > 0.8 ? Number.POSITIVE_INFINITY : x], {
      samples: 1024,
    }).outcomes;
    expect(outcome?.p50.value).toBeCloseTo(0.5, 2);
    expect(outcome?.p90).toEqual({ low: Infinity, value: Infinity, high: Infinity });
    expect(outcome?.mean).toBeNull();
  });

  it('an event that was never seen is not impossible', () => {
    const { events, samples } = sampleModel(normals, sum, { events: { never: () => false, always: () => true } });
    expect(events['never']).toEqual({ low: 0, value: 0, high: 1 - 0.05 ** (1 / samples) });
    expect(events['always']?.low).toBeCloseTo(1 - 3 / samples, 5);
  });

  it('without inputs is what it is', () => {
    expect(sampleModel({}, () => [7], { samples: 256 }).outcomes[0]?.p90).toEqual({ low: 7, value: 7, high: 7 });
  });

  it.each([
    [() => sampleModel({ a: { kind: 'uniform', low: 2, high: 1 } }, sum), /invalid a: .*low at most high/],
    [() => sampleModel(normals, sum, { samples: 10 }), /invalid samples: .*at least 256/],
    [() => sampleModel(normals, sum, { samples: 2 ** 21 }), /invalid samples/],
    [() => sampleModel(normals, sum, { seed: -1 }), /invalid seed/],
    [() => sampleModel(normals, sum, { seed: 1.5 }), /invalid seed/],
    [() => sampleModel(normals, () => [Number.NaN]), /invalid model: an outcome is not a number at a = .*, b = /],
  ])('refuses bad arguments', (ask, message) => {
    expect(ask).toThrow(message);
  });
});
