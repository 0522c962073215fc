import { Fault } from '../faults/fault.ts';
import { checkNumber } from '../units/number.ts';
import { checkDistribution, type Distribution, valueAt } from './distribution.ts';
import { quasiRandomPoints } from './quasiRandom.ts';
import { probabilityInterval, RANDOMISATIONS, randomisationInterval, type Sampled } from './randomisationInterval.ts';
import { quantile } from './sampler.ts';

/** Uncertain inputs by name; a model sees their values in this order. They are taken as independent. */
export type Inputs = Readonly<Record<string, Distribution>>;

/** The outcomes for one value of each input, as many each time; may be infinite. It must not keep what it is given. */
export type Model = (values: Float64Array) => ArrayLike<number>;

export interface SamplingOptions {
  /** Least number of samples; raised to 16 times a power of two. */
  readonly samples?: number;
  /** A whole number from 0 to 2^32 - 1; the same seed gives the same answer. */
  readonly seed?: number;
}

/** What an outcome of a model may be, each figure with the interval of its sampling error. */
export interface SampledOutcome {
  readonly p10: Sampled;
  readonly p50: Sampled;
  readonly p90: Sampled;
  /** Null where a sample is not finite. */
  readonly mean: Sampled | null;
  /** All samples in ascending order. */
  readonly sorted: Float64Array;
}

export interface SampledModel {
  readonly samples: number;
  readonly outcomes: readonly SampledOutcome[];
  /** Probability of each event that was asked for. */
  readonly events: Readonly<Record<string, Sampled>>;
}

const DEFAULT_SAMPLES = 16_384;

/** Checks inputs and options; `levels` is log2 of the points of each randomisation. */
export function checkSampling(inputs: Inputs, { samples = DEFAULT_SAMPLES, seed = 1 }: SamplingOptions) {
  checkNumber(samples, 'samples', { min: 256, max: 2 ** 20, integer: true });
  checkNumber(seed, 'seed', { min: 0, max: 2 ** 32 - 1, integer: true });
  for (const [name, distribution] of Object.entries(inputs)) checkDistribution(distribution, name);
  return { levels: Math.ceil(Math.log2(samples / RANDOMISATIONS)), seed };
}

/** Turns columns of points of the unit cube into values of the inputs, in place. */
export function toValues(columns: readonly Float64Array[], distributions: readonly Distribution[]): void {
  for (const [dimension, column] of columns.entries()) {
    const distribution = distributions[dimension % distributions.length];
    if (distribution) for (let at = 0; at < column.length; at++) column[at] = valueAt(distribution, column[at] ?? 0);
  }
}

/** Refuses an outcome that is no number. */
export function checkOutcome(outcome: number | undefined, inputs: Inputs, values: Float64Array): number {
  if (outcome !== undefined && !Number.isNaN(outcome)) return outcome;
  const at = Object.keys(inputs).map((name, index) => `${name} = ${values[index]}`);
  throw new Fault('invalid', `an outcome is not a number at ${at.join(', ')}`, { where: 'model', value: outcome, allowed: 'a number' });
}

function mean(samples: Float64Array): number {
  return samples.reduce((sum, one) => sum + one, 0) / samples.length;
}

/** Percentiles and mean of all samples; the randomisations follow one another. */
function outcomeOf(drawn: Float64Array): SampledOutcome {
  const sorted = drawn.slice().sort();
  const points = drawn.length / RANDOMISATIONS;
  const parts = Array.from({ length: RANDOMISATIONS }, (_, part) => drawn.slice(part * points, (part + 1) * points).sort());
  const at = (share: number) =>
    randomisationInterval(
      quantile(sorted, share),
      parts.map((part) => quantile(part, share)),
    );
  return {
    p10: at(0.1),
    p50: at(0.5),
    p90: at(0.9),
    mean: sorted.every(Number.isFinite) ? randomisationInterval(mean(sorted), parts.map(mean)) : null,
    sorted,
  };
}

/**
 * Samples a model of independent uncertain inputs on scrambled Sobol points and says how sure each figure of the sample is.
 *
 * 16 independent randomisations of one point set are drawn; the figures come from all points together, their 95 % intervals from
 * how the randomisations differ (`value ± 2.131 sd / √16`).
 *
 * @param inputs uncertain inputs by name, any number of them
 * @param model the outcomes for the values of the inputs, in the order of `inputs`
 * @param options samples (default 16,384; 256 … 1,048,576), seed (default 1), events: what may happen, by name
 * @returns 10th, 50th and 90th percentile and mean of each outcome, in its unit; the probability of each event, 0 … 1
 * @throws Fault `invalid` for a bad distribution, number of samples or seed, or an outcome that is not a number
 * @example sampleModel({ x: { kind: 'uniform', low: 0, high: 2 } }, ([x]) => [3 * x]).outcomes[0].mean.value.toFixed(3) // '3.000'
 */
export function sampleModel(
  inputs: Inputs,
  model: Model,
  options: SamplingOptions & { readonly events?: Readonly<Record<string, (outcomes: ArrayLike<number>) => boolean>> } = {},
): SampledModel {
  const { levels, seed } = checkSampling(inputs, options);
  const distributions = Object.values(inputs);
  const events = Object.entries(options.events ?? {});
  const points = 2 ** levels;
  const samples = RANDOMISATIONS * points;
  const values = new Float64Array(distributions.length);
  const hits = events.map(() => new Array<number>(RANDOMISATIONS).fill(0));
  const drawn: Float64Array[] = [];
  for (let part = 0; part < RANDOMISATIONS; part++) {
    const columns = quasiRandomPoints(distributions.length, levels, { seed, number: part });
    toValues(columns, distributions);
    for (let point = 0; point < points; point++) {
      for (let input = 0; input < values.length; input++) values[input] = columns[input]?.[point] ?? 0;
      const outcomes = model(values);
      const at = part * points + point;
      if (at === 0) for (let index = 0; index < outcomes.length; index++) drawn.push(new Float64Array(samples));
      for (let index = 0; index < drawn.length; index++) {
        const column = drawn[index];
        if (column) column[at] = checkOutcome(outcomes[index], inputs, values);
      }
      for (let index = 0; index < events.length; index++) {
        const counts = hits[index];
        if (counts && events[index]?.[1](outcomes)) counts[part] = (counts[part] ?? 0) + 1;
      }
    }
  }
  const probability = (counts: readonly number[]) =>
    probabilityInterval(
      counts.reduce((sum, one) => sum + one, 0) / samples,
      counts.map((one) => one / points),
      samples,
    );
  return {
    samples,
    outcomes: drawn.map(outcomeOf),
    events: Object.fromEntries(events.map(([name], index) => [name, probability(hits[index] ?? [])])),
  };
}
