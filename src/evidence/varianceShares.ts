import { quasiRandomPoints } from './quasiRandom.ts';
import { RANDOMISATIONS, randomisationInterval, type Sampled } from './randomisationInterval.ts';
import { checkOutcome, checkSampling, type Inputs, type SamplingOptions, toValues } from './uncertainty.ts';

/** How much of the doubt about an answer comes from one input. */
export interface VarianceShare {
  readonly input: string;
  /** Share of the variance that would go if this input alone were known. */
  readonly alone: Sampled;
  /** Share that would stay if all other inputs were known: with everything that it does together with them. */
  readonly total: Sampled;
}

const DEFAULT_SAMPLES = 4096;

/** Sums over the points of one randomisation. */
interface Sums {
  sum: number;
  squares: number;
  readonly alone: Float64Array;
  readonly total: Float64Array;
}

/** Answers at the points of `base`, with one column taken from `other` where `swapped` is given. */
type Answers = (base: readonly Float64Array[], other: readonly Float64Array[], swapped?: number) => Float64Array;

function sumsOf(answers: Answers, a: readonly Float64Array[], b: readonly Float64Array[]): Sums {
  const [atA, atB] = [answers(a, b), answers(b, a)];
  const mean = atA.reduce((sum, one, point) => sum + one + (atB[point] ?? 0), 0) / (2 * atA.length);
  const sums: Sums = { sum: 0, squares: 0, alone: new Float64Array(a.length), total: new Float64Array(a.length) };
  for (let point = 0; point < atA.length; point++) {
    const [one, other] = [atA[point] ?? 0, atB[point] ?? 0];
    sums.sum += one + other;
    sums.squares += one * one + other * other;
  }
  for (let input = 0; input < a.length; input++) {
    const mixed = answers(a, b, input);
    let [alone, total] = [0, 0];
    for (let point = 0; point < mixed.length; point++) {
      const difference = (mixed[point] ?? 0) - (atA[point] ?? 0);
      alone += ((atB[point] ?? 0) - mean) * difference;
      total += difference * difference;
    }
    sums.alone[input] = alone / mixed.length;
    sums.total[input] = total / mixed.length / 2;
  }
  return sums;
}

/**
 * Which share of the variance of an answer each input explains, alone and together with others (Sobol's first-order and total index).
 *
 * On points `A` and `B` of one net, `AB_i` being `A` with column i of `B`: alone `mean((f(B) - mean f) (f(AB_i) - f(A))) / V`,
 * total `mean((f(A) - f(AB_i))²) / 2V`, `V` the variance over `A` and `B`. A total above its alone shows what the input does only
 * together with others. Sources: A. Saltelli et al., "Variance based sensitivity analysis of model output", Comput. Phys. Commun.
 * 181 (2010) 259, table 2 (b) and (f); M. J. W. Jansen (1999).
 *
 * @param inputs independent uncertain inputs by name
 * @param answer the answer for the values of the inputs, in the order of `inputs`; asked `samples × (inputs + 2)` times
 * @param options samples (default 4,096), seed (default 1)
 * @returns largest total first, with 95 % intervals of the sampling error; all 0 where the answer does not vary, null where it is not finite
 * @throws Fault `invalid` for a bad distribution, number of samples or seed, or an answer that is not a number
 * @example varianceShares({ x: { kind: 'uniform', low: -1, high: 1 }, y: { kind: 'uniform', low: -1, high: 1 } }, ([x, y]) => x * y).map(({ alone, total }) => `${Math.abs(alone.value).toFixed(1)} ${total.value.toFixed(1)}`) // ['0.0 1.0', '0.0 1.0']
 */
export function varianceShares(
  inputs: Inputs,
  answer: (values: Float64Array) => number,
  options: SamplingOptions = {},
): VarianceShare[] | null {
  const { levels, seed } = checkSampling(inputs, { samples: DEFAULT_SAMPLES, ...options });
  const distributions = Object.values(inputs);
  const count = distributions.length;
  const values = new Float64Array(count);
  let finite = true;
  /** The first answer, taken off all: answers that hardly differ keep their digits, equal ones have a variance of exactly 0. */
  let first: number | undefined;
  const answers: Answers = (base, other, swapped = -1) => {
    const results = new Float64Array(2 ** levels);
    for (let point = 0; point < results.length; point++) {
      for (let input = 0; input < count; input++) values[input] = (input === swapped ? other : base)[input]?.[point] ?? 0;
      const result = checkOutcome(answer(values), inputs, values);
      finite &&= Number.isFinite(result);
      first ??= result;
      results[point] = result - first;
    }
    return results;
  };
  const parts = Array.from({ length: RANDOMISATIONS }, (_, number) => {
    const columns = quasiRandomPoints(2 * count, levels, { seed, number });
    toValues(columns, distributions);
    return sumsOf(answers, columns.slice(0, count), columns.slice(count));
  });
  if (!finite) return null;
  const drawn = 2 * RANDOMISATIONS * 2 ** levels;
  const total = (of: (part: Sums) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  const variance = total(({ squares }) => squares) / drawn - (total(({ sum }) => sum) / drawn) ** 2;
  const share = (of: (part: Sums) => number): Sampled =>
    variance > 0
      ? randomisationInterval(
          total(of) / RANDOMISATIONS / variance,
          parts.map((part) => of(part) / variance),
        )
      : { low: 0, value: 0, high: 0 };
  return Object.keys(inputs)
    .map((input, index) => ({
      input,
      alone: share((part) => part.alone[index] ?? 0),
      total: share((part) => part.total[index] ?? 0),
    }))
    .sort((a, b) => b.total.value - a.total.value);
}
