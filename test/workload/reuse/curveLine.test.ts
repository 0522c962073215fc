import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cappedCurve, LEAST_GAIN, reuseKnee, reuseOnCurve } from '../../../src/workload/reuse/curveLine.ts';

const curves = fc
  .array(fc.record({ step: fc.double({ min: 0.05, max: 3, noNaN: true }), rise: fc.double({ min: 0, max: 0.1, noNaN: true }) }), {
    minLength: 1,
    maxLength: 9,
  })
  .map((steps) => {
    let [log, reuse] = [Math.log(100_000), 0];
    return steps.map(({ step, rise }) => {
      log += step;
      reuse += rise;
      return { kvTokens: Math.exp(log), reuse };
    });
  });

describe('the knee', () => {
  const gain = (curve: Parameters<typeof reuseOnCurve>[0], tokens: number) =>
    (reuseOnCurve(curve, 2 * tokens) ?? 0) - (reuseOnCurve(curve, tokens) ?? 0);

  it('is where a doubling still adds just 2 points, and after it none does', () => {
    fc.assert(
      fc.property(curves, fc.double({ min: 1, max: 100, noNaN: true }), (curve, more) => {
        const knee = reuseKnee(curve);
        expect(knee).not.toBeNull();
        if (!knee) return;
        expect(gain(curve, knee.kvTokens * more)).toBeLessThanOrEqual(LEAST_GAIN + 1e-9);
        if (knee.kvTokens !== curve[0]?.kvTokens) expect(gain(curve, knee.kvTokens)).toBeCloseTo(LEAST_GAIN, 9);
      }),
    );
  });

  it('passes over a flat beginning, and is nowhere on no curve', () => {
    const flat = [0.15e6, 0.5e6, 1.5e6, 5e6, 15e6].map((kvTokens, index) => ({
      kvTokens,
      reuse: [0.043, 0.045, 0.067, 0.216, 0.22][index] ?? 0,
    }));
    expect(reuseKnee(flat)?.kvTokens).toBeGreaterThan(3e6);
    expect(reuseKnee([])).toBeNull();
    expect(reuseOnCurve([], 1)).toBeNull();
  });
});

describe('a capped curve', () => {
  it('is the lesser of the curve and the cap, everywhere', () => {
    fc.assert(
      fc.property(
        curves,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1e4, max: 1e9, noNaN: true }),
        (curve, most, tokens) => {
          expect(reuseOnCurve(cappedCurve(curve, most), tokens)).toBeCloseTo(Math.min(most, reuseOnCurve(curve, tokens) ?? 0), 9);
        },
      ),
    );
  });
});
