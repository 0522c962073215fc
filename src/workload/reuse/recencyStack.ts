const LEAST_TOUCHES = 1024;

/**
 * Things in the order of their last touch, each of some weight. The depth of one is the weight of all touched since, itself included: an
 * LRU cache of size C holds exactly those of depth C or less where all weigh 1. Depths come from a Fenwick tree over the touches, in which
 * only the last one of each thing weighs; when the touches are full, those that weigh are moved together.
 */
export class RecencyStack {
  readonly #most: number;
  readonly #slots = new Map<number, number>();
  /** Of each slot: whose it is, its weight, and its last touch, counted from 1. */
  #ids = new Float64Array(LEAST_TOUCHES);
  #weights = new Float64Array(LEAST_TOUCHES);
  #last = new Int32Array(LEAST_TOUCHES);
  /** The slot of each touch. */
  #touched = new Int32Array(LEAST_TOUCHES + 1);
  #tree = new Float64Array(LEAST_TOUCHES + 1);
  #touches = 0;
  #weight = 0;
  #hasForgotten = false;

  /** @param most things that are kept at least; those not touched for longest are forgotten above twice as many */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** How many different things are kept. */
  get size(): number {
    return this.#slots.size;
  }

  /** Whether some were forgotten. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  /** The depth of a thing, its own weight for the one touched last; infinite where it never was. */
  depth(id: number): number {
    const slot = this.#slots.get(id);
    if (slot === undefined) return Number.POSITIVE_INFINITY;
    const tree = this.#tree;
    let older = 0;
    for (let at = (this.#last[slot] ?? 0) - 1; at > 0; at -= at & -at) older += tree[at] ?? 0;
    return this.#weight - older;
  }

  /** The weight of a thing at its last touch; 0 where it never was. */
  weight(id: number): number {
    const slot = this.#slots.get(id);
    return slot === undefined ? 0 : (this.#weights[slot] ?? 0);
  }

  /** Puts a thing on top. */
  touch(id: number, weight = 1): void {
    if (this.#touches + 1 >= this.#tree.length) this.#moveTogether();
    let slot = this.#slots.get(id);
    if (slot === undefined) {
      slot = this.size;
      this.#slots.set(id, slot);
      this.#ids[slot] = id;
    } else this.#add(this.#last[slot] ?? 0, -(this.#weights[slot] ?? 0));
    this.#touches += 1;
    this.#touched[this.#touches] = slot;
    this.#last[slot] = this.#touches;
    this.#weights[slot] = weight;
    this.#add(this.#touches, weight);
  }

  clear(): void {
    this.#slots.clear();
    this.#tree.fill(0, 0, this.#tree.length);
    [this.#touches, this.#weight] = [0, 0];
  }

  #add(touch: number, change: number): void {
    const tree = this.#tree;
    this.#weight += change;
    for (let at = touch; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + change;
  }

  /** Leaves only the last touch of each thing, with room for as many again. */
  #moveTogether(): void {
    const kept: { readonly id: number; readonly weight: number }[] = [];
    for (let touch = this.#touches; touch > 0; touch -= 1) {
      const slot = this.#touched[touch] ?? 0;
      if (this.#last[slot] !== touch) continue;
      kept.push({ id: this.#ids[slot] ?? 0, weight: this.#weights[slot] ?? 0 });
    }
    if (kept.length > this.#most * 2) {
      kept.length = this.#most;
      this.#hasForgotten = true;
    }
    const room = Math.max(LEAST_TOUCHES, kept.length * 2);
    this.clear();
    [this.#ids, this.#weights, this.#last] = [new Float64Array(room), new Float64Array(room), new Int32Array(room)];
    [this.#touched, this.#tree] = [new Int32Array(room + 1), new Float64Array(room + 1)];
    for (const { id, weight } of kept.reverse()) this.touch(id, weight);
  }
}
