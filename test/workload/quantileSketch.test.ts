import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/faults/fault.ts';
import { QuantileSketch } from '../../src/workload/quantileSketch.ts';

const lengths = fc.array(fc.oneof(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 1e9 })), { minLength: 1 });

function sketchOf(tokens: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const each of tokens) sketch.add(each);
  return sketch;
}

describe('a sketch of lengths', () => {
  it('has the nearest rank exactly below 2,048 tokens and within 0.05 % above', () => {
    fc.assert(
      fc.property(lengths, fc.double({ min: 0.01, max: 1, noNaN: true }), (tokens, share) => {
        const sorted = [...tokens].sort((a, b) => a - b);
        const want = sorted[Math.ceil(share * tokens.length - 1e-9) - 1] ?? Number.NaN;
        expect(Math.abs(sketchOf(tokens).quantile(share) - want)).toBeLessThanOrEqual(want < 2_048 ? 0 : want * 0.0005);
      }),
    );
  });

  it('merges to what one stream gives', () => {
    fc.assert(
      fc.property(lengths, lengths, (before, after) => {
        const parts = sketchOf(before);
        parts.merge(sketchOf(after));
        const whole = sketchOf([...before, ...after]);
        expect(parts.requests).toBe(whole.requests);
        for (const share of [0, 0.1, 0.5, 0.9, 0.99, 1]) expect(parts.quantile(share)).toBe(whole.quantile(share));
      }),
    );
  });

  it('weighs lengths by their requests', () => {
    const sketch = new QuantileSketch();
    sketch.add(10, 90);
    sketch.add(1_000, 10);
    expect([sketch.quantile(0.5), sketch.quantile(0.9), sketch.quantile(0.91)]).toEqual([10, 10, 1_000]);
  });

  it('knows nothing before the first, and refuses what is no length', () => {
    expect(new QuantileSketch().quantile(0.5)).toBeNaN();
    expect(() => new QuantileSketch().add(-1)).toThrow(Fault);
    expect(() => new QuantileSketch().add(1, 0)).toThrow(Fault);
    expect(() => new QuantileSketch().quantile(1.5)).toThrow(Fault);
  });
});
