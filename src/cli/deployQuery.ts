import type { DeployQuery } from '../deploy/deployQuery.ts';
import { given } from '../plan/fit/question.ts';
import { GB } from '../units/bytes.ts';
import { parseNumber } from '../units/number.ts';
import type { DeployWords } from './deployOptions.ts';

function countIn(text: string | undefined, where: string, min = 1): number | undefined {
  return text === undefined ? undefined : parseNumber(text, where, { min, integer: true });
}

/**
 * Reads the words of `kplan deploy` that are no part of the plan.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function deployQueryOf(words: DeployWords): Omit<DeployQuery, 'plan'> {
  const { row, modelPath, servedName, host, image, draftModel, name, url, ray, acceptMarginal, force, loadRate } = words;
  return {
    ...given('row', row),
    ...given('modelPath', modelPath),
    ...given('servedName', servedName),
    ...given('host', host),
    ...given('image', image),
    ...given('draftModel', draftModel),
    ...given('name', name),
    ...given('url', url),
    ...given('ray', ray),
    ...given('acceptMarginal', acceptMarginal),
    ...given('force', force),
    ...given('port', countIn(words.port, '--port')),
    ...given('cores', countIn(words.cores, '--cores')),
    ...given('numaNodes', countIn(words.numaNodes, '--numa-nodes')),
    ...given('replicas', countIn(words.replicas, '--replicas')),
    ...given('leastReplicas', countIn(words.leastReplicas, '--least-replicas', 0)),
    ...given('loadBytesPerSecond', loadRate === undefined ? undefined : parseNumber(loadRate, '--load-rate', { above: 0 }) * GB),
  };
}
