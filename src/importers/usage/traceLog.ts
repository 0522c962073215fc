import { inputTokensOf } from '../../cost/tokenLeaves.ts';
import { Fault } from '../../faults/fault.ts';
import type { Trace, TrafficRequest } from '../../workload/traffic.ts';
import type { UsageFormat } from './usageFormat.ts';
import { SHARED_BLOCKS, type UsageRow } from './usageRow.ts';

/** Requests that are kept to be played; each takes some hundred bytes, and more with its blocks. */
const MOST_REQUESTS = 1_000_000;

/** Requests of files as a trace that a simulation can play. */
export class TraceLog {
  readonly #requests: TrafficRequest[] = [];
  #blockTokens: number | null = null;
  #apart = 0;
  #leftOut = 0;
  #tooLong = 0;
  readonly #mostTokens: number;

  /** @param mostTokens context of the model, of which a request that is longer is left out */
  constructor(mostTokens: number) {
    this.#mostTokens = mostTokens;
  }

  /** Rows that cannot be played: buckets, rows without output or time. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Requests that are longer than the context. */
  get tooLong(): number {
    return this.#tooLong;
  }

  /** @returns false where the request is too long */
  add(row: UsageRow, { blockTokens }: UsageFormat): boolean {
    const { leaves, requests, spanMs, conversation, isAside, blocks, blockScope, sinceStartMs } = row;
    const inputTokens = inputTokensOf(leaves);
    const atMs = row.atMs ?? sinceStartMs;
    if (requests !== 1 || spanMs !== 0 || leaves.output < 1 || inputTokens < 1 || atMs === null) {
      this.#leftOut++;
      return true;
    }
    if (inputTokens + leaves.output > this.#mostTokens) {
      this.#tooLong++;
      return false;
    }
    if (this.#requests.length >= MOST_REQUESTS)
      throw new Fault('invalid', 'more requests than can be played', {
        where: '--trace',
        allowed: `${MOST_REQUESTS} requests; a part of the file, or the workload that \`kplan import workload\` makes of it`,
      });
    const isShared = blocks !== null && blockTokens !== undefined && blockScope === SHARED_BLOCKS;
    if (isShared) this.#blockTokens = blockTokens;
    if (row.atMs === null) this.#apart++;
    this.#requests.push({
      atMs,
      inputTokens: Math.round(inputTokens),
      outputTokens: Math.round(leaves.output),
      blocks: isShared ? [...blocks] : null,
      conversation: conversation === null || conversation === '' ? null : `${conversation}${isAside ? ' aside' : ''}`,
    });
    return true;
  }

  /**
   * The requests in the order of time.
   *
   * @param quantumMs step to which times are rounded
   * @throws Fault `missing` where there are fewer than two, `contradiction` where some have clocks of their own and others share one
   */
  trace(name: string, quantumMs: number | null): Trace {
    const requests = this.#requests.sort((a, b) => a.atMs - b.atMs);
    const oneClock = this.#apart === 0;
    if (requests.length < 2)
      throw new Fault('missing', 'no requests that can be played', {
        where: name,
        allowed: 'rows of single requests with times and tokens',
      });
    if (!oneClock && this.#apart < requests.length)
      throw new Fault('contradiction', 'some requests share a clock and others have their own', { where: name, allowed: 'one kind' });
    return { name, requests, blockTokens: this.#blockTokens, quantumMs, oneClock };
  }
}
