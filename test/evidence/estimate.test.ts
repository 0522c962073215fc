import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Basis, type Estimate, estimate, exactly, through, weakest } from '../../src/evidence/estimate.ts';

const BASES: readonly Basis[] = ['exact', 'measured', 'calibrated', 'modelled', 'assumed'];
const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const band = fc.tuple(number, number, number, fc.constantFrom(...BASES)).map(([a, b, c, basis]): Estimate => {
  const [low = 0, value = 0, high = 0] = [a, b, c].sort((x, y) => x - y);
  return { low, value, high, basis };
});

const ordered = ({ low, value, high }: Estimate) => low <= value && value <= high;

describe('estimates', () => {
  it('an exact number is its own band', () => {
    expect(exactly(3)).toEqual({ low: 3, value: 3, high: 3, basis: 'exact' });
  });

  it('takes its ends in either order', () => {
    expect(estimate('modelled', 4, 2, 1)).toEqual({ low: 1, value: 2, high: 4, basis: 'modelled' });
  });

  it('low ≤ value ≤ high survives every monotone function, rising or falling', () => {
    const monotone = fc.constantFrom<(x: number) => number>(
      (x) => 3 * x + 1,
      (x) => -x,
      (x) => Math.atan(x),
      (x) => Math.floor(x / 7),
      (x) => Math.max(0, x),
      (x) => 1e6 - x ** 3,
      () => 5,
    );
    fc.assert(fc.property(band, monotone, (input, f) => void expect(ordered(through(input, f))).toBe(true)));
  });

  it('keeps the basis of its input', () => {
    expect(through({ low: 1, value: 2, high: 4, basis: 'calibrated' }, (x) => x).basis).toBe('calibrated');
  });
});

describe('the weaker basis', () => {
  it('is the last of the list, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...BASES), { maxLength: 6 }), (bases) => {
        const worst = Math.max(0, ...bases.map((basis) => BASES.indexOf(basis)));
        expect(weakest(...bases)).toBe(BASES[worst]);
      }),
    );
  });
});
