/** A binary heap of events in typed arrays: the earliest first, of equal times the one that was pushed first. */
export class EventHeap {
  private times = new Float64Array(64);
  private orders = new Float64Array(64);
  private payloads = new Float64Array(64);
  private pushed = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Time of the earliest event; Infinity where there is none. */
  get nextTime(): number {
    return this.count > 0 ? (this.times[0] as number) : Number.POSITIVE_INFINITY;
  }

  push(time: number, payload: number): void {
    if (this.count === this.times.length) this.grow();
    const { times, orders, payloads } = this;
    const order = this.pushed++;
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((times[parent] as number) <= time) break;
      this.move(parent, at);
      at = parent;
    }
    times[at] = time;
    orders[at] = order;
    payloads[at] = payload;
  }

  /** Removes the earliest event; -1 where there is none. */
  pop(): number {
    if (this.count === 0) return -1;
    const { times, orders, payloads } = this;
    const first = payloads[0] as number;
    const last = --this.count;
    const [time, order, payload] = [times[last] as number, orders[last] as number, payloads[last] as number];
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && this.before(child + 1, times[child] as number, orders[child] as number)) child++;
      if (!this.before(child, time, order)) break;
      this.move(child, at);
      at = child;
    }
    times[at] = time;
    orders[at] = order;
    payloads[at] = payload;
    return first;
  }

  private before(at: number, time: number, order: number): boolean {
    const own = this.times[at] as number;
    return own < time || (own === time && (this.orders[at] as number) < order);
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] as number;
    this.orders[to] = this.orders[from] as number;
    this.payloads[to] = this.payloads[from] as number;
  }

  private grow(): void {
    const doubled = (old: Float64Array<ArrayBuffer>) => {
      const larger = new Float64Array(2 * old.length);
      larger.set(old);
      return larger;
    };
    this.times = doubled(this.times);
    this.orders = doubled(this.orders);
    this.payloads = doubled(this.payloads);
  }
}
