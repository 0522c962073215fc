import { Fault } from '../faults/fault.ts';
import { LAYOUT_FLAGS } from '../layout/layout.ts';

/** Options of `kplan fit` that only engines take which serve from GPU memory alone. */
const GPU_ONLY: Readonly<Record<string, string>> = {
  gpus: '--gpus',
  ...LAYOUT_FLAGS,
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

/** Those that only engines take which serve from RAM too. */
const WITH_RAM: Readonly<Record<string, string>> = {
  ram: '--ram',
  disk: '--disk',
  gpuExperts: '--gpu-experts',
  prefill: '--prefill',
  prefillChunk: '--prefill-chunk',
};

/**
 * Refuses options that an engine does not have, rather than pass them over.
 *
 * @param offloads whether the engine serves from RAM too
 * @throws Fault `contradiction` naming the option and the engines that take it
 */
export function refuseOptionsOfOthers(options: object, engine: string, offloads: boolean): void {
  for (const [name, where] of Object.entries(offloads ? GPU_ONLY : WITH_RAM)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === false) continue;
    const others = offloads ? 'vllm or sglang' : 'llama.cpp or ktransformers';
    throw new Fault('contradiction', `${engine} has no such option`, { where, value, allowed: `${where} with --engine ${others}` });
  }
}
