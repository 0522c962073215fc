import type { Deployment, KvCacheDtype } from '../../engine/deployment.ts';
import { expertMethod, refusalOf } from '../../engine/ktransformers/rules.ts';
import { estimate } from '../../evidence/estimate.ts';
import { byEnd, type End } from '../../memory/offload/offloadEnds.ts';
import { planExperts } from '../../memory/offload/offloadExperts.ts';
import { ggufKvBytes } from '../../memory/offload/offloadKv.ts';
import { type LayerPlan, planLayers, ramNeeded } from '../../memory/offload/offloadLayers.ts';
import { expertTerms, layerTerms } from '../../memory/offload/offloadTerms.ts';
import { fileBytesOf, ggufWeights, type OffloadWeights } from '../../memory/offload/offloadWeights.ts';
import { checkpointSize } from '../../model/checkpointSize.ts';
import type { Catalog } from '../catalog.ts';
import { type Demand, invalidOffload, type JudgedOffload, judgeDemand, type Need } from './offloadJudge.ts';
import { type ExpertCase, type LayerCase, type OffloadCase, sglangOf } from './offloadQuestion.ts';

/** Weights of the asked file at one end of its size. */
function weightsOf({ model, format }: LayerCase, end: End): OffloadWeights {
  return ggufWeights(model.architecture, format.storage[end]);
}

function largestLayer({ layers }: OffloadWeights): number {
  return Math.max(...layers.map(({ restBytes, expertBytes }) => restBytes + expertBytes));
}

/** `--n-gpu-layers` counts the output head as one more layer, the first that it takes. */
function layerOptions({ contextTokens, sequences, kvCacheDtype, host }: LayerCase, { kind, onGpus, of, from }: LayerPlan): string[] {
  const gpu =
    kind === 'experts'
      ? ['--n-gpu-layers', '999', ...(onGpus < of ? ['--n-cpu-moe', String(from)] : [])]
      : ['--n-gpu-layers', String(onGpus === 0 ? 0 : onGpus + 1)];
  const dtype = kvCacheDtype === 'f16' ? [] : ['--cache-type-k', kvCacheDtype, '--cache-type-v', kvCacheDtype];
  const slots = sequences === 1 ? [] : ['--parallel', String(sequences)];
  return [...(host.gpu === null ? [] : gpu), '--ctx-size', String(contextTokens * sequences), ...slots, ...dtype];
}

function layerNeed(question: LayerCase, { llamaCpp: engine }: Catalog, end: End): Need {
  const { model, host, contextTokens, sequences, kvCacheDtype: dtype } = question;
  const { architecture } = model;
  const weights = weightsOf(question, end);
  const kvBytes = ggufKvBytes(architecture, { dtype, contextTokens, sequences, microBatchTokens: engine.microBatchTokens.value });
  const asked = { engine, host, architecture, weights, kvBytes, kvTokens: contextTokens * sequences, end };
  const plan = planLayers(asked);
  const held = plan.ramKvBytes + plan.ramOverheadBytes;
  return {
    placement: { kind: plan.kind === 'experts' ? 'expert-layers' : 'layers', onGpus: plan.onGpus, of: plan.of },
    gpuWeightBytes: plan.gpuWeightBytes,
    kvBytes: plan.gpuKvBytes + plan.ramKvBytes,
    gpuOverheadBytes: plan.gpuOverheadBytes,
    gpuLacksBytes: 0,
    ramNeededBytes: ramNeeded(plan),
    ramLeastBytes: held + Math.min(plan.ramWeightBytes, weights.embeddingBytes + largestLayer(weights)),
    launchOptions: layerOptions(question, plan),
    terms: () => layerTerms(asked, plan, question.format.source),
  };
}

function layerDemand(question: LayerCase, catalog: Catalog): Demand {
  const { model, format } = question;
  const file = byEnd((end) => fileBytesOf(weightsOf(question, end), model.architecture));
  const { hostReserveGB, gpuReserveGiB } = catalog.llamaCpp;
  return {
    question,
    needs: byEnd((end) => layerNeed(question, catalog, end)),
    fileBytes: estimate(format.source === 'kplan' ? 'assumed' : 'measured', file.low, file.value, file.high),
    diskNeededBytes: file.value + weightsOf(question, 'value').visionBytes,
    readsFromDisk: true,
    sources: { file: format.source, ram: hostReserveGB.source, gpu: gpuReserveGiB.source },
  };
}

/** The part on the GPUs as SGLang would serve it, TP over all of them. */
export function gpuPart(
  { model, checkpoint, host, contextTokens, sequences, kvCacheDtype }: ExpertCase,
  catalog: Catalog,
): Deployment | null {
  if (host.gpu === null) return null;
  return {
    model,
    checkpoint,
    gpu: host.gpu,
    release: sglangOf(catalog),
    layout: { tp: host.gpus, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
    kvCacheDtype: kvCacheDtype as KvCacheDtype,
    contextTokens,
    sequences,
    encoderMode: 'weights',
  };
}

function expertOptions({ contextTokens, sequences, host, prefill, chunkTokens }: ExpertCase, method: string, gpuExperts: number): string[] {
  const chunk = prefill === 'layerwise' ? ['--chunked-prefill-size', String(chunkTokens)] : [];
  const ways = ['--tensor-parallel-size', String(host.gpus), '--max-total-tokens', String(contextTokens * sequences)];
  return ['--kt-method', method, '--kt-num-gpu-experts', String(gpuExperts), ...ways, ...chunk];
}

function expertDemand(question: ExpertCase, deployment: Deployment, catalog: Catalog): Demand {
  const { host, prefill, chunkTokens, gpuExperts, checkpoint, model } = question;
  const { kTransformers: engine } = catalog;
  const method = expertMethod(engine, checkpoint)?.method ?? '';
  const need = (end: End): Need => {
    const asked = { engine, host, deployment, prefill, chunkTokens, gpuExperts, end };
    const plan = planExperts(asked);
    const ramNeededBytes = plan.ramWeightBytes + plan.ramOverheadBytes;
    return {
      placement: { kind: 'experts-per-layer', onGpus: plan.gpuExperts, of: plan.of },
      gpuWeightBytes: plan.gpuWeightBytes * host.gpus,
      kvBytes: plan.gpuKvBytes * host.gpus,
      gpuOverheadBytes: plan.gpuOverheadBytes,
      gpuLacksBytes: plan.gpuLacksBytes,
      ramNeededBytes,
      ramLeastBytes: ramNeededBytes,
      launchOptions: expertOptions(question, method, plan.gpuExperts),
      terms: () => expertTerms(asked, plan),
    };
  };
  const { bytes } = checkpointSize(model, checkpoint);
  return {
    question,
    needs: byEnd(need),
    fileBytes: estimate('exact', bytes, bytes, bytes),
    diskNeededBytes: bytes,
    readsFromDisk: false,
    sources: { file: checkpoint.source, ram: engine.hostReserveGB.source, gpu: engine.gpuReserveGB.source },
  };
}

function unknownMemory({ host: { gpu } }: OffloadCase): JudgedOffload['binding'] | null {
  if (gpu === null || gpu.torchTotalGiB !== null) return null;
  const message = `how much memory an engine sees on ${gpu.name} is not known, and the figure on the box is not it`;
  return { code: 'gpu.memory-unknown', message, source: gpu.marketedGB.source };
}

/** The verdict on one case: the engine's rules first, then the memory of GPUs and RAM. */
export function judgeOffload(question: OffloadCase, catalog: Catalog): JudgedOffload {
  const unknown = unknownMemory(question);
  if (unknown) return invalidOffload(question, unknown);
  if (question.engine === 'llama.cpp') return judgeDemand(layerDemand(question, catalog));
  const refusal = refusalOf(catalog.kTransformers, question.model, question.checkpoint, question.host);
  const deployment = gpuPart(question, catalog);
  if (refusal || deployment === null) return invalidOffload(question, refusal ?? { code: 'ktransformers.no-gpu', message: '', source: '' });
  return judgeDemand(expertDemand(question, deployment, catalog));
}
