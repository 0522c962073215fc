import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { checkNumber } from '../units/number.ts';
import { checkDistribution, type Distribution, shareBelow, valueAt } from './distribution.ts';
import { type SignChange, signChanges } from './signChanges.ts';
import { checkOutcome, type Inputs } from './uncertainty.ts';

/** A value of an input at which the answer changes sign. */
export interface Flip extends Pick<SignChange, 'kind' | 'residual'> {
  readonly value: number;
  /** Probability that the input lies beyond it, seen from its median. */
  readonly beyond: number;
}

/** Where one input, the others at their medians, changes the sign of an answer. */
export interface FlipPoint {
  readonly input: string;
  /** `touches`: the answer reaches zero without changing sign; `never`: it does not flip within `from` … `to`. */
  readonly code: 'flips' | 'touches' | 'never';
  /** The median of the input. */
  readonly middle: number;
  /** What was searched. */
  readonly from: number;
  readonly to: number;
  /** In ascending order. */
  readonly flips: readonly Flip[];
  /** Probability of a value at which the answer has the other sign than at the median. */
  readonly probability: number;
}

/** How far an input is searched, instead of its 1st and 99th percentile. */
interface SearchBound {
  readonly min?: number;
  readonly max?: number;
}

const STEPS = 64;
/** From this ratio of its ends a stretch is divided geometrically. */
const WIDE_RATIO = 8;

/** The ends of a stretch and what is between them, ascending. */
function stretch(from: number, to: number): number[] {
  if (from >= to) return [from];
  const geometric = from > 0 && to / from > WIDE_RATIO;
  const inner = Array.from({ length: STEPS - 1 }, (_, index) => {
    const part = (index + 1) / STEPS;
    return geometric ? from * (to / from) ** part : from + (to - from) * part;
  });
  return [from, ...inner, to];
}

/** Percentiles of an input within its bounds, and steps from there to bounds that lie farther out. */
function gridOf(distribution: Distribution, middle: number, bound: SearchBound, where: string): number[] {
  const percentiles = Array.from({ length: STEPS + 1 }, (_, step) => valueAt(distribution, 0.01 + (0.98 * step) / STEPS));
  const [first = 0, last = 0] = [percentiles[0], percentiles.at(-1)];
  const [min, max] = [bound.min ?? first, bound.max ?? last].map((end) => checkNumber(end, where)) as [number, number];
  if (min > middle || max < middle) {
    throw new Fault('invalid', 'the bounds leave out the median', {
      where,
      value: `${min}..${max}`,
      allowed: `bounds that hold ${middle}`,
    });
  }
  const inside = percentiles.filter((value) => value >= min && value <= max);
  const [low = middle, high = middle] = [inside[0], inside.at(-1)];
  const grid = [...stretch(min, low), ...inside, ...stretch(high, max)];
  return [...new Set(grid)].sort((a, b) => a - b);
}

/** Probability of the stretches that satisfy a condition on their sign; the outermost ones reach to the ends of the distribution. */
function probabilityOf(distribution: Distribution, changes: readonly SignChange[], other: (sign: number) => boolean): number {
  let probability = 0;
  for (const [index, { at, before }] of changes.entries()) {
    const start = changes[index - 1];
    if (other(before)) probability += shareBelow(distribution, at) - (start ? shareBelow(distribution, start.at) : 0);
  }
  const last = changes.at(-1);
  return last && other(last.after) ? probability + 1 - shareBelow(distribution, last.at) : probability;
}

/**
 * For each input the values at which an answer changes its sign, the other inputs at their medians.
 *
 * Searched from the 1st to the 99th percentile of the input, or to the bounds given for it, on a grid of 64 steps inside and 64 on each
 * side; each change of sign is then halved to the last digit. Beyond what was searched the sign is taken as at its end.
 *
 * @param inputs uncertain inputs by name
 * @param answer its sign is the question, e.g. a saving per month; it sees the values of the inputs in the order of `inputs`
 * @param bounds farther or nearer ends of the search by input, in its unit
 * @returns for each input, in their order: the values in its unit, what is left of the answer there, and how likely the other side is
 * @throws Fault `unknown` for a bound of no input, `invalid` for a bad distribution or bound or an answer that is not a number
 * @example flipPoints({ price: { kind: 'uniform', low: 2, high: 4 } }, ([price]) => 3.5 - price)[0].flips.map(({ value, beyond }) => `${value.toFixed(6)} ${beyond.toFixed(6)}`) // ['3.500000 0.250000']
 */
export function flipPoints(
  inputs: Inputs,
  answer: (values: Float64Array) => number,
  bounds: Readonly<Record<string, SearchBound>> = {},
): FlipPoint[] {
  const named = Object.entries(inputs);
  for (const name of Object.keys(bounds)) {
    if (Object.hasOwn(inputs, name)) continue;
    throw new Fault('unknown', 'no such input', { where: 'bounds', value: name, nearest: nearestNames(name, Object.keys(inputs)) });
  }
  for (const [name, distribution] of named) checkDistribution(distribution, name);
  const values = Float64Array.from(named, ([, distribution]) => valueAt(distribution, 0.5));
  const ask = () => checkOutcome(answer(values), inputs, values);
  const negative = ask() < 0;
  return named.map(([input, distribution], index) => {
    const middle = values[index] ?? 0;
    const grid = gridOf(distribution, middle, bounds[input] ?? {}, `bounds of ${input}`);
    const changes = signChanges((x) => {
      values[index] = x;
      return ask();
    }, grid);
    values[index] = middle;
    const other = (sign: number) => (negative ? sign > 0 : sign < 0);
    const flips = changes.map(({ at, residual, kind }): Flip => {
      const below = shareBelow(distribution, at);
      return { value: at, residual, kind, beyond: at > middle ? 1 - below : below };
    });
    const flipped = changes.some(({ before, after }) => other(before) || other(after));
    return {
      input,
      code: flipped ? 'flips' : flips.length > 0 ? 'touches' : 'never',
      middle,
      from: grid[0] ?? middle,
      to: grid.at(-1) ?? middle,
      flips,
      probability: probabilityOf(distribution, changes, other),
    };
  });
}
