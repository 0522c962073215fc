import { valueAt } from '../../evidence/distribution.ts';
import { quasiRandomPoints } from '../../evidence/quasiRandom.ts';
import type { Inputs } from '../../evidence/uncertainty.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import { type SavingInput, savingInputs } from './savingInputs.ts';
import type { TimeQuestion } from './timeQuestion.ts';
import { CUT, touchedFields, type Values } from './uncertainty.ts';

/** All that the saving of one pair depends on, as a sampler draws it. */
export interface InputModel {
  readonly inputs: readonly SavingInput[];
  readonly distributions: Inputs;
  /** Every input at its median. */
  readonly middle: Values;
  /** A drawn point by name; `cut` keeps it where every input may be. */
  readonly valuesOf: (drawn: ArrayLike<number>, ends?: 'cut') => Values;
}

/** The inputs of a pair, over the months of a plan where there is one. */
export function inputModel(side: SizedSelfHost, api: ApiPrice, question: HostingQuestion, time: TimeQuestion | null): InputModel {
  const inputs = savingInputs(side, api, question, new Set<string>(touchedFields(question.uncertainty)), time);
  const ends = inputs.map(({ distribution }) => [valueAt(distribution, CUT), valueAt(distribution, 1 - CUT)] as const);
  return {
    inputs,
    distributions: Object.fromEntries(inputs.map(({ name, distribution }) => [name, distribution])),
    middle: Object.fromEntries(inputs.map(({ name, distribution }) => [name, valueAt(distribution, 0.5)])),
    valuesOf: (drawn, cut) => {
      const values: Record<string, number> = {};
      for (const [index, { name }] of inputs.entries()) {
        const [low, high] = ends[index] ?? [0, 0];
        const value = drawn[index] ?? 0;
        values[name] = cut ? Math.min(high, Math.max(low, value)) : value;
      }
      return values;
    },
  };
}

/**
 * Points of all inputs of a pair on a scrambled Sobol net of fixed seed.
 *
 * @param samples how many, a power of two
 */
export function drawnValues({ inputs, valuesOf }: InputModel, samples: number): Values[] {
  const columns = quasiRandomPoints(inputs.length, Math.log2(samples), { seed: 1, number: 0 });
  return Array.from({ length: samples }, (_, point) =>
    valuesOf(
      inputs.map(({ distribution }, index) => valueAt(distribution, columns[index]?.[point] ?? 0.5)),
      'cut',
    ),
  );
}
