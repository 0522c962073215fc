/**
 * Blocks in the order of their last touch. The depth of a block counts those touched since, itself included: an LRU cache of C blocks
 * holds exactly those of depth C or less. Depths come from a Fenwick tree over the touches, in which only the last one of each block counts.
 */
export class RecencyStack {
  readonly #tree: Int32Array;
  readonly #numbers = new Map<number, number>();
  /** Last touch of each numbered block, counted from 1. */
  readonly #last: Int32Array;
  #touches = 0;

  /** @param touches how often blocks will be touched in all, at most */
  constructor(touches: number) {
    this.#tree = new Int32Array(touches + 1);
    this.#last = new Int32Array(touches);
  }

  /** How many different blocks were touched. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The depth of a block, 1 for the one touched last; infinite where it never was. */
  depth(block: number): number {
    const number = this.#numbers.get(block);
    if (number === undefined) return Number.POSITIVE_INFINITY;
    const tree = this.#tree;
    let older = 0;
    for (let at = (this.#last[number] ?? 0) - 1; at > 0; at -= at & -at) older += tree[at] ?? 0;
    return this.size - older;
  }

  /** Puts a block on top. */
  touch(block: number): void {
    const known = this.#numbers.get(block);
    const number = known ?? this.size;
    if (known === undefined) this.#numbers.set(block, number);
    else this.#add(this.#last[number] ?? 0, -1);
    this.#touches += 1;
    this.#last[number] = this.#touches;
    this.#add(this.#touches, 1);
  }

  #add(touch: number, change: number): void {
    const tree = this.#tree;
    for (let at = touch; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + change;
  }
}
