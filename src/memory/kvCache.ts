import type { Deployment, KvCacheDtype } from '../engine/deployment.ts';
import { admittedSequences } from '../engine/maxSequences.ts';
import { mlaBackend } from '../engine/mlaBackend.ts';
import { kvCaches } from '../layout/layout.ts';
import type { Stage } from './stage.ts';

const ELEMENT_BYTES: Readonly<Record<KvCacheDtype, number>> = { bf16: 2, fp8: 1 };

/** Bytes of one element of the KV cache. */
export function kvElementBytes(dtype: KvCacheDtype): number {
  return ELEMENT_BYTES[dtype];
}

/**
 * Bytes of one token's latent over the layers of a stage: `layers * (kvLoraRank + qkRopeHeadDim) * elementBytes`.
 * Every TP rank holds all of it.
 */
export function latentBytesPerToken({ model, kvCacheDtype }: Deployment, stage: Stage): number {
  const { kvLoraRank, qkRopeHeadDim } = model.architecture.attention;
  return stage.layers * (kvLoraRank + qkRopeHeadDim) * kvElementBytes(kvCacheDtype);
}

/** What one KV cache memory per GPU amounts to over the whole deployment. */
export interface KvCapacity {
  readonly tokens: number;
  readonly sequences: number;
}

/**
 * Capacity of the KV caches for a given memory per GPU:
 * `blocks = floor(memory / (latentBytesPerToken * blockTokens))`, a block holding `blockTokens * dcp` tokens of a sequence;
 * each attention DP group of each copy has such a cache, and a sequence lives in one of them.
 *
 * @param memoryBytes KV memory of one GPU; negative counts as none
 * @param latentBytes bytes of one token on one rank that holds it
 */
export function kvCapacity(deployment: Deployment, memoryBytes: number, latentBytes: number): KvCapacity {
  const { layout, contextTokens } = deployment;
  const blockTokens = mlaBackend(deployment).blockTokens * layout.dcp;
  const blocks = Math.max(0, Math.floor(memoryBytes / (latentBytes * (blockTokens / layout.dcp))));
  const caches = kvCaches(layout);
  return {
    tokens: blocks * blockTokens * caches,
    sequences: Math.min(admittedSequences(deployment).value, Math.floor(blocks / Math.ceil(contextTokens / blockTokens))) * caches,
  };
}
