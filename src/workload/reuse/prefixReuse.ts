import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import type { TrafficRequest } from '../traffic.ts';
import { RecencyStack } from './recencyStack.ts';

/** What LRU KV caches of every size find of the input of some traffic. */
export interface PrefixReuse {
  readonly blockTokens: number;
  /** Blocks of all requests, and how many of them differ. */
  readonly totalBlocks: number;
  readonly uniqueBlocks: number;
  readonly inputTokens: number;
  /** Input tokens found in a KV cache of as many blocks as the index says, from 0 to all different ones. */
  readonly foundTokens: Float64Array;
}

/** What a request finds at each depth, added to `found`: a block needs a KV cache that holds all blocks before it too. */
function addFound(found: Map<number, number>, { inputTokens, blocks }: TrafficRequest, blockTokens: number, stack: RecencyStack): void {
  let needed = 0;
  let rest = inputTokens;
  for (const block of blocks ?? []) {
    needed = Math.max(needed, stack.depth(block));
    if (rest <= 0 || needed === Number.POSITIVE_INFINITY) return;
    const tokens = Math.min(blockTokens, rest);
    found.set(needed, (found.get(needed) ?? 0) + tokens);
    rest -= tokens;
  }
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
export function prefixReuse(requests: readonly TrafficRequest[], blockTokens: number): PrefixReuse {
  checkNumber(blockTokens, 'block tokens', { min: 1, max: 1e6, integer: true });
  const totalBlocks = requests.reduce((sum, { blocks }) => sum + (blocks?.length ?? 0), 0);
  if (totalBlocks === 0)
    throw new Fault('missing', 'the traffic tells of no prefix blocks', { where: 'blocks', allowed: 'requests with ids of prefix blocks' });
  const stack = new RecencyStack(totalBlocks);
  const found = new Map<number, number>();
  for (const request of requests) {
    addFound(found, request, blockTokens, stack);
    for (const block of request.blocks?.toReversed() ?? []) stack.touch(block);
  }
  const foundTokens = new Float64Array(stack.size + 1);
  for (const [depth, tokens] of found) foundTokens[depth] = tokens;
  for (let size = 1; size < foundTokens.length; size += 1) foundTokens[size] = (foundTokens[size] ?? 0) + (foundTokens[size - 1] ?? 0);
  return {
    blockTokens,
    totalBlocks,
    uniqueBlocks: stack.size,
    inputTokens: requests.reduce((sum, request) => sum + request.inputTokens, 0),
    foundTokens,
  };
}

/**
 * Share of the input tokens that a KV cache of so many tokens finds: `found tokens / input tokens` at `floor(tokens / block tokens)`.
 *
 * @param reuse what `prefixReuse` counted
 * @param kvTokens tokens of the KV cache; infinite where nothing is ever pushed out
 * @throws Fault `invalid` for a negative number or none
 * @example reuseAt(prefixReuse([ask([1, 2]), ask([1, 2])], 512), 1024) // 0.5
 */
export function reuseAt({ blockTokens, inputTokens, foundTokens }: PrefixReuse, kvTokens: number): number {
  if (!(kvTokens >= 0)) throw new Fault('invalid', 'not a number of tokens', { where: 'kvTokens', value: kvTokens, allowed: '0 or more' });
  const size = Math.min(foundTokens.length - 1, Math.floor(kvTokens / blockTokens));
  return inputTokens === 0 ? 0 : (foundTokens[size] ?? 0) / inputTokens;
}

/**
 * Share of the input tokens that is found where nothing is ever pushed out.
 *
 * @example unlimitedReuse(prefixReuse([ask([1, 2]), ask([1, 2])], 512)) // 0.5
 */
export function unlimitedReuse(reuse: PrefixReuse): number {
  return reuseAt(reuse, Number.POSITIVE_INFINITY);
}
