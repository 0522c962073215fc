import type { TrafficRequest } from '../../workload/traffic.ts';

/** A request on its way through the fleet. */
export interface Sequence {
  readonly index: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Where a prefix of it can be found: block ids of the trace, or the number of its conversation; null where neither. */
  readonly blocks: readonly number[] | null;
  readonly conversation: number | null;
  /** Output tokens that it has, as of when it last joined the decoding ones. */
  generated: number;
  /** Step of the replica at which it joined, and at which it will have ended. */
  joinedStep: number;
  endStep: number;
  /** Tokens that must be in the KV cache before it decodes, and those that are: reused ones first. */
  promptTokens: number;
  doneTokens: number;
  reusedTokens: number;
  /** KV cache of its own, growth while decoding aside, and the shared blocks that it pins. */
  ownTokens: number;
  readonly pins: number[];
  /** Tokens of its conversation in the slot that it pins. */
  sharedTokens: number;
  /** Tokens of the chunk in the current iteration. */
  chunkTokens: number;
  /** Whether its first token was given. */
  begun: boolean;
}

/** Numbers conversations. An input that is shorter than the one before it was rewritten (compaction), so it begins a new one. */
export class ConversationNumbers {
  private readonly seen = new Map<string, { number: number; inputTokens: number }>();
  private next = 0;

  numberOf(conversation: string, inputTokens: number): number {
    let known = this.seen.get(conversation);
    if (!known || inputTokens < known.inputTokens) {
      known = { number: this.next++, inputTokens };
      this.seen.set(conversation, known);
    }
    known.inputTokens = inputTokens;
    return known.number;
  }
}

/** A request that nobody has begun. */
export function sequenceOf(index: number, request: TrafficRequest, conversation: number | null, byBlocks: boolean): Sequence {
  return {
    index,
    inputTokens: request.inputTokens,
    outputTokens: request.outputTokens,
    blocks: byBlocks ? request.blocks : null,
    conversation,
    generated: 0,
    joinedStep: 0,
    endStep: 0,
    promptTokens: request.inputTokens,
    doneTokens: 0,
    reusedTokens: 0,
    ownTokens: 0,
    pins: [],
    sharedTokens: 0,
    chunkTokens: 0,
    begun: false,
  };
}
