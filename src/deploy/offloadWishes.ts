import { modelRules } from '../calibration/client/modelRules.ts';
import type { EngineLaunch } from '../catalog/launchFile.ts';
import { Fault } from '../faults/fault.ts';
import type { DeployOptions } from './deployOptions.ts';
import type { OffloadSubject } from './subject.ts';
import type { Wish } from './wish.ts';

/** Options of the placement as `fit` found them, by the ids of the engine's flags. */
function placementWishes({ result: { launchOptions, binding } }: OffloadSubject, { flags }: EngineLaunch): Wish[] {
  return launchOptions.flatMap((word, index): Wish[] => {
    if (!word.startsWith('--')) return [];
    const id = flags.find(({ flag }) => flag === word)?.id ?? word.slice(2);
    const value = launchOptions[index + 1];
    return [
      {
        id,
        ...(value === undefined || value.startsWith('--') ? {} : { value }),
        why: `placement of the plan: ${binding.message}`,
        needed: true,
      },
    ];
  });
}

/** llama.cpp divides its context among slots, so that their number is always said. */
function slotWishes({ sequences, result: { launchOptions } }: OffloadSubject): Wish[] {
  if (launchOptions.includes('--parallel')) return [];
  return [{ id: 'max-sequences', value: String(sequences), why: 'sequences that share the context', needed: true }];
}

/** Sampling of requests that name none, where the model takes one alone. */
function samplingWishes({ model }: OffloadSubject): Wish[] {
  const rules = modelRules(model.id);
  if (rules === null) return [];
  const why = 'the only sampling that the model takes';
  return [
    { id: 'temperature', value: String(rules.temperature), why, needed: false },
    { id: 'top-p', value: String(rules.topP), why, needed: false },
  ];
}

/** What a plan asks of llama.cpp. */
export function llamaCppWishes(subject: OffloadSubject, launch: EngineLaunch, { modelPath }: DeployOptions): Wish[] {
  const { repository, format } = subject;
  const files: Wish[] =
    modelPath !== undefined
      ? [{ id: 'file', value: modelPath, why: 'as asked', needed: true }]
      : repository === null
        ? []
        : [{ id: 'repository', value: `${repository}:${format.toUpperCase()}`, why: `the mix that the plan is for`, needed: true }];
  return [...files, ...placementWishes(subject, launch), ...slotWishes(subject), ...samplingWishes(subject)];
}

/**
 * What a plan asks of KTransformers, whose CPU reads experts from the files of the model.
 *
 * @throws Fault `missing` where nobody said where these lie
 */
export function kTransformersWishes(subject: OffloadSubject, launch: EngineLaunch, { modelPath, cores, numaNodes }: DeployOptions): Wish[] {
  const { contextTokens, sequences, result } = subject;
  if (modelPath === undefined)
    throw new Fault('missing', 'KTransformers reads the experts from files of the machine', {
      where: '--model-path',
      allowed: 'the folder of the model',
    });
  const counted = (id: string, value: number | undefined): Wish[] =>
    value === undefined ? [] : [{ id, value: String(value), why: 'as asked', needed: true }];
  return [
    { id: 'expert-weights', value: modelPath, why: 'CPU and GPU share the files', needed: true },
    ...placementWishes(subject, launch),
    { id: 'context', value: String(contextTokens), why: 'the plan holds for this context', needed: true },
    { id: 'max-sequences', value: String(sequences), why: 'sequences of the plan', needed: true },
    ...(result.kvCacheDtype === 'fp8'
      ? [{ id: 'kv-cache-dtype', value: 'fp8_e4m3', why: 'the plan counts KV tokens of this size', needed: true }]
      : []),
    ...counted('cpu-threads', cores),
    ...counted('cpu-pools', numaNodes),
  ];
}
