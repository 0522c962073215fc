import type { StartupLog } from '../../importers/startupLog/startupLog.ts';
import { ggufKvBytes } from '../../memory/offload/offloadKv.ts';
import { findEncoding } from '../../model/encoding.ts';
import { GIB } from '../../units/bytes.ts';
import { compared, type LoggedValue, type ReconcileLine, stated, unpredicted } from './line.ts';
import type { LogDeployment } from './logDeployment.ts';

/** KV cache of llama.cpp: cells × elements × bits of its type, the latent of MLA once. */
export function ggufKvLines({ figures: { kvMemory }, flags }: StartupLog, { deployment, noKv }: LogDeployment): ReconcileLine[] {
  if (!kvMemory) return [];
  const logged = stated(kvMemory) as LoggedValue;
  const what = 'KV memory of all devices';
  const dtype = flags.kvCacheDtype ?? 'f16';
  if (!deployment) return [unpredicted('kv-memory', what, 'GiB', logged, noKv ?? 'the model is not known')];
  if (!findEncoding(`gguf:${dtype}`)) return [unpredicted('kv-memory', what, 'GiB', logged, `kplan does not know the type ${dtype}`)];
  const ask = {
    dtype,
    contextTokens: deployment.contextTokens,
    sequences: flags.maxNumSeqs ?? 1,
    microBatchTokens: flags.maxNumBatchedTokens ?? 512,
  };
  const bytes = ggufKvBytes(deployment.model.architecture, ask).reduce((sum, layer) => sum + layer, 0);
  return [
    compared({
      id: 'kv-memory',
      what,
      unit: 'GiB',
      predicted: bytes / GIB,
      logged,
      tolerance: 0.001 * logged.value + kvMemory.rounding,
      explain: (_, within) =>
        within ? `${dtype} for each cell and layer` : 'slots or layers keep more or less than one cell for each token',
    }),
  ];
}

/** Buffers that llama.cpp computes in, for which kplan has no rule that its log could prove. */
export function ggufBufferLines({ buffers }: StartupLog): ReconcileLine[] {
  return buffers
    .filter(({ use }) => use === 'compute' || use === 'vision' || use === 'vision-weights')
    .map(({ device, use, gib, line }) => {
      const what =
        use === 'compute'
          ? `compute buffer on ${device}`
          : use === 'vision'
            ? `compute buffer of the vision encoder on ${device}`
            : 'weights of the vision encoder';
      return unpredicted(
        `${use}-${device}`,
        what,
        'GiB',
        { value: gib, line },
        use === 'vision-weights'
          ? 'a file of its own'
          : 'follows the micro-batch and the backend; kplan takes a constant for hosts like this',
      );
    });
}
