const NONE = -1;

/**
 * The KV cache of a replica, counted in tokens: what running sequences hold, and prefixes that nobody uses, of which the one that was
 * used longest ago makes room first. A slot holds one block of a trace, or of a conversation all blocks, which make room from its end.
 */
export class KvPool {
  readonly capacity: number;
  /** Tokens by which a slot makes room; infinite where it goes whole. */
  private readonly unit: number;
  /** Held by running sequences; a block that several share counts once. */
  held = 0;
  /** In prefix blocks that no sequence uses. */
  unused = 0;
  private readonly slots = new Map<number, number>();
  private readonly ids: number[] = [];
  private readonly tokens: number[] = [];
  private readonly users: number[] = [];
  private readonly older: number[] = [];
  private readonly newer: number[] = [];
  private readonly vacant: number[] = [];
  private oldest = NONE;
  private newest = NONE;

  constructor(capacity: number, unit = Number.POSITIVE_INFINITY) {
    this.capacity = capacity;
    this.unit = unit;
  }

  /** Tokens that sequences may still take: unused blocks make room. */
  get free(): number {
    return this.capacity - this.held;
  }

  /** Where a block lies, or -1. */
  find(id: number): number {
    return this.slots.get(id) ?? NONE;
  }

  tokensAt(slot: number): number {
    return this.tokens[slot] as number;
  }

  isUnused(slot: number): boolean {
    return this.users[slot] === 0;
  }

  /** Takes tokens for a sequence; the caller has seen that they are free. */
  take(tokens: number): void {
    this.held += tokens;
    for (;;) {
      const lacking = this.held + this.unused - this.capacity;
      if (lacking <= 0 || this.oldest === NONE) return;
      this.shrink(this.oldest, lacking);
    }
  }

  give(tokens: number): void {
    this.held -= tokens;
  }

  pin(slot: number): void {
    if (this.users[slot] === 0) {
      this.unlink(slot);
      this.unused -= this.tokensAt(slot);
      this.held += this.tokensAt(slot);
    }
    this.users[slot] = (this.users[slot] as number) + 1;
  }

  unpin(slot: number): void {
    const users = (this.users[slot] as number) - 1;
    this.users[slot] = users;
    if (users > 0) return;
    this.held -= this.tokensAt(slot);
    this.unused += this.tokensAt(slot);
    this.link(slot);
  }

  /** Turns tokens that a sequence holds into a block that others find, pinned by it; no such block may exist. */
  publish(id: number, tokens: number): number {
    const slot = this.vacant.pop() ?? this.ids.length;
    this.ids[slot] = id;
    this.tokens[slot] = tokens;
    this.users[slot] = 1;
    this.slots.set(id, slot);
    return slot;
  }

  /** Puts a prefix there that nobody uses, as if its sequence had just ended. */
  keep(id: number, tokens: number): void {
    if (tokens > this.free) return;
    this.take(tokens);
    this.unpin(this.publish(id, tokens));
  }

  /** Adds tokens that a sequence holds to a slot that it pins. */
  grow(slot: number, tokens: number): void {
    this.tokens[slot] = this.tokensAt(slot) + tokens;
  }

  /** Forgets what an unused slot has beyond so many tokens. */
  cut(slot: number, most: number): void {
    const beyond = this.tokensAt(slot) - most;
    if (beyond <= 0 || !this.isUnused(slot)) return;
    this.tokens[slot] = most;
    this.unused -= beyond;
  }

  /** Takes from the end of an unused slot what is lacking, or all that it has. */
  private shrink(slot: number, lacking: number): void {
    const tokens = this.tokensAt(slot);
    const taken = this.unit === Number.POSITIVE_INFINITY ? tokens : Math.ceil(lacking / this.unit) * this.unit;
    if (taken < tokens) {
      this.tokens[slot] = tokens - taken;
      this.unused -= taken;
    } else this.evict(slot);
  }

  private evict(slot: number): void {
    this.unlink(slot);
    this.unused -= this.tokensAt(slot);
    this.slots.delete(this.ids[slot] as number);
    this.vacant.push(slot);
  }

  private link(slot: number): void {
    this.older[slot] = this.newest;
    this.newer[slot] = NONE;
    if (this.newest === NONE) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
  }

  private unlink(slot: number): void {
    const [older, newer] = [this.older[slot] as number, this.newer[slot] as number];
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
  }
}
