import { Fault } from '../faults/fault.ts';
import type { Estimate } from './estimate.ts';
import { normalQuantile, normalShare, Z90 } from './normal.ts';

/** What is believed about an uncertain number: how likely each of its values is. */
export type Distribution =
  | { readonly kind: 'point'; readonly value: number }
  /** Each value between the ends is equally likely, none is outside. */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** Its logarithm is normal with mean `ln median` and standard deviation `sigma`. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'triangular'; readonly low: number; readonly mode: number; readonly high: number }
  /**
   * The band of an Estimate: 10th, 50th and 90th percentile. Two lognormal halves that meet at the middle where all three are
   * positive, two normal halves otherwise.
   */
  | { readonly kind: 'estimate'; readonly low: number; readonly value: number; readonly high: number };

/**
 * The distribution that an Estimate stands for.
 *
 * @example distributionOf({ low: 1, value: 2, high: 4, basis: 'modelled' }) // { kind: 'estimate', low: 1, value: 2, high: 4 }
 */
export function distributionOf({ low, value, high }: Estimate): Distribution {
  return { kind: 'estimate', low, value, high };
}

/** Largest `sigma` of a lognormal that is taken for one: its 80 % band already spans a factor of 370,000 both ways. */
export const MOST_SIGMA = 10;

function rule(distribution: Distribution): [holds: boolean, inWords: string] {
  switch (distribution.kind) {
    case 'point':
      return [true, 'a number'];
    case 'uniform':
      return [distribution.low <= distribution.high, 'low at most high'];
    case 'normal':
      return [distribution.deviation >= 0, 'a standard deviation of at least 0'];
    case 'lognormal':
      return [
        distribution.median > 0 && distribution.sigma >= 0 && distribution.sigma <= MOST_SIGMA,
        `a median above 0 and a sigma from 0 to ${MOST_SIGMA}`,
      ];
    case 'triangular':
      return [distribution.low <= distribution.mode && distribution.mode <= distribution.high, 'low, mode and high in ascending order'];
    case 'estimate':
      return [distribution.low <= distribution.value && distribution.value <= distribution.high, 'low, value and high in ascending order'];
  }
}

/**
 * Refuses a distribution with parameters that no distribution has.
 *
 * @param where option or field, for the message
 * @param seen what the user wrote, where it is not the distribution itself
 * @throws Fault `invalid` for a number that is not finite, ends in the wrong order, a negative spread or a median that is not positive
 */
export function checkDistribution(distribution: Distribution, where: string, seen?: string): Distribution {
  const numbers = Object.entries(distribution).filter(([name]) => name !== 'kind');
  const value = seen ?? `${distribution.kind}(${numbers.map(([, number]) => number).join(', ')})`;
  const broken = numbers.find(([, number]) => !Number.isFinite(number));
  if (broken) throw new Fault('invalid', `${broken[0]} is not a finite number`, { where, value, allowed: 'finite numbers' });
  const [holds, allowed] = rule(distribution);
  if (!holds) throw new Fault('invalid', `not a ${distribution.kind} distribution`, { where, value, allowed });
  return distribution;
}

/** Whether both halves of a band are lognormal. */
function isLogarithmic({ low }: { readonly low: number }): boolean {
  return low > 0;
}

/**
 * The value of an uncertain number below which a share of its probability lies (the inverse of its distribution function).
 *
 * Uniform `low + p (high - low)`; normal `mean + z sd` and lognormal `median e^(z sigma)` with `z = Φ⁻¹(p)`; triangular
 * `low + √(p (high - low)(mode - low))` up to the mode, mirrored above it; estimate `value (low / value)^(-z / 1.2816)` below the
 * middle and `value (high / value)^(z / 1.2816)` above it, or the same with differences where `low` is not positive.
 *
 * @param share from 0 to 1; at the ends ±Infinity or 0 where the distribution has no end
 * @returns in the unit of the distribution
 * @example valueAt({ kind: 'uniform', low: 2, high: 4 }, 0.25) // 2.5
 * @example valueAt({ kind: 'triangular', low: 0, mode: 1, high: 2 }, 0.5) // 1
 * @example valueAt({ kind: 'estimate', low: 2, value: 5, high: 20 }, 0.9).toFixed(6) // '20.000000'
 */
export function valueAt(distribution: Distribution, share: number): number {
  switch (distribution.kind) {
    case 'point':
      return distribution.value;
    case 'uniform':
      return distribution.low + (distribution.high - distribution.low) * share;
    case 'normal':
      return distribution.deviation === 0 ? distribution.mean : distribution.mean + distribution.deviation * normalQuantile(share);
    case 'lognormal':
      return distribution.sigma === 0 ? distribution.median : distribution.median * Math.exp(distribution.sigma * normalQuantile(share));
    case 'triangular': {
      const { low, mode, high } = distribution;
      if (low === high) return low;
      const rising = (mode - low) / (high - low);
      return share < rising
        ? low + Math.sqrt(share * (high - low) * (mode - low))
        : high - Math.sqrt((1 - share) * (high - low) * (high - mode));
    }
    case 'estimate': {
      const { low, value, high } = distribution;
      const z = normalQuantile(share) / Z90;
      const end = z < 0 ? low : high;
      if (end === value) return value;
      return isLogarithmic(distribution) ? value * (end / value) ** Math.abs(z) : value + (end - value) * Math.abs(z);
    }
  }
}

/** Share of a point or of a width of zero: all of it at one value. */
const allAt = (at: number, value: number) => (value < at ? 0 : 1);

/**
 * Share of the probability of an uncertain number at or below a value (its distribution function).
 *
 * @param value in the unit of the distribution
 * @returns from 0 to 1
 * @example shareBelow({ kind: 'uniform', low: 2, high: 4 }, 2.5) // 0.25
 * @example shareBelow({ kind: 'point', value: 3 }, 3) // 1
 */
export function shareBelow(distribution: Distribution, value: number): number {
  switch (distribution.kind) {
    case 'point':
      return allAt(distribution.value, value);
    case 'uniform': {
      const { low, high } = distribution;
      return low === high ? allAt(low, value) : Math.min(1, Math.max(0, (value - low) / (high - low)));
    }
    case 'normal':
      return distribution.deviation === 0
        ? allAt(distribution.mean, value)
        : normalShare((value - distribution.mean) / distribution.deviation);
    case 'lognormal':
      if (distribution.sigma === 0) return allAt(distribution.median, value);
      return value <= 0 ? 0 : normalShare(Math.log(value / distribution.median) / distribution.sigma);
    case 'triangular': {
      const { low, mode, high } = distribution;
      if (low === high || value <= low || value >= high) return low === high ? allAt(low, value) : Number(value >= high);
      return value < mode ? (value - low) ** 2 / ((high - low) * (mode - low)) : 1 - (high - value) ** 2 / ((high - low) * (high - mode));
    }
    case 'estimate': {
      const middle = distribution.value;
      const end = value < middle ? distribution.low : distribution.high;
      if (end === middle) return allAt(middle, value);
      const logarithmic = isLogarithmic(distribution);
      if (logarithmic && value <= 0) return 0;
      const steps = logarithmic ? Math.log(value / middle) / Math.log(end / middle) : (value - middle) / (end - middle);
      return normalShare(value < middle ? -steps * Z90 : steps * Z90);
    }
  }
}

/**
 * The mean of an uncertain number.
 *
 * Lognormal `median e^(sigma²/2)`; triangular `(low + mode + high) / 3`; estimate, with `a` and `b` the standard deviations of its
 * lower and upper half, `value (e^(a²/2) Φ(-a) + e^(b²/2) Φ(b))` of logarithms or `value + (b - a) / √(2π)`.
 *
 * @returns in the unit of the distribution
 * @example meanOf({ kind: 'triangular', low: 0, mode: 1, high: 5 }) // 2
 */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'point':
      return distribution.value;
    case 'uniform':
      return distribution.low + (distribution.high - distribution.low) / 2;
    case 'normal':
      return distribution.mean;
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma ** 2 / 2);
    case 'triangular':
      return (distribution.low + distribution.mode + distribution.high) / 3;
    case 'estimate': {
      const { low, value, high } = distribution;
      if (!isLogarithmic(distribution)) return value + (high - value - (value - low)) / Z90 / Math.sqrt(2 * Math.PI);
      const [a, b] = [Math.log(value / low) / Z90, Math.log(high / value) / Z90];
      return value * (Math.exp(a ** 2 / 2) * normalShare(-a) + Math.exp(b ** 2 / 2) * normalShare(b));
    }
  }
}
