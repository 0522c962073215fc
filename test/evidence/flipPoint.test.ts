import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../src/evidence/distribution.ts';
import { flipPoints } from '../../src/evidence/flipPoint.ts';
import { signChanges } from '../../src/evidence/signChanges.ts';

const number = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const wide: Distribution = { kind: 'uniform', low: -10, high: 10 };
const alone = (distribution: Distribution, f: (x: number) => number, bound = {}) => {
  const [flip] = flipPoints({ x: distribution }, ([x = 0]) => f(x), { x: bound });
  if (!flip) throw new Error('no flip point');
  return flip;
};

describe('a flip point', () => {
  it('of a linear answer is its root, with the share of the input beyond it', () => {
    fc.assert(
      fc.property(number(-9, 9), fc.constantFrom(-3, -1, 0.5, 1e6), (root, slope) => {
        fc.pre(Math.abs(root) > 1e-6);
        const { code, flips, probability } = alone(wide, (x) => slope * (x - root));
        const [flip] = flips;
        expect([code, flips.length, flip?.kind]).toEqual(['flips', 1, 'crossing']);
        expect(Math.abs((flip?.value ?? 99) - root)).toBeLessThan(1e-14 * 20);
        expect(flip?.beyond).toBeCloseTo((10 - Math.abs(root)) / 20, 10);
        expect(probability).toBeCloseTo((10 - Math.abs(root)) / 20, 10);
      }),
    );
  });

  it('finds all roots of a cubic and how likely the other sign is', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -18, max: 17 }), { minLength: 3, maxLength: 3 }), (halves) => {
        const roots = halves.map((half) => half / 2 + 0.07).sort((x, y) => x - y);
        const [a = 0, b = 0, c = 0] = roots;
        const { flips, probability } = alone(wide, (x) => (x - a) * (x - b) * (x - c));
        expect(flips.map(({ value }) => value)).toHaveLength(3);
        flips.forEach(({ value, kind }, at) => {
          expect(value).toBeCloseTo(roots[at] ?? 99, 10);
          expect(kind).toBe('crossing');
        });
        const above = (10 - c + b - a) / 20;
        expect(probability).toBeCloseTo(-a * b * c > 0 ? 1 - above : above, 9);
      }),
    );
  });

  it('does not flip where the answer keeps its sign, and says what was searched', () => {
    const never = alone({ kind: 'uniform', low: 1, high: 3 }, (x) => x);
    expect(never).toMatchObject({ code: 'never', flips: [], probability: 0 });
    expect([never.from, never.to].map((end) => end.toFixed(2))).toEqual(['1.02', '2.98']);
  });

  it('searches beyond the percentiles up to the bounds, also for an input without doubt', () => {
    expect(alone({ kind: 'point', value: 2 }, (x) => 500 - x).code).toBe('never');
    const flip = alone({ kind: 'point', value: 2 }, (x) => 500 - x, { min: 0, max: 1e6 });
    expect(flip.flips).toMatchObject([{ kind: 'crossing', beyond: 0 }]);
    expect(flip.flips[0]?.value).toBeCloseTo(500, 9);
    expect([flip.from, flip.to, flip.probability]).toEqual([0, 1e6, 0]);
    expect(alone(wide, (x) => x - 5, { max: 4 })).toMatchObject({ code: 'never', to: 4 });
  });

  it.each<[string, (x: number) => number]>([
    ['on no point of the grid', (x) => (x - 3.3) ** 2],
    ['from below', (x) => -((x - 3.3) ** 2)],
    ['on a point of the grid', (x) => x * x],
    ['with rounding', (x) => x * x - 2 * 3.3 * x + 3.3 * 3.3],
    ['with a corner', (x) => Math.abs(x + 1.7)],
  ])('a root that touches %s is found and does not flip', (_, f) => {
    const { code, flips, probability } = alone(wide, f);
    expect([code, flips.length, flips[0]?.kind]).toEqual(['touches', 1, 'touch']);
    expect(Math.abs(f(flips[0]?.value ?? 99))).toBeLessThan(1e-6);
    expect(probability).toBeLessThan(1e-6);
  });

  it('finds two roots within one step of the grid', () => {
    const { flips, probability } = alone(wide, (x) => (x - 3.3) * (x - 3.32));
    expect(flips.map(({ value, kind }) => `${value.toFixed(9)} ${kind}`)).toEqual(['3.300000000 crossing', '3.320000000 crossing']);
    expect(probability).toBeCloseTo(0.001, 9);
  });

  it('a leap over zero is a jump, with what is left', () => {
    const { flips } = alone(wide, (x) => (x < 4 ? 3 : -2));
    expect(flips).toMatchObject([{ kind: 'jump', beyond: expect.closeTo(0.3, 12) }]);
    expect(flips[0]?.value).toBeCloseTo(4, 12);
    expect(Math.abs(flips[0]?.residual ?? 0)).toBe(2);
    expect(alone(wide, (x) => (x < 4 ? Number.NEGATIVE_INFINITY : 2)).flips[0]).toMatchObject({ kind: 'jump', residual: 2 });
    expect(alone(wide, (x) => Math.cbrt(x - 4)).flips[0]?.kind).toBe('crossing');
  });

  it('the edges of a stretch of zeros are given', () => {
    const { code, flips } = alone(wide, (x) => Math.max(0, Math.abs(x) - 3));
    expect(code).toBe('touches');
    expect(flips.map(({ value, kind }) => `${value.toFixed(6)} ${kind}`)).toEqual(['-3.000000 touch', '3.000000 touch']);
  });

  it('holds the other inputs at their medians', () => {
    const inputs = { x: wide, y: { kind: 'lognormal', median: 2, sigma: 1 } } as const;
    const [x, y] = flipPoints(inputs, ([a = 0, b = 0]) => a + b - 5);
    expect(x?.flips[0]?.value).toBeCloseTo(3, 12);
    expect(y?.flips[0]?.value).toBeCloseTo(5, 12);
    expect([x?.middle, y?.middle]).toEqual([0, 2]);
  });

  it.each([
    [() => flipPoints({ price: wide }, () => 1, { prise: {} }), /unknown bounds: no such input \(got "prise"\); did you mean price/],
    [() => flipPoints({ x: wide }, () => 1, { x: { min: 5 } }), /bounds of x: the bounds leave out the median/],
    [() => flipPoints({ x: wide }, () => 1, { x: { max: Number.NaN } }), /invalid bounds of x/],
    [() => flipPoints({ x: { kind: 'uniform', low: 2, high: 1 } }, () => 1), /invalid x/],
    [() => flipPoints({ x: wide }, ([x = 0]) => Math.sqrt(x)), /invalid model: an outcome is not a number at x = -/],
  ])('refuses bad arguments', (ask, message) => {
    expect(ask).toThrow(message);
  });
});

describe('changes of sign', () => {
  it('of any polynomial by its roots are ascending, and the function is near zero there', () => {
    fc.assert(
      fc.property(fc.array(number(-9, 9), { minLength: 1, maxLength: 5 }), (roots) => {
        const f = (x: number) => roots.reduce((product, root) => product * (x - root), 1);
        const found = signChanges(
          f,
          Array.from({ length: 101 }, (_, at) => -10 + at / 5),
        );
        const values = found.map(({ at }) => at);
        expect(values).toEqual([...values].sort((a, b) => a - b));
        for (const { at } of found) expect(Math.min(...roots.map((root) => Math.abs(root - at)))).toBeLessThan(1e-3);
        // The signs hang together from one end to the other.
        for (const [index, { before }] of found.entries()) if (index > 0) expect(before).toBe(found[index - 1]?.after);
        expect([found[0]?.before, found.at(-1)?.after]).toEqual(
          found.length > 0 ? [Math.sign(f(-10)), Math.sign(f(10))] : [undefined, undefined],
        );
      }),
    );
  });

  it('of one value are none', () => {
    expect(signChanges((x) => x, [3])).toEqual([]);
  });
});
