import type { KvPool } from './kvPool.ts';
import { blockCount, blockId, type Sequence, tokensOfBlock } from './sequence.ts';

/**
 * What a replica finds of an input in its KV cache: nothing; a given share, of which nobody asks where it lies; blocks by the ids of the
 * trace; or whole blocks of the conversation, its outputs included. Found is what computed and was not displaced since.
 */
export type Reuse =
  | { readonly kind: 'none' }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'blocks' | 'conversation'; readonly blockTokens: number };

/** Takes the KV cache for the prompt of a sequence, found blocks first; false where it does not fit, and nothing is taken. */
export function admit(pool: KvPool, sequence: Sequence, reuse: Reuse, keptFree: number): boolean {
  const { promptTokens } = sequence;
  const pins = sequence.pins;
  let [found, unpinned] = [0, 0];
  if (reuse.kind === 'blocks' || reuse.kind === 'conversation') {
    const count = blockCount(sequence, promptTokens, reuse.blockTokens);
    for (let at = 0; at < count; at++) {
      const slot = pool.find(blockId(sequence, at));
      if (slot < 0) break;
      pins.push(slot);
      found += pool.tokensAt(slot);
      if (pool.isUnused(slot)) unpinned += pool.tokensAt(slot);
    }
  }
  if (promptTokens - found + unpinned + keptFree > pool.free) {
    pins.length = 0;
    return false;
  }
  for (const slot of pins) pool.pin(slot);
  sequence.ownTokens = promptTokens - found;
  pool.take(sequence.ownTokens);
  const reused = reuse.kind === 'share' ? Math.floor(reuse.share * sequence.inputTokens) : found;
  sequence.reusedTokens = Math.min(reused, promptTokens - 1);
  sequence.doneTokens = sequence.reusedTokens;
  return true;
}

/** Lets others find the blocks that so many computed tokens of a sequence fill; what another computed meanwhile is kept once. */
export function publish(pool: KvPool, sequence: Sequence, tokens: number, reuse: Reuse): void {
  if (reuse.kind !== 'blocks' && reuse.kind !== 'conversation') return;
  const count = blockCount(sequence, tokens, reuse.blockTokens);
  for (let at = sequence.pins.length; at < count; at++) {
    const size = tokensOfBlock(sequence, at, reuse.blockTokens);
    const id = blockId(sequence, at);
    const other = pool.find(id);
    if (other >= 0) {
      pool.give(size);
      pool.pin(other);
    }
    sequence.pins.push(other >= 0 ? other : pool.publish(id, size));
    sequence.ownTokens -= size;
  }
}

/** Gives back all that a sequence holds; its blocks stay until their room is needed, the last of them first. */
export function release(pool: KvPool, sequence: Sequence): void {
  pool.give(sequence.ownTokens);
  sequence.ownTokens = 0;
  for (let at = sequence.pins.length - 1; at >= 0; at--) pool.unpin(sequence.pins[at] as number);
  sequence.pins.length = 0;
}
