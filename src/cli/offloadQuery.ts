import { Fault } from '../faults/fault.ts';
import type { OffloadQuery } from '../plan/offload/offloadQuestion.ts';
import { parseByteSize } from '../units/byteSize.ts';
import { parseNumber } from '../units/number.ts';
import { parseContext } from '../units/tokens.ts';
import { given, namesIn } from './deploymentQuery.ts';
import type { FitOptions } from './fitOptions.ts';

/** Options of `kplan fit` that only engines take which serve from GPU memory alone. */
const GPU_ONLY: Readonly<Record<string, string>> = {
  gpus: '--gpus',
  tp: '--tp',
  pp: '--pp',
  dp: '--dp',
  ep: '--ep',
  dcp: '--dcp',
  attentionDp: '--attention-dp',
  utilization: '--utilization',
  maxNumSeqs: '--max-num-seqs',
  maxNumBatchedTokens: '--max-num-batched-tokens',
  mmEncoder: '--mm-encoder',
  draft: '--draft',
  draftTokens: '--draft-tokens',
  enforceEager: '--enforce-eager',
  graphEstimate: '--graph-estimate',
  calibration: '--calibration',
  rules: '--rules',
  all: '--all',
};

function refuseGpuOnly(options: object, engine: string): void {
  for (const [name, where] of Object.entries(GPU_ONLY)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === false) continue;
    throw new Fault('contradiction', `${engine} has no such option`, { where, value, allowed: `${where} with --engine vllm or sglang` });
  }
}

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
  refuseGpuOnly(options, engine);
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
