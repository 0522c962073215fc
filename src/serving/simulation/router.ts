import type { TrafficRequest } from '../../workload/traffic.ts';

/**
 * Which replica a request is sent to: each in turn; the one with the fewest tokens (input and output) of requests that have not ended;
 * or the one that has seen the conversation, or at least a share of the blocks, while it has no more than so many tokens above the least. Of
 * replicas that have as few, the next in turn.
 */
export type Routing = { readonly kind: 'round-robin' } | { readonly kind: 'least-loaded' } | Affinity;

interface Affinity {
  readonly kind: 'affinity';
  readonly overloadTokens: number;
  readonly leastShare: number;
}

/** Sends requests to replicas that are up. */
export class Router {
  readonly up: boolean[];
  private readonly outstanding: Float64Array;
  private readonly routing: Routing;
  private readonly conversations = new Map<string, number>();
  private readonly blocks = new Map<number, number>();
  private turn = -1;

  constructor(routing: Routing, replicas: number) {
    this.routing = routing;
    this.up = new Array<boolean>(replicas).fill(true);
    this.outstanding = new Float64Array(replicas);
  }

  /** The replica of a request, whose tokens it then has; -1 where none is up. */
  send(request: TrafficRequest): number {
    const replica = this.choose(request);
    if (replica >= 0) this.outstanding[replica] = (this.outstanding[replica] as number) + tokensOf(request);
    return replica;
  }

  /** Where a conversation was before the requests: on each replica in turn. */
  place(conversation: string): number {
    const replica = this.nextUp();
    this.conversations.set(conversation, replica);
    return replica;
  }

  /** The request has ended, or was lost. */
  ended(request: TrafficRequest, replica: number): void {
    this.outstanding[replica] = (this.outstanding[replica] as number) - tokensOf(request);
  }

  private choose(request: TrafficRequest): number {
    const { routing } = this;
    if (routing.kind === 'round-robin') return this.nextUp();
    const least = this.leastLoaded();
    if (least < 0) return least;
    const followed = routing.kind === 'affinity' ? this.followed(request, routing, least) : -1;
    const chosen = followed >= 0 ? followed : least;
    if (followed < 0) this.turn = least;
    if (request.conversation !== null) this.conversations.set(request.conversation, chosen);
    for (const block of request.blocks ?? []) this.blocks.set(block, chosen);
    return chosen;
  }

  /** Where the prefix lies, unless that replica is down or has too much; else -1. */
  private followed(request: TrafficRequest, { overloadTokens, leastShare }: Affinity, least: number): number {
    const known = this.known(request, leastShare);
    const load = (replica: number) => this.outstanding[replica] as number;
    return known >= 0 && this.up[known] && load(known) - load(least) <= overloadTokens ? known : -1;
  }

  private nextUp(): number {
    for (let tried = 0; tried < this.up.length; tried++) {
      this.turn = (this.turn + 1) % this.up.length;
      if (this.up[this.turn]) return this.turn;
    }
    return -1;
  }

  /** Of equal ones the next in turn, so that a calm fleet does not send all conversations to its first replicas. */
  private leastLoaded(): number {
    let least = -1;
    for (let tried = 1; tried <= this.up.length; tried++) {
      const replica = (this.turn + tried) % this.up.length;
      if (this.up[replica] && (least < 0 || (this.outstanding[replica] as number) < (this.outstanding[least] as number))) least = replica;
    }
    return least;
  }

  /** Where the conversation went last, or else the deepest block that any replica has seen. */
  private known({ conversation, blocks }: TrafficRequest, leastShare: number): number {
    const place = conversation === null ? undefined : this.conversations.get(conversation);
    if (place !== undefined) return place;
    if (!blocks) return -1;
    for (let at = blocks.length - 1; at >= 0 && at + 1 >= leastShare * blocks.length; at--) {
      const replica = this.blocks.get(blocks[at] as number);
      if (replica !== undefined) return replica;
    }
    return -1;
  }
}

function tokensOf({ inputTokens, outputTokens }: TrafficRequest): number {
  return inputTokens + outputTokens;
}
