import { replicaGpus, stageRanks } from '../layout/layout.ts';
import { distinctExperts, type Traffic } from '../model/traffic.ts';
import { freshTokens, type LoadPoint, meanContextTokens } from './loadPoint.ts';
import type { Machine } from './machine.ts';

/** All-reduces of a transformer layer under tensor parallelism: one behind attention, one behind the FFN. */
const REDUCTIONS_PER_LAYER = 2;
const ACTIVATION_BYTES = 2;

/** What one step of a replica moves and computes: bytes per GPU, FLOPs per replica. */
export interface Work {
  readonly concurrency: number;
  readonly layers: number;
  readonly distinctExperts: number;
  readonly weightBytesPerGpu: number;
  readonly kvBytesPerGpu: number;
  /** Products of weights and of attention of one decoded token for each sequence. */
  readonly decodeFlops: number;
  readonly decodeAttentionFlops: number;
  /** Prompt tokens that one step computes on average for the other sequences. */
  readonly prefillTokens: number;
  /** The same of the prompt of one request, reused tokens left out. */
  readonly promptFlops: number;
  readonly promptAttentionFlops: number;
  /** Bytes that the collectives of a step send over the links of one GPU. */
  readonly collectiveBytes: number;
  /** The same for the prompt of one request. */
  readonly promptCollectiveBytes: number;
}

/** Attention of one token over a context, layers with a limited view seeing no more than that. */
function attentionFlops(traffic: Traffic, context: number, kind: 'decodeFlopsPerContextToken' | 'prefillFlopsPerContextToken'): number {
  let flops = traffic[kind] * context;
  for (const limited of traffic.limited) flops += limited[kind] * Math.min(context, limited.tokens);
  return flops;
}

/** Elements that a sequence holds, windows holding no more than their tokens. */
function kvElementsOf(traffic: Traffic, context: number): number {
  let elements = traffic.kvElementsPerToken * context;
  for (const { kvElementsPerToken, tokens } of traffic.limited) elements += kvElementsPerToken * Math.min(context, tokens);
  return elements;
}

/**
 * What one decode step of a replica moves and computes at a load:
 * `weights = fixed / tp + expert layers * distinct experts * expert bytes / ranks`,
 * `KV = sequences * elements of the mean context * bytes / (pp * dcp * attention DP * KV heads split by TP)`.
 * Each sequence gains one token per step, so the prompts of `(sequences - 1) / output` other requests are computed beside it.
 * An MLA latent has one head: TP does not split it, DCP and attention DP do. Under pipeline stages a step is one round in which every
 * micro-batch passes all stages. With fewer sequences than stages or attention DP groups the others idle: a lone sequence takes as long as
 * if each had one.
 *
 * @param traffic bytes and FLOPs of the model
 * @param machine GPU, layout and KV cache of the replica
 * @param load tokens per request and reuse
 * @param concurrency sequences in flight, at least 1
 * @returns bytes per GPU and FLOPs per replica
 * @example workOf(k27, machine, { inputTokens: 8192, outputTokens: 1024, reuse: 0 }, 64).distinctExperts.toFixed(1) // '284.2'
 */
export function workOf(traffic: Traffic, machine: Machine, load: LoadPoint, concurrency: number): Work {
  const { layout } = machine;
  const ranks = stageRanks(layout);
  const context = meanContextTokens(load);
  const batches = Math.max(concurrency, layout.pp);
  const groups = Math.max(concurrency, layout.pp * layout.attentionDp);
  const experts = distinctExperts(traffic, batches / layout.pp);
  const kvShards = layout.pp * layout.dcp * layout.attentionDp * Math.min(layout.tp, traffic.kvHeads);
  const fresh = freshTokens(load);
  const linked = ranks > 1 ? REDUCTIONS_PER_LAYER * traffic.layers * traffic.hiddenSize * ACTIVATION_BYTES : 0;
  return {
    concurrency,
    layers: traffic.layers,
    distinctExperts: experts,
    weightBytesPerGpu: traffic.fixedWeightBytes / layout.tp + (traffic.expertLayers * experts * traffic.expertBytes) / ranks,
    kvBytesPerGpu: (groups * kvElementsOf(traffic, context) * machine.kvBytesPerElement) / kvShards,
    decodeFlops: batches * traffic.decodeFlopsPerToken,
    decodeAttentionFlops: groups * attentionFlops(traffic, context, 'decodeFlopsPerContextToken'),
    prefillTokens: ((concurrency - 1) * fresh) / load.outputTokens,
    promptFlops: fresh * traffic.prefillFlopsPerToken,
    promptAttentionFlops: fresh * attentionFlops(traffic, load.inputTokens - fresh / 2, 'prefillFlopsPerContextToken'),
    collectiveBytes: (concurrency / layout.attentionDp / layout.pp) * linked,
    promptCollectiveBytes: fresh * linked,
  };
}

/** Time to compute at the datasheet peaks of all GPUs of a replica, milliseconds. */
function computeMs(machine: Machine, flops: number, attention: number): number {
  return (1000 * (flops / machine.flopsPerSecond + attention / machine.attentionFlopsPerSecond)) / replicaGpus(machine.layout);
}

/** Times of a step at datasheet rates in milliseconds, each of which a fitted coefficient multiplies. */
export const TPOT_TERMS = ['launch', 'weights', 'kv', 'compute', 'prefill', 'collectives', 'sequences'] as const;

/**
 * The work of a step as times at datasheet rates: layers (of launching kernels), bytes over bandwidth, FLOPs over peak, bytes over links,
 * and sequences (whose tokens are sampled and scheduled).
 *
 * @returns milliseconds in the order of `TPOT_TERMS`; layers and sequences are counts
 */
export function stepTimes(work: Work, machine: Machine, load: LoadPoint): number[] {
  const prompts = (work.concurrency - 1) / load.outputTokens;
  return [
    work.layers,
    (1000 * work.weightBytesPerGpu) / machine.bandwidthBytesPerSecond,
    (1000 * work.kvBytesPerGpu) / machine.bandwidthBytesPerSecond,
    computeMs(machine, work.decodeFlops, work.decodeAttentionFlops),
    prompts * computeMs(machine, work.promptFlops, work.promptAttentionFlops),
    (1000 * (work.collectiveBytes + prompts * work.promptCollectiveBytes)) / machine.linkBytesPerSecond,
    work.concurrency,
  ];
}

/** Parts of the wait for the first token, each of which a fitted coefficient multiplies. */
export const TTFT_TERMS = ['fixed', 'prompt', 'queue', 'chunks', 'arrivals'] as const;

/**
 * The wait for the first token as times at datasheet rates: a fixed part, the own prompt (whose chunks fill the stages one after the
 * other), prompts of others ahead of it, a decode step
 * for each chunk of the prompt, and the number of others (whose requests are handled).
 *
 * @param tpotMs time of a decode step, milliseconds
 * @param batchTokens tokens of a step, which cuts prompts into chunks
 * @returns milliseconds in the order of `TTFT_TERMS`; the first and the last are counts
 */
export function waitTimes(work: Work, machine: Machine, load: LoadPoint, tpotMs: number, batchTokens: number): number[] {
  const prompt =
    computeMs(machine, work.promptFlops, work.promptAttentionFlops) + (1000 * work.promptCollectiveBytes) / machine.linkBytesPerSecond;
  const others = work.concurrency - 1;
  const chunks = Math.ceil(freshTokens(load) / batchTokens);
  const own = (prompt * (chunks + machine.layout.pp - 1)) / Math.max(1, chunks);
  return [1, own, others * prompt, chunks * tpotMs, others];
}
