import { Fault } from '../../faults/fault.ts';
import type { TrafficRequest } from '../traffic.ts';
import type { FoundTokens } from './foundTokens.ts';
import { PrefixReuseTally } from './prefixReuseTally.ts';

/** What LRU KV caches of every size find of the input of traffic that tells of its blocks. */
export interface PrefixReuse extends FoundTokens {
  /** Blocks of all requests, and how many of them differ. */
  readonly totalBlocks: number;
  readonly uniqueBlocks: number;
}

/**
 * Prefix reuse of traffic for LRU KV caches of every size, in one pass by stack distance. A request finds its leading blocks up to the
 * first that is missing, `blocks × block tokens`, at most its input; then all its blocks are touched, the last one first, so that its end
 * is pushed out before its beginning, which more requests share: the order in which vLLM frees blocks. The KV cache starts empty; a
 * request that tells of no blocks finds nothing and takes no room.
 *
 * @param requests in the order in which they come
 * @param blockTokens tokens of one block, a whole number
 * @returns found tokens for each size in whole blocks
 * @throws Fault `invalid` for a block size below 1, `missing` where no request tells of its blocks
 * @example prefixReuse([ask([1, 2]), ask([1, 2]), ask([1, 3])], 512).foundTokens // new Float64Array([0, 1024, 1536, 1536])
 */
export function prefixReuse(requests: Iterable<TrafficRequest>, blockTokens: number): PrefixReuse {
  const tally = new PrefixReuseTally(blockTokens, Number.POSITIVE_INFINITY);
  for (const { blocks, inputTokens } of requests) tally.add(blocks, inputTokens);
  return tally.result();
}

/**
 * Share of the input tokens that a KV cache of so many tokens finds: `found tokens / input tokens` at `floor(tokens / block tokens)`.
 *
 * @param reuse what `prefixReuse` counted
 * @param kvTokens tokens of the KV cache; infinite where nothing is ever pushed out
 * @throws Fault `invalid` for a negative number or none
 * @example reuseAt(prefixReuse([ask([1, 2]), ask([1, 2])], 512), 1024) // 0.5
 */
export function reuseAt({ blockTokens, inputTokens, foundTokens }: FoundTokens, kvTokens: number): number {
  if (!(kvTokens >= 0)) throw new Fault('invalid', 'not a number of tokens', { where: 'kvTokens', value: kvTokens, allowed: '0 or more' });
  const size = Math.min(foundTokens.length - 1, Math.floor(kvTokens / blockTokens));
  return inputTokens === 0 ? 0 : (foundTokens[size] ?? 0) / inputTokens;
}

/**
 * Share of the input tokens that is found where nothing is ever pushed out.
 *
 * @example unlimitedReuse(prefixReuse([ask([1, 2]), ask([1, 2])], 512)) // 0.5
 */
export function unlimitedReuse(reuse: FoundTokens): number {
  return reuseAt(reuse, Number.POSITIVE_INFINITY);
}
