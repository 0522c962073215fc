import { checkDistribution, valueAt } from './distribution.ts';
import { checkOutcome, type Inputs } from './uncertainty.ts';

/** How far one input alone moves an answer. */
export interface Swing {
  readonly input: string;
  /** 10th and 90th percentile of the input. */
  readonly low: number;
  readonly high: number;
  /** The answer there, every other input at its median. */
  readonly atLow: number;
  readonly atHigh: number;
  /** Distance between the smallest and the largest answer at the 10th, 50th and 90th percentile. */
  readonly swing: number;
}

export interface Tornado {
  /** The answer with every input at its median. */
  readonly middle: number;
  /** Widest first; inputs with the same swing in their own order. */
  readonly swings: readonly Swing[];
}

/** Distance of the ends of some numbers; 0 where all are equal, be they infinite. */
function spread(...numbers: readonly number[]): number {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? 0 : most - least;
}

/**
 * How far each input alone moves an answer between its 10th and 90th percentile, the others at their medians, widest first.
 *
 * `swing = max f - min f` over the 10th, 50th and 90th percentile; for a linear answer `|coefficient| × (P90 - P10)`. What inputs do
 * only together does not show here; `varianceShares` shows it.
 *
 * @param inputs uncertain inputs by name
 * @param answer the answer for the values of the inputs, in the order of `inputs`; may be infinite
 * @returns inputs in their own units, answers and swings in the unit of the answer
 * @throws Fault `invalid` for a bad distribution or an answer that is not a number
 * @example tornado({ x: { kind: 'uniform', low: 0, high: 10 }, y: { kind: 'uniform', low: 0, high: 1 } }, ([x, y]) => x + 100 * y).swings.map(({ input, swing }) => `${input} ${swing.toFixed(3)}`) // ['y 80.000', 'x 8.000']
 */
export function tornado(inputs: Inputs, answer: (values: Float64Array) => number): Tornado {
  const named = Object.entries(inputs);
  for (const [name, distribution] of named) checkDistribution(distribution, name);
  const medians = Float64Array.from(named, ([, distribution]) => valueAt(distribution, 0.5));
  const values = medians.slice();
  const ask = () => checkOutcome(answer(values), inputs, values);
  const middle = ask();
  const swings = named.map(([input, distribution], index) => {
    const [low, high] = [valueAt(distribution, 0.1), valueAt(distribution, 0.9)];
    values[index] = low;
    const atLow = ask();
    values[index] = high;
    const atHigh = ask();
    values[index] = medians[index] ?? 0;
    return { input, low, high, atLow, atHigh, swing: spread(atLow, middle, atHigh) };
  });
  return { middle, swings: swings.sort((a, b) => b.swing - a.swing || 0) };
}
