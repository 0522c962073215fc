import type { Gpu } from '../hardware/gpu.ts';
import { type Layout, replicaGpus, stageRanks } from '../layout/layout.ts';
import { distinctExperts, type Traffic } from '../model/traffic.ts';
import { freshTokens, type LoadPoint, meanContextTokens } from './loadPoint.ts';

/** Time of a step that neither bytes nor FLOPs explain. */
export const STEP_SECONDS = 0.006;
/** Share of the datasheet bandwidth that decoding reaches. */
export const BANDWIDTH_SHARE = 0.6;
/** Share of the datasheet BF16 peak that matrix products reach. */
export const COMPUTE_SHARE = 0.35;

/** What the step-time model needs to know of the machine. */
export interface Machine {
  readonly bandwidthBytesPerSecond: number;
  readonly flopsPerSecond: number;
  readonly layout: Layout;
  readonly kvBytesPerElement: number;
}

/** One decode step with its parts; each part is per GPU or per replica as named. */
export interface StepTime {
  readonly concurrency: number;
  readonly distinctExperts: number;
  readonly weightBytesPerGpu: number;
  readonly kvBytesPerGpu: number;
  readonly memorySeconds: number;
  readonly decodeFlops: number;
  readonly computeSeconds: number;
  readonly prefillTokens: number;
  readonly prefillFlops: number;
  readonly prefillSeconds: number;
  readonly seconds: number;
}

/** The machine of a replica, or null where the datasheet figures of the GPU are unknown. */
export function machineOf(gpu: Gpu, layout: Layout, kvBytesPerElement: number): Machine | null {
  if (!gpu.memoryBandwidthGBPerSecond || !gpu.bf16DenseTflops) return null;
  return {
    bandwidthBytesPerSecond: gpu.memoryBandwidthGBPerSecond.value * 1e9,
    flopsPerSecond: gpu.bf16DenseTflops.value * 1e12,
    layout,
    kvBytesPerElement,
  };
}

/**
 * Time of one decode step of a replica:
 * `6 ms + max(bytes per GPU / (0.60 * bandwidth), FLOPs / (0.35 * peak)) + prefill FLOPs / (0.35 * peak)`.
 * Each sequence gains one token per step, so `concurrency / output` requests are prefilled beside it.
 * Under pipeline stages a step is one round in which every micro-batch passes all stages.
 *
 * @param traffic bytes and FLOPs of the model
 * @param machine GPU, layout and KV cache of the replica
 * @param load tokens per request and reuse
 * @param concurrency sequences in flight, at least 1
 * @returns seconds, bytes and FLOPs; median error of the whole on 637 published points: 14 %, 90th percentile 38 %
 * @example stepTime(k27, h200, { inputTokens: 8192, outputTokens: 1024, reuse: 0 }, 64).seconds // 0.052
 */
export function stepTime(traffic: Traffic, machine: Machine, load: LoadPoint, concurrency: number): StepTime {
  const { layout } = machine;
  const peak = COMPUTE_SHARE * machine.flopsPerSecond * replicaGpus(layout);
  const context = meanContextTokens(load);
  const experts = distinctExperts(traffic, concurrency / layout.pp);
  const weightBytesPerGpu =
    traffic.fixedWeightBytes / layout.tp + (traffic.expertLayers * experts * traffic.expertBytes) / stageRanks(layout);
  const kvBytesPerGpu =
    (concurrency * context * traffic.kvElementsPerToken * machine.kvBytesPerElement) / (layout.pp * layout.dcp * layout.attentionDp);
  const memorySeconds = (weightBytesPerGpu + kvBytesPerGpu) / (BANDWIDTH_SHARE * machine.bandwidthBytesPerSecond);
  const decodeFlops = concurrency * (traffic.decodeFlopsPerToken + traffic.decodeFlopsPerContextToken * context);
  const computeSeconds = decodeFlops / peak;
  const fresh = freshTokens(load);
  const prefillTokens = (concurrency * fresh) / load.outputTokens;
  const contextBehind = load.inputTokens - fresh / 2;
  const prefillFlops = prefillTokens * (traffic.prefillFlopsPerToken + traffic.prefillFlopsPerContextToken * contextBehind);
  const prefillSeconds = prefillFlops / peak;
  const seconds = STEP_SECONDS + Math.max(memorySeconds, computeSeconds) + prefillSeconds;
  return {
    concurrency,
    distinctExperts: experts,
    weightBytesPerGpu,
    kvBytesPerGpu,
    memorySeconds,
    decodeFlops,
    computeSeconds,
    prefillTokens,
    prefillFlops,
    prefillSeconds,
    seconds,
  };
}
