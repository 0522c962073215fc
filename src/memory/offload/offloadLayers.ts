import type { LlamaCpp } from '../../engine/llamacpp/llamaCpp.ts';
import type { Host } from '../../hardware/host.ts';
import type { Architecture } from '../../model/architecture.ts';
import { GB, GIB } from '../../units/bytes.ts';
import type { End } from './offloadEnds.ts';
import { expandedLatentBytes } from './offloadKv.ts';
import type { OffloadWeights } from './offloadWeights.ts';

/** What is placed, on which host, in which of the cases. */
export interface LayerQuestion {
  readonly engine: LlamaCpp;
  readonly host: Host;
  readonly architecture: Architecture;
  readonly weights: OffloadWeights;
  /** KV cache of each layer. */
  readonly kvBytes: readonly number[];
  /** Tokens of all sequences together. */
  readonly kvTokens: number;
  readonly end: End;
}

/** Where llama.cpp puts a model: whole layers, or all but the experts of some layers. */
export interface LayerPlan {
  readonly kind: 'experts' | 'layers';
  /** Layers whose experts (or which as a whole) are on the GPUs: the last ones. */
  readonly onGpus: number;
  readonly of: number;
  /** First layer that is on the GPUs with its experts. */
  readonly from: number;
  readonly gpuWeightBytes: number;
  readonly gpuKvBytes: number;
  /** Of one GPU beside weights and KV cache: what CUDA takes, and the compute buffer. */
  readonly gpuOverheadBytes: number;
  readonly ramWeightBytes: number;
  readonly ramKvBytes: number;
  /** Beside weights and KV cache. */
  readonly ramOverheadBytes: number;
}

/** Bytes of all parts together. */
export function total(bytes: readonly number[]): number {
  return bytes.reduce((sum, one) => sum + one, 0);
}

/** Matrices of an expert are tensors of their own; the copy of one comes to the GPU while prompts are read. */
function expertTensorBytes({ weights, architecture }: LayerQuestion): number {
  const matrices = architecture.experts?.matrices ?? 3;
  return Math.max(0, ...weights.layers.map(({ expertBytes }) => expertBytes)) / matrices;
}

/** The compute buffer of one GPU: work space, from the middle on a copy of an expert tensor, at the high end the expanded latents. */
function computeBufferBytes(question: LayerQuestion, expertsInRam: boolean): number {
  const { engine, architecture, kvTokens, end } = question;
  const copy = expertsInRam && end !== 'low' ? expertTensorBytes(question) : 0;
  const latents = end === 'high' ? expandedLatentBytes(architecture, kvTokens) : 0;
  return engine.workBufferGiB[end] * GIB + copy + latents;
}

function overheadOf(question: LayerQuestion, expertsInRam: boolean): number {
  return question.engine.gpuReserveGiB[question.end] * GIB + computeBufferBytes(question, expertsInRam);
}

/** Whether pieces, laid one after the other, fill no more GPUs than there are; no piece is cut. */
function fills(pieces: readonly number[], gpus: number, capacity: number): boolean {
  let gpu = 1;
  let used = 0;
  for (const piece of pieces) {
    if (piece > capacity) return false;
    if (used + piece > capacity) {
      gpu += 1;
      used = 0;
    }
    used += piece;
  }
  return gpu <= gpus;
}

/** What lies on the GPUs, piece by piece. */
interface Pieces {
  readonly from: number;
  readonly weights: readonly number[];
  readonly kv: readonly number[];
}

function plan(question: LayerQuestion, kind: LayerPlan['kind'], onGpus: number, { from, weights, kv }: Pieces): LayerPlan {
  const { weights: all, host, engine, end, kvBytes } = question;
  const layers = all.layers.map(({ restBytes, expertBytes }) => restBytes + expertBytes);
  const everything = total(layers) + all.headBytes + all.embeddingBytes + all.visionBytes;
  const noGpu = total(weights) === 0;
  const of = kind === 'experts' ? all.layers.filter(({ expertBytes }) => expertBytes > 0).length : all.layers.length;
  return {
    kind,
    onGpus,
    of,
    from,
    gpuWeightBytes: total(weights),
    gpuKvBytes: total(kv),
    gpuOverheadBytes: host.gpu === null ? 0 : overheadOf(question, onGpus < of),
    ramWeightBytes: everything - total(weights),
    ramKvBytes: total(kvBytes) - total(kv),
    ramOverheadBytes: engine.hostReserveGB[end] * GB + (noGpu ? engine.workBufferGiB[end] * GIB : 0),
  };
}

/** Bytes that a GPU has for weights and KV cache. */
function capacityOf(question: LayerQuestion, expertsInRam: boolean): number {
  return (question.host.gpu?.torchTotalGiB?.value ?? 0) * GIB - overheadOf(question, expertsInRam);
}

/** All but the experts of the first layers on the GPUs, of as few layers as possible; null where not even the rest finds room. */
function expertsPlan(question: LayerQuestion): LayerPlan | null {
  const { weights, kvBytes, host } = question;
  const withExperts = weights.layers.flatMap(({ expertBytes }, layer) => (expertBytes > 0 ? [layer] : []));
  for (let inRam = 0; inRam <= withExperts.length; inRam++) {
    const first = withExperts[inRam] ?? weights.layers.length;
    const layers = weights.layers.map(({ restBytes, expertBytes }, layer) => restBytes + (layer >= first ? expertBytes : 0));
    const pieces = [weights.visionBytes, ...layers.map((bytes, layer) => bytes + (kvBytes[layer] ?? 0)), weights.headBytes];
    if (!fills(pieces, host.gpus, capacityOf(question, inRam > 0))) continue;
    const placed = { from: first, weights: [weights.visionBytes, ...layers, weights.headBytes], kv: kvBytes };
    return plan(question, 'experts', withExperts.length - inRam, placed);
  }
  return null;
}

/** As many whole layers as find room on the GPUs, the last first; the head and the vision encoder come with the first of them. */
function layersPlan(question: LayerQuestion): LayerPlan {
  const { weights, kvBytes, host } = question;
  const layers = weights.layers.map(({ restBytes, expertBytes }) => restBytes + expertBytes);
  for (let onGpus = layers.length; onGpus > 0; onGpus--) {
    const ends = [weights.visionBytes, weights.headBytes];
    const kv = kvBytes.slice(-onGpus);
    const own = layers.slice(-onGpus);
    const pieces = [weights.visionBytes, ...own.map((bytes, layer) => bytes + (kv[layer] ?? 0)), weights.headBytes];
    if (fills(pieces, host.gpus, capacityOf(question, onGpus < layers.length)))
      return plan(question, 'layers', onGpus, { from: layers.length - onGpus, weights: [...ends, ...own], kv });
  }
  return plan(question, 'layers', 0, { from: layers.length, weights: [], kv: [] });
}

/** RAM that a plan needs, bytes. */
export function ramNeeded({ ramWeightBytes, ramKvBytes, ramOverheadBytes }: LayerPlan): number {
  return ramWeightBytes + ramKvBytes + ramOverheadBytes;
}

/**
 * Where llama.cpp puts a model on a host: all tensors but routed experts on the GPUs with the experts of as many layers as find room
 * (`--n-cpu-moe`). Where the rest finds no room, or only whole layers (`--n-gpu-layers`) leave little enough for RAM, as many of those
 * as find room. The embedding table stays in RAM. Layers lie on the GPUs one after the other and are not cut.
 *
 * @returns bytes on the GPUs and in RAM; there may be more than the host has
 */
export function planLayers(question: LayerQuestion): LayerPlan {
  const { host, architecture } = question;
  const experts = host.gpu === null || architecture.experts === null ? null : expertsPlan(question);
  if (experts && ramNeeded(experts) <= host.ramBytes) return experts;
  const layers = layersPlan(question);
  return experts && ramNeeded(layers) > host.ramBytes ? experts : layers;
}
