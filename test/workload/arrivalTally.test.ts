import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalTally } from '../../src/workload/arrivalTally.ts';

const HOUR_MS = 3_600_000;
const MONDAY_MS = Date.UTC(2026, 0, 5);

function tallyOf(times: readonly number[]): ArrivalTally {
  const tally = new ArrivalTally();
  for (const time of times) tally.add(time);
  return tally;
}

/** Gaps of a Poisson process at the middles of equal shares, in an order without runs. */
function poissonTimes(count: number, meanMs: number): number[] {
  let now = 0;
  return Array.from({ length: count }, (_, index) => {
    const share = ((index * 0.6180339887498949) % 1) * (1 - 1 / count) + 0.5 / count;
    now += -Math.log(1 - share) * meanMs;
    return now;
  });
}

const times = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 })
  .map((all) => all.sort((a, b) => a - b));

describe('a tally of arrivals', () => {
  it('has the CV and the rate of the gaps', () => {
    fc.assert(
      fc.property(times, (all) => {
        const tally = tallyOf(all);
        fc.pre(tally.quantumMs === null && (all.at(-1) ?? 0) - (all[0] ?? 0) > 1);
        const gaps = all.slice(1).map((time, index) => time - (all[index] ?? 0));
        const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
        const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
        expect(tally.arrivals()?.requestsPerSecond).toBeCloseTo(1_000 / mean, 8);
        expect(tally.arrivals()?.gapCv).toBeCloseTo(Math.sqrt(variance) / mean, 6);
      }),
    );
  });

  it('takes many requests of one time as so many of them', () => {
    const one = tallyOf([0, 7, 7, 7, 40.5]);
    const many = new ArrivalTally();
    many.add(0);
    many.add(7, 3);
    many.add(40.5);
    expect(many.arrivals()).toEqual(one.arrivals());
    expect(many.requests).toBe(5);
  });

  it('may be asked while the stream goes on', () => {
    const tally = tallyOf([0, 10, 30]);
    const seen = tally.arrivals();
    expect(tally.arrivals()).toEqual(seen);
    tally.add(31);
    expect(tally.arrivals()).toEqual(tallyOf([0, 10, 30, 31]).arrivals());
  });

  it.each([
    [100, 1_000],
    [300, 3_000],
    [700, 1_000],
  ])('finds gaps of %d ms rounded to %d ms and spreads them back to Poisson', (meanMs, stepMs) => {
    const exact = poissonTimes(20_000, meanMs);
    const tally = tallyOf(exact.map((time) => Math.floor(time / stepMs) * stepMs));
    expect(tally.quantumMs).toBe(stepMs);
    expect(tally.arrivals()?.gapCv).toBeGreaterThan(0.9);
    expect(tally.arrivals()?.gapCv).toBeLessThan(1.1);
    expect(tally.arrivals()?.requestsPerSecond).toBeCloseTo(1_000 / meanMs, 1);
  });

  it('finds steps despite jitter, but none in times that are regular and single', () => {
    expect(tallyOf([0, 0, 2_999, 3_001, 6_003, 6_003, 12_000]).quantumMs).toBe(3_000);
    expect(tallyOf([0, 1_000, 2_000, 3_000, 4_000]).quantumMs).toBeNull();
    expect(tallyOf([0, 1_000, 2_000, 3_000, 4_000]).arrivals()?.gapCv).toBe(0);
    expect(tallyOf([0, 0, 0, 17, 17, 17]).quantumMs).toBeNull();
  });

  it('cannot tell gaps inside steps of an hour, but the rate and the day', () => {
    const tally = new ArrivalTally();
    for (let hour = 0; hour < 72; hour += 1) tally.add(MONDAY_MS + hour * HOUR_MS, hour % 24 === 9 ? 300 : 100);
    const seen = tally.arrivals();
    expect(tally.quantumMs).toBe(HOUR_MS);
    expect(seen?.gapCv).toBeNull();
    expect(tally.peakToMean(60)).toBeNull();
    expect((seen?.requestsPerSecond ?? 0) * 72 * 3_600).toBeCloseTo(7_800, 6);
    expect(seen?.hours?.[9]).toBeCloseTo(300 / (2_600 / 24), 9);
    expect(seen?.hours?.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(24, 9);
  });

  it('weighs each hour by how long it was seen', () => {
    const tally = new ArrivalTally();
    for (let minute = 0; minute <= 30 * 60; minute += 1) tally.add(MONDAY_MS + minute * 60_000 + (minute % 7));
    for (const rate of tally.arrivals()?.hours ?? []) expect(rate).toBeCloseTo(1, 1);
  });

  it('knows no day from times of a trace or from less than a day', () => {
    expect(tallyOf([0, 48 * HOUR_MS]).arrivals()?.hours).toBeNull();
    expect(tallyOf([MONDAY_MS, MONDAY_MS + 23 * HOUR_MS]).arrivals()?.hours).toBeNull();
  });

  it('knows the fullest window over the mean of all windows', () => {
    const tally = tallyOf([0, 1, 2, 1_500.5, 9_999]);
    expect(tally.peakToMean(1)).toBe(3 / (5 / 10));
    expect(tally.peakToMean(10)).toBe(1);
  });

  it('knows nothing before there are two times', () => {
    expect(new ArrivalTally().arrivals()).toBeNull();
    expect(tallyOf([5, 5]).arrivals()).toBeNull();
    expect(tallyOf([5, 5]).peakToMean(1)).toBeNull();
  });

  it('refuses times that go back, and what is no time or count', () => {
    expect(() => tallyOf([10, 9])).toThrow('invalid atMs: requests are not sorted by time (got 9); allowed: at least 10');
    expect(() => tallyOf([-1])).toThrow('atMs');
    expect(() => tallyOf([Number.NaN])).toThrow('atMs');
    expect(() => new ArrivalTally().add(1, 0.5)).toThrow('requests');
  });
});
