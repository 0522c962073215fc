import { foundBlocks, publishBlocks } from './blockPrefix.ts';
import { foundConversation, publishConversation } from './conversationPrefix.ts';
import type { KvPool } from './kvPool.ts';
import type { Sequence } from './sequence.ts';

/**
 * What a replica finds of an input in its KV cache: nothing; a given share, of which nobody asks where it lies; blocks by the ids of the
 * trace; or whole blocks of the conversation, its outputs included. Found is what computed and was not displaced since.
 */
export type Reuse =
  | { readonly kind: 'none' }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'blocks' | 'conversation'; readonly blockTokens: number };

/** Slots of the KV cache that hold a prefix of a sequence, first part first. */
function foundSlots(pool: KvPool, sequence: Sequence, reuse: Reuse): number[] {
  if (reuse.kind === 'blocks') return foundBlocks(pool, sequence, reuse.blockTokens);
  const slot = reuse.kind === 'conversation' ? foundConversation(pool, sequence) : -1;
  return slot < 0 ? [] : [slot];
}

/** What a slot may hold of a prompt: of a conversation its whole blocks, for an answer can be longer than what the next request keeps of it. */
function mostOf(promptTokens: number, reuse: Reuse): number {
  return reuse.kind === 'conversation' ? Math.floor(promptTokens / reuse.blockTokens) * reuse.blockTokens : Number.POSITIVE_INFINITY;
}

/** Takes the KV cache for the prompt of a sequence, found parts first; false where it does not fit, and nothing is taken. */
export function admit(pool: KvPool, sequence: Sequence, reuse: Reuse, keptFree: number): boolean {
  const { promptTokens } = sequence;
  const slots = foundSlots(pool, sequence, reuse);
  const most = mostOf(promptTokens, reuse);
  let [found, unpinned] = [0, 0];
  for (const slot of slots) {
    const there = Math.min(pool.tokensAt(slot), most);
    found += there;
    if (pool.isUnused(slot)) unpinned += there;
  }
  if (promptTokens - found + unpinned + keptFree > pool.free) return false;
  for (const slot of slots) {
    pool.cut(slot, most);
    pool.pin(slot);
    sequence.pins.push(slot);
  }
  sequence.sharedTokens = found;
  sequence.ownTokens = promptTokens - found;
  pool.take(sequence.ownTokens);
  const reused = reuse.kind === 'share' ? Math.floor(reuse.share * sequence.inputTokens) : found;
  sequence.reusedTokens = Math.min(reused, promptTokens - 1);
  sequence.doneTokens = sequence.reusedTokens;
  return true;
}

/** Lets others find so many computed tokens of a sequence. */
export function publish(pool: KvPool, sequence: Sequence, tokens: number, reuse: Reuse): void {
  if (reuse.kind === 'blocks') publishBlocks(pool, sequence, reuse.blockTokens);
  if (reuse.kind === 'conversation') publishConversation(pool, sequence, tokens, reuse.blockTokens);
}

/** Gives back all that a sequence holds; its prefix stays until its room is needed, the last part of it first. */
export function release(pool: KvPool, sequence: Sequence): void {
  pool.give(sequence.ownTokens);
  sequence.ownTokens = 0;
  sequence.sharedTokens = 0;
  for (let at = sequence.pins.length - 1; at >= 0; at--) pool.unpin(sequence.pins[at] as number);
  sequence.pins.length = 0;
}
