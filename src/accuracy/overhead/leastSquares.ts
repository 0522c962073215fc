/** One equation of a fit: `coefficients · x ≈ value`, and how much it counts. */
export interface Equation {
  readonly coefficients: readonly number[];
  readonly value: number;
  readonly weight: number;
}

/** What is held to be likely of an unknown before any data. */
export interface Prior {
  readonly mean: number;
  readonly deviation: number;
}

const SWEEPS = 2000;
const PRECISE = 1e-10;

/**
 * Least squares with unknowns that cannot be negative, each drawn to its prior: minimises
 * `sum(weight^2 * (coefficients · x - value)^2) + sum(((x - mean) / deviation)^2)` by coordinate descent.
 *
 * @param priors one for each unknown; a deviation above zero
 * @returns the unknowns
 * @example solve([{ coefficients: [1], value: 2, weight: 1e6 }], [{ mean: 0, deviation: 1 }])[0].toFixed(3) // '2.000'
 */
export function solve(equations: readonly Equation[], priors: readonly Prior[]): number[] {
  const x = priors.map(({ mean }) => Math.max(0, mean));
  const rows = equations.map(({ coefficients, value, weight }) => ({
    coefficients: coefficients.map((c) => c * weight),
    residual: weight * (value - coefficients.reduce((sum, c, index) => sum + c * (x[index] ?? 0), 0)),
  }));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    priors.forEach(({ mean, deviation }, index) => {
      const strength = 1 / deviation ** 2;
      const current = x[index] ?? 0;
      let curvature = strength;
      let slope = strength * (mean - current);
      for (const { coefficients, residual } of rows) {
        const c = coefficients[index] ?? 0;
        curvature += c * c;
        slope += c * residual;
      }
      const next = Math.max(0, current + slope / curvature);
      const step = next - current;
      if (step === 0) return;
      for (const row of rows) row.residual -= (row.coefficients[index] ?? 0) * step;
      x[index] = next;
      moved = Math.max(moved, Math.abs(step));
    });
    if (moved < PRECISE) break;
  }
  return x;
}
