/** What LRU KV caches of every size find of the input of some traffic. */
export interface FoundTokens {
  /** Tokens between one size and the next. */
  readonly blockTokens: number;
  readonly inputTokens: number;
  /** Input tokens found in a KV cache of as many blocks as the index says, from 0 to all that is worth telling apart. */
  readonly foundTokens: Float64Array;
}

/** Tokens by the least KV cache that finds them. */
export class FoundTally {
  #tokens = new Float64Array(1024);
  #largest = 0;

  /** @param size of the least KV cache that finds the tokens, in blocks, from 1 */
  add(size: number, tokens: number): void {
    if (size >= this.#tokens.length) {
      const grown = new Float64Array(Math.max(size + 1, this.#tokens.length * 2));
      grown.set(this.#tokens);
      this.#tokens = grown;
    }
    this.#tokens[size] = (this.#tokens[size] ?? 0) + tokens;
    if (size > this.#largest) this.#largest = size;
  }

  /** Tokens found by KV caches of 0 to `sizes` blocks, or to the largest that finds more than a smaller one. */
  upTo(sizes = this.#largest): Float64Array {
    const found = new Float64Array(sizes + 1);
    for (let size = 1; size <= sizes; size += 1) found[size] = (found[size - 1] ?? 0) + (this.#tokens[size] ?? 0);
    return found;
  }
}
