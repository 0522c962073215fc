import { checkNumber } from '../../units/number.ts';
import { FoundTally, type FoundTokens } from './foundTokens.ts';
import { RecencyStack } from './recencyStack.ts';

/** Tokens between the sizes that are told apart, and how many sizes: beyond 2 billion tokens lies no KV cache. */
const STEP_TOKENS = 512;
const MOST_SIZES = 2 ** 22;

/**
 * Counts what LRU KV caches of every size find of conversations whose blocks nobody tells: the next call of a conversation begins with the
 * context that its last call left behind. That context lies below all that other conversations touched since, so that a KV cache of C
 * tokens finds `min(cap, C - touched since)` of it, where `cap` is the least of the context, the input and the cached tokens that were
 * counted. Its end is pushed out before its beginning. What conversations share with each other is not found, and the part of a context
 * that the next call does not take up leaves the KV cache at once: the first makes shares too low, the second too high, both slightly
 * where conversations are long.
 */
export class ConversationReuse {
  readonly #stepTokens: number;
  readonly #stack = new RecencyStack();
  readonly #found = new FoundTally();
  #inputTokens = 0;
  #foundTokens = 0;

  /** @param stepTokens tokens between one size and the next */
  constructor(stepTokens = STEP_TOKENS) {
    this.#stepTokens = checkNumber(stepTokens, 'tokens of a step', { min: 1, max: 1e6, integer: true });
  }

  /** Input tokens that a KV cache finds from which nothing is ever pushed out. */
  get foundTokens(): number {
    return this.#foundTokens;
  }

  /**
   * @param conversation its number
   * @param inputTokens reused or not
   * @param outputTokens that the call leaves in the KV cache with its input
   * @param cachedTokens that were counted, as the most that the call can find
   */
  add(conversation: number, inputTokens: number, outputTokens: number, cachedTokens = Number.POSITIVE_INFINITY): void {
    const context = this.#stack.weight(conversation);
    const cap = Math.min(context, inputTokens, cachedTokens);
    if (cap > 0) this.#find(this.#stack.depth(conversation) - context, cap);
    this.#inputTokens += inputTokens;
    this.#foundTokens += cap;
    this.#stack.touch(conversation, inputTokens + outputTokens);
  }

  /** Found tokens for each size in whole steps. */
  result(): FoundTokens {
    return { blockTokens: this.#stepTokens, inputTokens: this.#inputTokens, foundTokens: this.#found.upTo() };
  }

  /** Tokens `since + 1` to `since + cap` of the stack, each by the least size that holds it. */
  #find(since: number, cap: number): void {
    const step = this.#stepTokens;
    const last = Math.min(Math.ceil((since + cap) / step), MOST_SIZES);
    for (let size = Math.floor(since / step) + 1; size <= last; size += 1)
      this.#found.add(size, Math.min(size * step, since + cap) - Math.max((size - 1) * step, since));
  }
}
