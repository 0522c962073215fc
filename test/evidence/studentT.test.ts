import { describe, expect, it } from 'vitest';
import { studentQuantile } from '../../src/evidence/studentT.ts';

describe("quantiles of Student's t", () => {
  it.each([
    [0.9, 1, 3.077683537],
    [0.9, 2, 1.885618083],
    [0.9, 3, 1.637744354],
    [0.9, 4, 1.533206274],
    [0.9, 5, 1.475884049],
    [0.9, 12, 1.356217334],
    [0.9, 30, 1.310415025],
    [0.95, 3, 2.353363435],
    [0.95, 4, 2.131846786],
    [0.95, 120, 1.6576509],
    [0.975, 1, 12.706204736],
    [0.975, 2, 4.30265273],
    [0.975, 3, 3.182446305],
    [0.975, 9, 2.262157163],
    [0.975, 15, 2.131449546],
    [0.995, 29, 2.756385904],
    [0.9995, 5, 6.86882663],
    [0.9, 1e9, 1.281551566],
  ])('%f with %i degrees: the exact value to five digits', (p, degrees, exact) => {
    expect(Math.abs(studentQuantile(p, degrees) / exact - 1)).toBeLessThan(1e-5);
  });

  it('are the same on both sides of the middle', () => {
    for (const degrees of [1, 2, 3, 7, 40]) {
      expect(studentQuantile(0.1, degrees)).toBeCloseTo(-studentQuantile(0.9, degrees), 9);
      expect(studentQuantile(0.5, degrees)).toBeCloseTo(0, 5);
    }
  });
});
