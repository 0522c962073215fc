import type { Assumption } from '../../evidence/assumption.ts';
import type { Origin } from '../../evidence/term.ts';
import { formatGB, formatGiB } from '../../units/bytes.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';

import type { ExpertCase, LayerCase, OffloadCase, OffloadQuery } from './offloadQuestion.ts';

function choice(code: string, text: string, asked: unknown, source: Origin = 'kplan'): Assumption {
  return asked === undefined ? { code, text: `${text} (default)`, source } : { code, text, source: 'user' };
}

function band({ low, value, high }: { readonly low: number; readonly value: number; readonly high: number }, unit: string): string {
  return `${low}, ${value}, ${high} ${unit}`;
}

function ofLayers(cases: readonly LayerCase[], query: OffloadQuery, { llamaCpp: engine }: Catalog): Assumption[] {
  const formats = new Map(cases.map(({ format }) => [format.format, format]));
  const [first] = cases;
  const latent = Object.values(first?.model.architecture.mixers ?? {}).some(({ kind }) => kind === 'mla');
  const linear = Object.values(first?.model.architecture.mixers ?? {}).some(({ kind }) => kind !== 'mla' && kind !== 'gqa');
  return [
    ...[...formats.values()].map(({ format, assumption, source }) => ({ code: `format-${format}`, text: assumption, source })),
    {
      code: 'placement',
      text: 'all tensors but routed experts on the GPUs where they find room, with the experts of as many layers as possible; layers lie on the GPUs one after the other',
      source: 'kplan',
    },
    {
      code: 'gpu-reserve',
      text: `of each GPU CUDA takes ${band(engine.gpuReserveGiB, 'GiB')}, at the high end with the margin of --fit`,
      source: engine.gpuReserveGiB.source,
    },
    {
      code: 'compute-buffer',
      text: `compute buffer of each GPU ${band(engine.workBufferGiB, 'GiB')}, from the middle on a copy of one expert tensor${latent ? ', at the high end expanded latents (ik_llama.cpp -mla 2 or 3)' : ''}`,
      source: engine.workBufferGiB.source,
    },
    {
      code: 'ram-reserve',
      text: `RAM beside weights and KV cache ${band(engine.hostReserveGB, 'GB')}`,
      source: engine.hostReserveGB.source,
    },
    choice('kv-cache-dtype', `KV cache in ${first?.kvCacheDtype ?? ''}`, query.kvCacheDtype, engine.kvCacheDtypes.source),
    ...(latent
      ? [
          {
            code: 'latent',
            text: 'the latent of MLA is stored once; builds before January 2026 store it nearly twice',
            source: engine.latentStoredOnce.source,
          },
        ]
      : []),
    ...(linear ? [{ code: 'not-counted-states', text: 'not counted: states of linear attention', source: 'kplan' as const }] : []),
    ...(first?.model.architecture.vision
      ? [{ code: 'vision', text: 'the vision encoder is loaded from a file of its own, in 16 bits', source: 'kplan' as const }]
      : []),
  ];
}

function ofExperts([first]: readonly ExpertCase[], query: OffloadQuery, { kTransformers: engine }: Catalog): Assumption[] {
  if (first === undefined) return [];
  const { gpuExperts, prefill, chunkTokens, checkpoint } = first;
  return [
    {
      code: 'checkpoint',
      text: `checkpoint ${checkpoint.repository} (${checkpoint.format}), shared by CPU and GPU`,
      source: checkpoint.source,
    },
    choice(
      'gpu-experts',
      gpuExperts === null ? 'as many experts of each layer on the GPUs as find room' : `experts of each layer on the GPUs: ${gpuExperts}`,
      query.gpuExperts,
    ),
    {
      code: 'ram-experts',
      text: `all experts stay in RAM, with ${band(engine.hostReserveGB, 'GB')} beside them`,
      source: engine.hostReserveGB.source,
    },
    {
      code: 'gpu-reserve',
      text: `each GPU takes ${band(engine.gpuReserveGB, 'GB')} beside weights and KV cache`,
      source: engine.gpuReserveGB.source,
    },
    choice(
      'prefill',
      prefill === 'hybrid'
        ? 'prompts are read by CPU and GPU together'
        : `prompts are read layer by layer on the GPUs: nothing more, ${engine.layerwisePrefillGB.value} GB, or one layer of experts and ${formatCount(chunkTokens)} tokens`,
      query.prefill,
      engine.prefillChunkTokens.source,
    ),
    choice('kv-cache-dtype', `KV cache in ${first.kvCacheDtype}`, query.kvCacheDtype),
    { code: 'split', text: 'what is on the GPUs is split over all of them as SGLang does (TP)', source: 'kplan' },
    { code: 'cpu', text: 'the CPU is an x86 with AVX512', source: engine.methods[0]?.source ?? 'kplan' },
  ];
}

/** What an answer of `offload` takes for granted: every default, and the facts behind its bands. */
export function offloadAssumptions(cases: readonly OffloadCase[], query: OffloadQuery, catalog: Catalog): Assumption[] {
  const [first] = cases;
  if (first === undefined) return [];
  const { model, contextTokens, sequences, host } = first;
  const layers = cases.filter((one) => one.engine === 'llama.cpp');
  const experts = cases.filter((one) => one.engine === 'ktransformers');
  const uncounted = (query.gpu ?? []).filter((name) => !name.includes(':') && name.toLowerCase() !== 'all');
  return [
    choice('model', model.name, query.model),
    choice('context', `context ${formatCount(contextTokens)} tokens`, query.contextTokens),
    choice('sequences', `sequences of it at once: ${sequences}`, query.sequences),
    ...(uncounted.length > 0
      ? [{ code: 'gpus', text: `one GPU of each type without a count: ${uncounted.join(', ')}`, source: 'kplan' as const }]
      : []),
    { code: 'ram', text: `RAM ${formatGB(host.ramBytes, 1)} = ${formatGiB(host.ramBytes, 1)}`, source: 'user' },
    host.diskBytes === null
      ? {
          code: 'disk',
          text: 'the files of the model are on a disk that is not read while serving (--disk says how much there is)',
          source: 'kplan',
        }
      : { code: 'disk', text: `disk ${formatGB(host.diskBytes, 0)}`, source: 'user' },
    ...(layers.length > 0 ? ofLayers(layers, query, catalog) : []),
    ...(experts.length > 0 ? ofExperts(experts, query, catalog) : []),
  ];
}
