import { given } from '../plan/fit/question.ts';
import type { OffloadQuery } from '../plan/offload/offloadQuestion.ts';
import { parseByteSize } from '../units/byteSize.ts';
import { parseNumber } from '../units/number.ts';
import { parseContext } from '../units/tokens.ts';
import { namesIn } from './deploymentQuery.ts';
import { refuseOptionsOfOthers } from './engineOptions.ts';
import type { FitOptions } from './fitOptions.ts';

function countIn(text: string | undefined, where: string, min: number): number | undefined {
  return text === undefined ? undefined : parseNumber(text, where, { min, integer: true });
}

/**
 * Reads the words of `kplan fit --engine llama.cpp|ktransformers` into a query.
 *
 * @throws Fault naming the option, the value and what is allowed
 */
export function offloadQueryOf(options: FitOptions): OffloadQuery {
  const {
    engine = '',
    gpu,
    ram,
    disk,
    model,
    format,
    ctx,
    sequences,
    kvCacheDtype,
    gpuExperts,
    prefill,
    prefillChunk,
    terms,
    ids,
  } = options;
  refuseOptionsOfOthers(options, engine, true);
  return {
    engine,
    ...given('gpu', gpu === undefined || gpu === 'none' ? undefined : namesIn(gpu, '--gpu')),
    ...given('ramBytes', ram === undefined ? undefined : parseByteSize(ram, '--ram')),
    ...given('diskBytes', disk === undefined ? undefined : parseByteSize(disk, '--disk')),
    ...given('model', model),
    ...given('format', format === 'all' ? undefined : format),
    ...given('contextTokens', ctx === undefined ? undefined : parseContext(ctx, '--ctx')),
    ...given('sequences', countIn(sequences, '--sequences', 1)),
    ...given('kvCacheDtype', kvCacheDtype),
    ...given('gpuExperts', countIn(gpuExperts, '--gpu-experts', 0)),
    ...given('prefill', prefill),
    ...given('prefillChunkTokens', prefillChunk === undefined ? undefined : parseContext(prefillChunk, '--prefill-chunk')),
    ...given('terms', terms || ids),
  };
}
