import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { FoundTally } from './foundTokens.ts';
import type { PrefixReuse } from './prefixReuse.ts';
import { RecencyStack } from './recencyStack.ts';

/** More distinct blocks than traces of days have, about 100 bytes each; at 512 tokens a KV cache of a billion tokens. */
const MOST_BLOCKS = 2_000_000;

/**
 * Counts what LRU KV caches of every size find of a stream of requests, one after the other, as `prefixReuse` describes it. Of blocks that
 * were not touched for longest some are forgotten: up to `most` blocks every size is exact; what only larger ones would find is not counted.
 */
export class PrefixReuseTally {
  readonly #blockTokens: number;
  readonly #most: number;
  readonly #stack: RecencyStack;
  readonly #found = new FoundTally();
  #totalBlocks = 0;
  #uniqueBlocks = 0;
  #inputTokens = 0;

  /**
   * @param blockTokens tokens of one block, a whole number
   * @param most blocks of the largest KV cache that is told apart
   * @throws Fault `invalid` for a block size below 1
   */
  constructor(blockTokens: number, most = MOST_BLOCKS) {
    this.#blockTokens = checkNumber(blockTokens, 'block tokens', { min: 1, max: 1e6, integer: true });
    this.#most = most;
    this.#stack = new RecencyStack(most);
  }

  get blockTokens(): number {
    return this.#blockTokens;
  }

  get totalBlocks(): number {
    return this.#totalBlocks;
  }

  /** Whether blocks were forgotten, so that found tokens are those of a KV cache of `most` blocks. */
  get isFull(): boolean {
    return this.#stack.hasForgotten;
  }

  /** What was there before is gone: the KV cache of the next requests is empty. */
  clear(): void {
    this.#stack.clear();
  }

  /**
   * @param blocks ids of the leading blocks; null where the request tells of none: it finds nothing and takes no room
   * @returns input tokens that the largest KV cache finds
   */
  add(blocks: readonly number[] | null, inputTokens: number): number {
    this.#inputTokens += inputTokens;
    if (blocks === null) return 0;
    const found = this.#find(blocks, inputTokens);
    this.#totalBlocks += blocks.length;
    const { size } = this.#stack;
    for (let at = blocks.length - 1; at >= 0; at -= 1) this.#stack.touch(blocks[at] ?? -1);
    this.#uniqueBlocks += Math.max(this.#stack.size - size, 0);
    return found;
  }

  /**
   * @returns found tokens for each size in whole blocks
   * @throws Fault `missing` where no request tells of its blocks
   */
  result(): PrefixReuse {
    if (this.#totalBlocks === 0)
      throw new Fault('missing', 'the traffic tells of no prefix blocks', {
        where: 'blocks',
        allowed: 'requests with ids of prefix blocks',
      });
    return {
      blockTokens: this.#blockTokens,
      totalBlocks: this.#totalBlocks,
      uniqueBlocks: this.#uniqueBlocks,
      inputTokens: this.#inputTokens,
      foundTokens: this.#found.upTo(Math.min(this.#uniqueBlocks, this.#most)),
    };
  }

  /** A block needs a KV cache that holds all blocks before it too. */
  #find(blocks: readonly number[], inputTokens: number): number {
    let needed = 0;
    let rest = inputTokens;
    for (const block of blocks) {
      needed = Math.max(needed, this.#stack.depth(block));
      if (rest <= 0 || needed > this.#most || needed === Number.POSITIVE_INFINITY) break;
      const tokens = Math.min(this.#blockTokens, rest);
      this.#found.add(needed, tokens);
      rest -= tokens;
    }
    return inputTokens - rest;
  }
}
