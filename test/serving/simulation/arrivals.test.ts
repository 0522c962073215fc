import { describe, expect, it } from 'vitest';
import { generate, replay } from '../../../src/serving/simulation/arrivals.ts';
import { Random } from '../../../src/serving/simulation/random.ts';
import { request } from '../../support/fleets.ts';

const LENGTHS = [
  { share: 1, inputTokens: 100, outputTokens: 10 },
  { share: 3, inputTokens: 500, outputTokens: 20 },
];

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe('random numbers', () => {
  it.each([0.11, 0.7, 1, 4, 50])('a Gamma of shape %f has mean and variance of its shape', (shape) => {
    const random = new Random(3);
    const { mean, variance } = moments(Array.from({ length: 200_000 }, () => random.gamma(shape)));
    // five standard errors: sqrt(shape / n), and shape sqrt((2 + 6 / shape) / n) for the variance
    expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / 200_000));
    expect(Math.abs(variance - shape)).toBeLessThan(5 * shape * Math.sqrt((2 + 6 / shape) / 200_000));
  });

  it('uniform numbers fill the unit interval evenly: chi-square of 100 cells', () => {
    const random = new Random(5);
    const cells = new Float64Array(100);
    for (let draw = 0; draw < 100_000; draw++) {
      const cell = Math.floor(100 * random.uniform());
      cells[cell] = (cells[cell] as number) + 1;
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(148.2); // 99.9 % of 99 degrees of freedom
    expect(chiSquare).toBeGreaterThan(60);
  });

  it('differ by seed and are the same for the same', () => {
    const first = (seed: number) =>
      Array.from({ length: 3 }, () => 0).map(
        (
          (random) => () =>
            random.uniform()
        )(new Random(seed)),
      );
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });
});

describe('generated traffic', () => {
  it.each([0, 0.5, 1, 3])('has the asked rate and CV of gaps %f', (gapCv) => {
    const requests = generate({ requestsPerSecond: 4, gapCv, hours: null }, LENGTHS, { seed: 2, seconds: 20_000 });
    const gaps = requests.map(({ atMs }, at) => atMs - (requests[at - 1]?.atMs ?? 0));
    const { mean, variance } = moments(gaps);
    expect(Math.abs(mean / 250 - 1)).toBeLessThan((5 * gapCv) / Math.sqrt(80_000) + 1e-9);
    expect(Math.abs(Math.sqrt(variance) / mean - gapCv)).toBeLessThan(0.1 * gapCv + 1e-9);
    const long = requests.filter(({ inputTokens }) => inputTokens === 500).length / requests.length;
    expect(Math.abs(long - 0.75)).toBeLessThan(0.01);
  });

  it('follows the hours of a day from the hour at which it begins, round midnight', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 0 : hour === 0 ? 2 : 1));
    const day = { seed: 4, seconds: 3 * 3600, startHour: 22 };
    const requests = generate({ requestsPerSecond: 2, gapCv: null, hours }, LENGTHS, day);
    const counts = [0, 1, 2].map((hour) => requests.filter(({ atMs }) => Math.floor(atMs / 3_600_000) === hour).length);
    expect(counts[1]).toBe(0);
    expect(Math.abs((counts[0] ?? 0) - 7200)).toBeLessThan(5 * Math.sqrt(7200));
    expect(Math.abs((counts[2] ?? 0) - 14_400)).toBeLessThan(5 * Math.sqrt(14_400));
  });

  it('keeps lengths where the rate changes', () => {
    const at = (requestsPerSecond: number) =>
      generate({ requestsPerSecond, gapCv: 1, hours: null }, LENGTHS, { seed: 9, seconds: 1000 / requestsPerSecond });
    const lengths = (rate: number) => at(rate).map(({ inputTokens }) => inputTokens);
    expect(lengths(5)).toEqual(lengths(1));
  });

  it('refuses what makes no traffic', () => {
    const steady = { requestsPerSecond: 1, gapCv: 1, hours: null };
    expect(() => generate({ ...steady, requestsPerSecond: 0 }, LENGTHS, { seed: 1, seconds: 1 })).toThrow('requests per second');
    expect(() => generate({ ...steady, hours: [1] }, LENGTHS, { seed: 1, seconds: 1 })).toThrow('24');
    expect(() => generate(steady, [], { seed: 1, seconds: 1 })).toThrow('lengths');
  });

  it('replays a trace at another rate', () => {
    const trace = [request(0, 5, 1, { blocks: [1] }), request(300, 6, 2)];
    expect(replay(trace, 3)).toEqual([trace[0], { ...request(100, 6, 2) }]);
    expect(() => replay(trace, 0)).toThrow('factor');
  });
});
