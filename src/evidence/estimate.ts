/** How a number is known, from certain to supposed. */
export type Basis = 'exact' | 'measured' | 'calibrated' | 'modelled' | 'assumed';

/** A number with the band that holds 80 % of real cases. */
export interface Estimate {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  readonly basis: Basis;
}

/** An estimate without doubt: all three numbers are equal. */
export function exactly(value: number): Estimate {
  return { low: value, value, high: value, basis: 'exact' };
}

/** An estimate with a band; the ends may be given in either order. */
export function estimate(basis: Basis, low: number, value: number, high: number): Estimate {
  return { low: Math.min(low, high), value, high: Math.max(low, high), basis };
}

/**
 * Carries one uncertain input through a monotone function: `f(low), f(value), f(high)`, ends in order.
 *
 * @param input the uncertain quantity
 * @param f a function that only rises or only falls over the band
 * @returns an estimate with the basis of the input
 * @example through({ low: 1, value: 2, high: 4, basis: 'modelled' }, (x) => 8 / x) // { low: 2, value: 4, high: 8, basis: 'modelled' }
 */
export function through(input: Estimate, f: (x: number) => number): Estimate {
  return estimate(input.basis, f(input.low), f(input.value), f(input.high));
}

/** Two independent doubts about a factor of at least 1 as one: their logarithms add in quadrature. */
function combinedFactor(a: number, b: number): number {
  return Math.exp(Math.hypot(Math.log(a), Math.log(b)));
}

/**
 * Widens a band by a second, independent doubt about the same quantity, given as factors of its value.
 *
 * @param input the estimate
 * @param factors what the second doubt makes of the value; a factor below 1 lowers the low end, one above it raises the high end
 * @example widened({ low: 2, value: 2, high: 2, basis: 'modelled' }, [2]) // { low: 2, value: 2, high: 4, basis: 'modelled' }
 */
export function widened({ low, value, high, basis }: Estimate, factors: readonly number[]): Estimate {
  return estimate(
    basis,
    value / combinedFactor(value / low, 1 / Math.min(1, ...factors)),
    value,
    value * combinedFactor(high / value, Math.max(1, ...factors)),
  );
}

const DOUBT: readonly Basis[] = ['exact', 'measured', 'calibrated', 'modelled', 'assumed'];

/** The weaker of several bases: a result is no better known than its least known input. */
export function weakest(...bases: readonly Basis[]): Basis {
  return bases.reduce((worst, basis) => (DOUBT.indexOf(basis) > DOUBT.indexOf(worst) ? basis : worst), 'exact');
}
