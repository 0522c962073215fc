import type { Deployment } from '../../engine/deployment.ts';
import type { KTransformers, PrefillMode } from '../../engine/ktransformers/kTransformers.ts';
import { waysOf } from '../../engine/spread.ts';
import type { Host } from '../../hardware/host.ts';
import type { Architecture } from '../../model/architecture.ts';
import { layersOf, mixerNamed } from '../../model/layers.ts';
import { groupLayers, loadedBytesPerLayer, type TensorGroup, tensorGroups } from '../../model/tensors.ts';
import { GB, GIB } from '../../units/bytes.ts';
import { kvLayers } from '../kvLayers.ts';
import { stagesOf } from '../stage.ts';
import { extraBytes } from '../weights.ts';
import type { End } from './offloadEnds.ts';

/** What KTransformers places, on which host, in which of the cases. */
export interface ExpertsQuestion {
  readonly engine: KTransformers;
  readonly host: Host;
  /** The part that stays on the GPUs as SGLang splits it, TP over all of them. */
  readonly deployment: Deployment;
  readonly prefill: PrefillMode;
  /** Tokens of one step of prefill. */
  readonly chunkTokens: number;
  /** Experts of each layer on the GPUs; null for as many as find room. */
  readonly gpuExperts: number | null;
  readonly end: End;
}

/** Where KTransformers puts a model: all but the routed experts on the GPUs, with some experts of every layer. */
export interface ExpertsPlan {
  /** Of each layer. */
  readonly gpuExperts: number;
  readonly of: number;
  /** Weights of one GPU, its share of those experts included. */
  readonly gpuWeightBytes: number;
  readonly gpuKvBytes: number;
  /** Of one GPU beside weights and KV cache, prefill included. */
  readonly gpuOverheadBytes: number;
  /** All routed experts: those on the GPUs stay in RAM too. */
  readonly ramWeightBytes: number;
  readonly ramOverheadBytes: number;
  /** What the GPU lacks; 0 where it has room. */
  readonly gpuLacksBytes: number;
}

function isExpert({ module }: TensorGroup): boolean {
  return module === 'routed-experts';
}

function groupsOf({ model, checkpoint }: Deployment): TensorGroup[] {
  return tensorGroups(model.architecture, checkpoint).filter(({ placement }) => placement !== 'draft');
}

/** Loaded bytes of the routed experts of all layers. */
export function routedExpertBytes(deployment: Deployment): number {
  return groupsOf(deployment)
    .filter(isExpert)
    .reduce((sum, group) => sum + loadedBytesPerLayer(group) * groupLayers(group, deployment.model.architecture), 0);
}

function restBytesPerGpu(deployment: Deployment): number {
  const { architecture } = deployment.model;
  const [stage] = stagesOf(architecture, 1);
  const kept = stage ? extraBytes(deployment, stage) : [];
  const rest = groupsOf(deployment).filter((group) => !isExpert(group));
  return (
    rest.reduce(
      (sum, group) => sum + (loadedBytesPerLayer(group) * groupLayers(group, architecture)) / waysOf(group, deployment).value,
      0,
    ) + kept.reduce((sum, { bytes }) => sum + bytes, 0)
  );
}

function kvBytesPerGpu(deployment: Deployment): number {
  const [stage] = stagesOf(deployment.model.architecture, 1);
  const kinds = stage ? kvLayers(deployment, stage) : [];
  const { contextTokens, sequences } = deployment;
  return kinds.reduce((sum, { layers, window, bytesPerToken, stateBytes }) => {
    const tokens = Math.min(contextTokens, window ?? contextTokens);
    return sum + layers * sequences * (tokens * bytesPerToken + stateBytes);
  }, 0);
}

function expertLayers(architecture: Architecture): number {
  return layersOf(architecture).filter(({ ffn }) => ffn === 'experts').length;
}

/**
 * Intermediate values of one prompt token on one GPU in 16 bits: what the chosen experts read, hold and write (their width split over
 * the TP group), queries, keys and values of its heads, and four copies of the hidden state.
 */
export function prefillBytesPerToken({ model, layout }: Deployment): number {
  const { architecture } = model;
  const { experts, hiddenSize, mixers } = architecture;
  const heads = Object.keys(mixers).map((name) => {
    const mixer = mixerNamed(architecture, name);
    if (mixer.kind === 'mla') return mixer.heads * (2 * mixer.qkNopeHeadDim + mixer.qkRopeHeadDim + mixer.valueHeadDim);
    return mixer.kind === 'gqa' ? (mixer.heads + 2 * mixer.kvHeads) * mixer.headDim : 0;
  });
  const routed = experts ? experts.expertsPerToken * (hiddenSize + (3 * experts.expertFfnSize) / layout.tp) : 0;
  return 2 * (routed + Math.max(0, ...heads) / layout.tp + 4 * hiddenSize);
}

/** GPU memory of prefill: at the high end one layer of experts and the values of a whole chunk, in the middle what was measured. */
function prefillBytes({ engine, deployment, prefill, chunkTokens, end }: ExpertsQuestion): number {
  if (prefill === 'hybrid' || end === 'low') return 0;
  if (end === 'value') return engine.layerwisePrefillGB.value * GB;
  const layer = routedExpertBytes(deployment) / Math.max(1, expertLayers(deployment.model.architecture)) / deployment.layout.tp;
  return layer + chunkTokens * prefillBytesPerToken(deployment);
}

/**
 * Where KTransformers puts a model on a host: everything but routed experts on the GPUs, split as SGLang does, `k` experts of every
 * layer beside them (`--kt-num-gpu-experts`), and all routed experts in RAM.
 *
 * @returns bytes of one GPU and of RAM; with `k` as asked, or as many as find room
 */
export function planExperts(question: ExpertsQuestion): ExpertsPlan {
  const { engine, host, deployment, gpuExperts, end } = question;
  const of = deployment.model.architecture.experts?.experts ?? 0;
  const routed = routedExpertBytes(deployment);
  const perExpert = routed / of / deployment.layout.tp;
  const rest = restBytesPerGpu(deployment);
  const gpuKvBytes = kvBytesPerGpu(deployment);
  const gpuOverheadBytes = engine.gpuReserveGB[end] * GB + prefillBytes(question);
  const room = (host.gpu?.torchTotalGiB?.value ?? 0) * GIB - rest - gpuKvBytes - gpuOverheadBytes;
  const k = gpuExperts ?? Math.min(of, Math.max(0, Math.floor(room / perExpert)));
  return {
    gpuExperts: k,
    of,
    gpuWeightBytes: rest + k * perExpert,
    gpuKvBytes,
    gpuOverheadBytes,
    ramWeightBytes: routed,
    ramOverheadBytes: engine.hostReserveGB[end] * GB,
    gpuLacksBytes: Math.max(0, k * perExpert - room),
  };
}
