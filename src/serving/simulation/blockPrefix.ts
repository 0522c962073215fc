import type { KvPool } from './kvPool.ts';
import type { Sequence } from './sequence.ts';

/** Blocks of a sequence that a trace numbers; the last may be cut short. */
function countOf({ blocks, inputTokens }: Sequence, blockTokens: number): number {
  return blocks === null ? 0 : Math.min(blocks.length, Math.ceil(inputTokens / blockTokens));
}

/** The blocks of a sequence that are there, up to the first that is missing. */
export function foundBlocks(pool: KvPool, sequence: Sequence, blockTokens: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < countOf(sequence, blockTokens); at++) {
    const slot = pool.find((sequence.blocks as readonly number[])[at] as number);
    if (slot < 0) break;
    found.push(slot);
  }
  return found;
}

/** Lets others find the blocks of a computed prompt; what another computed meanwhile is kept once. */
export function publishBlocks(pool: KvPool, sequence: Sequence, blockTokens: number): void {
  const { pins, blocks, inputTokens } = sequence;
  for (let at = pins.length; at < countOf(sequence, blockTokens); at++) {
    const size = Math.min(blockTokens, inputTokens - at * blockTokens);
    const id = (blocks as readonly number[])[at] as number;
    const other = pool.find(id);
    if (other >= 0) {
      pool.give(size);
      pool.pin(other);
    }
    pins.push(other >= 0 ? other : pool.publish(id, size));
    sequence.ownTokens -= size;
  }
}
