import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { LengthTally } from '../../src/workload/lengthTally.ts';

const length = fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.constantFrom(0, 1, 1e9));
const request = fc.tuple(length, length, fc.integer({ min: 1, max: 1_000 }));
const stream = fc.array(request, { minLength: 1, maxLength: 120 });

function tallyOf(requests: readonly (readonly [number, number, number])[]): LengthTally {
  const tally = new LengthTally();
  for (const each of requests) tally.add(...each);
  return tally;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('a tally of lengths', () => {
  it('has shares of sum 1 and keeps the means, however few cells are left', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 40 }), (requests, most) => {
        const tally = tallyOf(requests);
        const cells = tally.cells(most);
        const near = (value: number, want: number) => expect(Math.abs(value - want)).toBeLessThanOrEqual(1e-9 * Math.max(1, want));
        expect(cells.length).toBeLessThanOrEqual(most);
        near(sum(cells.map(({ share }) => share)), 1);
        near(sum(cells.map(({ share, inputTokens }) => share * inputTokens)), tally.meanInput);
        near(sum(cells.map(({ share, outputTokens }) => share * outputTokens)), tally.meanOutput);
        near(tally.meanInput, sum(requests.map(([input, , count]) => input * count)) / sum(requests.map(([, , count]) => count)));
      }),
    );
  });

  it('has the same cells in any order, and after merging as from one stream', () => {
    fc.assert(
      fc.property(stream, stream, (before, after) => {
        const parts = tallyOf(before);
        parts.merge(tallyOf(after));
        const whole = tallyOf([...after, ...before]);
        expect(parts.requests).toBe(whole.requests);
        expect(parts.cells(20)).toEqual(whole.cells(20));
      }),
    );
  });

  it('may be merged with itself', () => {
    const tally = tallyOf([[10, 20, 1]]);
    tally.merge(tally);
    expect(tally.requests).toBe(2);
    expect(tally.cells()).toEqual([{ share: 1, inputTokens: 10, outputTokens: 20 }]);
  });

  it('keeps rare long requests that carry many of the tokens', () => {
    const tally = new LengthTally();
    for (let octave = 0; octave < 10; octave += 1) tally.add(2 ** octave, 10, 1_000);
    tally.add(900_000, 4_000, 1);
    expect(tally.cells(6).at(-1)).toEqual({ share: 1 / 10_001, inputTokens: 900_000, outputTokens: 4_000 });
  });

  it('takes a million lengths in as many bins as lengths differ by quarter octaves', () => {
    const tally = new LengthTally();
    for (let index = 0; index < 1_000_000; index += 1) tally.add(1 + (index % 4_096), 1 + (index % 64));
    expect(tally.cells(10_000).length).toBeLessThan(49 * 26);
  });

  it('is empty before the first request', () => {
    expect(new LengthTally().cells()).toEqual([]);
    expect(new LengthTally().meanInput).toBeNaN();
  });

  it.each([
    [-1, 1, 1],
    [1, Number.NaN, 1],
    [1, 2e9, 1],
    [1, 1, 0],
  ])('refuses %d input, %d output, %d requests', (...args) => {
    expect(() => new LengthTally().add(...args)).toThrow(Fault);
  });
});
