/** First come, first served, but for those who come back. */
export class Queue<T> {
  private items: T[] = [];
  private head = 0;
  /** The last to come back stands at the end. */
  private readonly returned: T[] = [];

  get size(): number {
    return this.items.length - this.head + this.returned.length;
  }

  first(): T | undefined {
    return this.returned.at(-1) ?? this.items[this.head];
  }

  add(item: T): void {
    this.items.push(item);
  }

  /** Puts an item before all others. */
  putBack(item: T): void {
    this.returned.push(item);
  }

  shift(): T | undefined {
    if (this.returned.length > 0) return this.returned.pop();
    const item = this.items[this.head];
    if (item !== undefined) this.head++;
    if (this.head > 1024 && 2 * this.head > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
