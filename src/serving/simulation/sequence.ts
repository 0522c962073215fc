import type { TrafficRequest } from '../../workload/traffic.ts';

/** A request on its way through the fleet. */
export interface Sequence {
  readonly index: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Where a prefix of it can be found: ids of the trace, or a conversation whose blocks are counted from here; null where neither. */
  readonly blocks: readonly number[] | null;
  readonly conversationBase: number | null;
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
  /** Tokens of the chunk in the current iteration. */
  chunkTokens: number;
  /** Whether its first token was given. */
  begun: boolean;
}

/** Blocks of one conversation are numbered below those of the next: at most two million each. */
const BLOCKS_PER_CONVERSATION = 2 ** 21;

/**
 * Names the prefix blocks of conversations. An input that is shorter than the one before it was rewritten (compaction), so it
 * begins a new one.
 */
export class ConversationNames {
  private readonly seen = new Map<string, { base: number; inputTokens: number }>();
  private next = 0;

  /** Id of the first block; later blocks count down from it, apart from the ids of traces, which are not negative. */
  baseOf(conversation: string, inputTokens: number): number {
    let known = this.seen.get(conversation);
    if (!known || inputTokens < known.inputTokens) {
      known = { base: -1 - BLOCKS_PER_CONVERSATION * this.next++, inputTokens };
      this.seen.set(conversation, known);
    }
    known.inputTokens = inputTokens;
    return known.base;
  }
}

/** A request that nobody has begun. */
export function sequenceOf(index: number, request: TrafficRequest, conversationBase: number | null, byBlocks: boolean): Sequence {
  return {
    index,
    inputTokens: request.inputTokens,
    outputTokens: request.outputTokens,
    blocks: byBlocks ? request.blocks : null,
    conversationBase,
    generated: 0,
    joinedStep: 0,
    endStep: 0,
    promptTokens: request.inputTokens,
    doneTokens: 0,
    reusedTokens: 0,
    ownTokens: 0,
    pins: [],
    chunkTokens: 0,
    begun: false,
  };
}

/** Prefix blocks that so many tokens of a sequence make: of a trace the last may be cut short, of a conversation only whole ones count. */
export function blockCount({ blocks, conversationBase, inputTokens }: Sequence, tokens: number, blockTokens: number): number {
  if (blocks) return Math.min(blocks.length, Math.ceil(inputTokens / blockTokens));
  return conversationBase === null ? 0 : Math.floor(tokens / blockTokens);
}

/** Id of a prefix block of a sequence that has blocks. */
export function blockId({ blocks, conversationBase }: Sequence, at: number): number {
  return blocks ? (blocks[at] as number) : (conversationBase as number) - at;
}

/** Tokens of a prefix block. */
export function tokensOfBlock({ blocks, inputTokens }: Sequence, at: number, blockTokens: number): number {
  return blocks ? Math.min(blockTokens, inputTokens - at * blockTokens) : blockTokens;
}
