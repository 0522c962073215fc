import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coefficientsOf, excessVariance } from '../../src/throughput/coefficients.ts';
import { levelsOf, type System } from '../../src/throughput/effects.ts';
import { BlockCholesky } from '../../src/throughput/fitting/blockCholesky.ts';
import { type FitPlan, type FitRow, fitEffects } from '../../src/throughput/fitting/effectFit.ts';
import { modelled } from '../../src/throughput/stepModel.ts';

const SYSTEM: System = { vendor: 'v', gpu: 'g', engine: 'e', version: '1.0', format: 'f', family: 'm' };
const PLAN: FitPlan = { terms: ['a', 'b'], combination: 'sum', firstGuess: [1, 1], usualError: 0.05 };

/** Rows that a law `a * x + b * y` would measure on a system. */
function rows(a: number, b: number, system = SYSTEM, more: Partial<FitRow> = {}): FitRow[] {
  return [1, 2, 4, 8, 16].flatMap((x) => [1, 3, 9].map((y) => ({ system, times: [x, y], measuredMs: a * x + b * y, ...more })));
}

describe('BlockCholesky', () => {
  it('solves what it factorises, whatever blocks are empty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
        fc.infiniteStream(fc.boolean()),
        (blocks, numbers, filled) => {
          const width = 2;
          const size = blocks * width;
          const a = new Float64Array(size * size);
          for (let row = 0; row < blocks; row++)
            for (let column = 0; column < row; column++) {
              if (!filled.next().value) continue;
              for (let r = 0; r < width; r++)
                for (let c = 0; c < width; c++) {
                  const value = numbers.next().value ?? 0;
                  a[(row * width + r) * size + column * width + c] = value;
                  a[(column * width + c) * size + row * width + r] = value;
                }
            }
          for (let at = 0; at < size; at++) a[at * size + at] = size + 1;
          const x = Float64Array.from({ length: size }, () => numbers.next().value ?? 0);
          const b = Float64Array.from({ length: size }, (_, row) =>
            x.reduce((sum, value, column) => sum + (a[row * size + column] ?? 0) * value, 0),
          );
          const factor = new BlockCholesky(a, blocks, width);
          factor.forward(b);
          factor.backward(b);
          b.forEach((value, at) => {
            expect(value).toBeCloseTo(x[at] ?? 0, 9);
          });
        },
      ),
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => new BlockCholesky(new Float64Array([-1]), 1, 1)).toThrow('not positive definite');
  });
});

describe('modelled', () => {
  it('overlaps reading and computing between their maximum and their sum', () => {
    const none = [0, 0, 0, 0, 0, 0, 0];
    // 3 and 4 beside each other take 5; 2 of launching come on top.
    expect(modelled([2, 1, 2, 4, 0, 0, 0], none, 'overlap').value).toBeCloseTo(7, 12);
  });

  it('is never below what the datasheet allows', () => {
    const fast = [-9, -9, -9, -9, -9, -9, -9];
    expect(modelled([61, 2, 3, 1, 1, 1, 1], fast, 'overlap')).toMatchObject({ value: 5, slopes: [0, 0, 0, 0, 0, 0, 0] });
    expect(modelled([61, 2, 3, 8, 1, 1, 1], fast, 'overlap').value).toBe(8);
  });

  it('states its slopes in the logarithm of each coefficient', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 50, noNaN: true }), { minLength: 7, maxLength: 7 }),
        fc.array(fc.double({ min: 0.1, max: 1.5, noNaN: true }), { minLength: 7, maxLength: 7 }),
        (times, logs) => {
          const { value, slopes } = modelled(times, logs, 'overlap');
          slopes.forEach((slope, place) => {
            const moved = modelled(
              times,
              logs.map((log, at) => (at === place ? log + 1e-6 : log)),
              'overlap',
            ).value;
            expect(slope).toBeCloseTo(Math.log(moved / value) / 1e-6, 4);
          });
        },
      ),
    );
  });
});

describe('fitEffects', () => {
  it('finds the law that measurements follow', () => {
    const fit = fitEffects(rows(1.4, 0.8), PLAN);
    const [a, b] = coefficientsOf(fit, SYSTEM).map(Math.exp);
    expect(a).toBeCloseTo(1.4, 2);
    expect(b).toBeCloseTo(0.8, 2);
  });

  it('lets a system without rows borrow from those that share its GPU and format, and an unknown one from all', () => {
    const other = { ...SYSTEM, family: 'other' };
    const fit = fitEffects([...rows(1.5, 1.5), ...rows(1, 1, { ...SYSTEM, gpu: 'slow', vendor: 'w' })], PLAN);
    const at = (system: System) => Math.exp(coefficientsOf(fit, system)[0] ?? 0);
    expect(at(other)).toBeGreaterThan(at({ ...other, gpu: 'unseen', vendor: 'unseen' }));
    expect(at(other)).toBeLessThan(at(SYSTEM));
    expect(levelsOf(other)).toContain('gpu:g');
  });

  it('is hardly moved by a row that is wrong by a factor of ten', () => {
    const wrong: FitRow = { system: SYSTEM, times: [4, 3], measuredMs: 100 };
    const [before, after] = [fitEffects(rows(1.4, 0.8), PLAN), fitEffects([...rows(1.4, 0.8), wrong], PLAN)].map((fit) =>
      coefficientsOf(fit, SYSTEM),
    );
    before?.forEach((log, place) => {
      expect(Math.abs(log - (after?.[place] ?? 0))).toBeLessThan(0.02);
    });
  });

  it('ends where it began when it starts from its own result', () => {
    const once = fitEffects(rows(1.4, 0.8), PLAN);
    const again = fitEffects(rows(1.4, 0.8), PLAN, { start: once });
    coefficientsOf(once, SYSTEM).forEach((log, place) => {
      expect(coefficientsOf(again, SYSTEM)[place]).toBeCloseTo(log, 3);
    });
  });

  it('knows what it does not know: variance grows away from what was measured', () => {
    const oneSided = rows(1.4, 0.8).filter(({ times }) => times[1] === 1);
    const fit = fitEffects(oneSided, PLAN);
    expect(excessVariance(fit, SYSTEM, [0, 1])).toBeGreaterThan(excessVariance(fit, SYSTEM, [1, 0]));
    expect(excessVariance(fit, { ...SYSTEM, family: 'unseen' }, [0, 1])).toBe(0);
  });
});
