/** More distinct blocks than the traces of days have; each takes some 40 bytes. */
const MOST_BLOCKS = 4_000_000;

/**
 * Tokens of a request that a cache without limits would hold: its leading blocks that came before, times their size, at most its input.
 * Ids count within their scope; a new scope begins with an empty cache.
 */
export class BlockReuse {
  #seen = new Set<number>();
  #scope: string | null = null;
  #full = false;

  /** Whether there were more blocks than are kept: what followed counts as never seen. */
  get isFull(): boolean {
    return this.#full;
  }

  /** @returns tokens that were there before the request, which is then added */
  add(blocks: readonly number[], scope: string | null, blockTokens: number, inputTokens: number): number {
    if (scope !== this.#scope) {
      this.#seen = new Set();
      this.#scope = scope;
    }
    let leading = 0;
    while (leading < blocks.length && this.#seen.has(blocks[leading] ?? -1)) leading++;
    for (let at = leading; at < blocks.length; at++) {
      if (this.#seen.size >= MOST_BLOCKS) this.#full = true;
      else this.#seen.add(blocks[at] ?? -1);
    }
    return Math.min(leading * blockTokens, inputTokens);
  }
}
