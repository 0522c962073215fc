import { describe, expect, it } from 'vitest';
import { type Estimate, estimate, exactly } from '../../../src/evidence/estimate.ts';
import { quantile, samplePoints } from '../../../src/evidence/sampler.ts';
import { APART, changeBand, isReal } from '../../../src/plan/diff/commonDoubt.ts';

const band = (low: number, value: number, high: number): Estimate => estimate('modelled', low, value, high);
const SAMPLES = 2 ** 14;

/** Percentiles of the ratio of two quantities over draws. */
function sampled(inputs: readonly Estimate[], ratio: (values: readonly number[]) => number): [low: number, high: number] {
  const ratios = samplePoints(inputs, SAMPLES)
    .map(ratio)
    .sort((a, b) => a - b);
  return [quantile(ratios, 0.1), quantile(ratios, 0.9)];
}

describe('the band of a change', () => {
  const capacity = band(12, 48, 142);

  it('is that of common random numbers where all doubts are common', () => {
    const cost = (volume: number) => band(volume / capacity.high, volume / capacity.value, volume / capacity.low);
    const { low, value, high } = changeBand('cost', cost(100), cost(112), 'same');
    expect([low, value, high].map((one) => one.toFixed(9))).toEqual(['1.120000000', '1.120000000', '1.120000000']);
    const [from, to] = sampled([capacity], ([each = 1]) => 112 / each / (100 / each));
    expect([from, to].map((one) => one.toFixed(9))).toEqual([low.toFixed(9), high.toFixed(9)]);
  });

  it('keeps what the ends of two bands do not share', () => {
    const replicas = (volume: number) => (of: number) => Math.ceil(volume / of);
    const counted = (volume: number) => band(replicas(volume)(142), replicas(volume)(48), replicas(volume)(12));
    const { low, value, high } = changeBand('replicas', counted(1000), counted(1600), 'same');
    const ratios = [142, 48, 12].map((of) => replicas(1600)(of) / replicas(1000)(of));
    expect(low).toBeCloseTo(Math.min(...ratios), 9);
    expect(value).toBeCloseTo(ratios[1] ?? 0, 9);
    expect(high).toBeCloseTo(Math.max(...ratios), 9);
  });

  it('is that of independent draws where nothing is common', () => {
    const [before, after] = [band(5, 10, 20), band(9, 12, 16)];
    const { low, high } = changeBand('cost', before, after, 'other');
    const [from, to] = sampled([before, after], ([was = 1, is = 1]) => is / was);
    expect(low / from).toBeCloseTo(1, 1);
    expect(high / to).toBeCloseTo(1, 1);
    expect(low).toBeLessThan(1);
  });

  it('adds the error between layouts to common doubts, and no more than independent ones', () => {
    const [before, after] = [band(5, 10, 20), band(10, 20, 40)];
    const { low, high } = changeBand('output', before, after, 'layout');
    const apart = Math.exp(APART.layout.step);
    expect([low, high].map((one) => one.toFixed(6))).toEqual([(2 / apart).toFixed(6), (2 * apart).toFixed(6)]);
    const own = band(1 / apart, 1, apart);
    const [from, to] = sampled([band(0.5, 1, 2), own], ([common = 1, each = 1]) => (20 * common * each) / (10 * common));
    expect(low / from).toBeCloseTo(1, 2);
    expect(high / to).toBeCloseTo(1, 2);
    const sharp = changeBand('capacity', band(99, 100, 101), band(198, 200, 202), 'layout');
    expect(sharp.low).toBeCloseTo(2 * Math.exp(-Math.hypot(Math.log(200 / 198), Math.log(101 / 100))), 9);
  });

  it('adds nothing to memory and list prices, which no step time is in', () => {
    for (const code of ['kv-tokens', 'weights', 'sequences', 'api-cost'])
      expect(changeBand(code, band(9, 10, 11), band(18, 20, 22), 'layout').low).toBeCloseTo(2, 9);
  });

  it('trusts waits less than steps, and layouts less than loads', () => {
    for (const error of ['step', 'wait'] as const) expect(APART.layout[error]).toBeGreaterThan(APART.load[error]);
    const [before, after] = [band(50, 100, 200), band(60, 120, 240)];
    const width = (code: string) => changeBand(code, before, after, 'load').high;
    expect(width('ttft')).toBeGreaterThan(width('tpot'));
  });

  it('is a difference where a band touches zero, and open where both ends are', () => {
    expect(changeBand('cost', exactly(0), exactly(5), 'same')).toEqual({ scale: 'difference', low: 5, value: 5, high: 5 });
    const endless = (value: number) => band(value / 2, value, Number.POSITIVE_INFINITY);
    const both = changeBand('break-even', endless(10), endless(20), 'same');
    expect([both.low, both.high].map((end) => end.toFixed(9))).toEqual(['2.000000000', '2.000000000']);
    expect(changeBand('break-even', endless(10), endless(20), 'other').high).toBe(Number.POSITIVE_INFINITY);
    expect(changeBand('break-even', endless(10), endless(20), 'other').low).toBe(0);
  });

  it('is real where it keeps its direction', () => {
    const change = (low: number, value: number, high: number) => isReal({ scale: 'ratio', low, value, high });
    expect([change(1.1, 1.2, 1.3), change(1, 1.2, 1.3), change(0.9, 1.2, 1.3), change(0.5, 0.8, 0.9), change(0.5, 0.8, 1.1)]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});
