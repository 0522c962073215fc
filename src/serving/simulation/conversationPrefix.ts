import type { KvPool } from './kvPool.ts';
import type { Sequence } from './sequence.ts';

/** Where the conversation of a sequence lies, or -1. */
export function foundConversation(pool: KvPool, { conversation }: Sequence): number {
  return conversation === null ? -1 : pool.find(conversation);
}

/** Lets the next request of the conversation find whole blocks of computed tokens; what another of it computed meanwhile is kept once. */
export function publishConversation(pool: KvPool, sequence: Sequence, tokens: number, blockTokens: number): void {
  const { conversation, pins } = sequence;
  if (conversation === null) return;
  if (pins.length === 0) {
    const there = pool.find(conversation);
    if (there >= 0) pool.pin(there);
    pins.push(there >= 0 ? there : pool.publish(conversation, 0));
  }
  const whole = Math.floor(tokens / blockTokens) * blockTokens;
  const added = whole - sequence.sharedTokens;
  if (added <= 0) return;
  const slot = pins[0] as number;
  const missing = Math.max(0, whole - pool.tokensAt(slot));
  pool.grow(slot, missing);
  pool.give(added - missing);
  sequence.ownTokens -= added;
  sequence.sharedTokens = whole;
}
