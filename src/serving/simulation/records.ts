/** What became of each request, in the order of arrival; NaN and -1 where it was refused. */
export interface Records {
  readonly arrivalMs: Float64Array;
  /** When its prompt was first scheduled on the replica that served it. */
  readonly admittedMs: Float64Array;
  readonly firstTokenMs: Float64Array;
  readonly endMs: Float64Array;
  readonly outputTokens: Float64Array;
  /** Input tokens found in the KV cache, and computed, on the way to the first token; together the input. */
  readonly reusedTokens: Float64Array;
  readonly prefilledTokens: Float64Array;
  readonly replica: Int32Array;
}

export function emptyRecords(count: number): Records {
  const unknown = () => new Float64Array(count).fill(Number.NaN);
  return {
    arrivalMs: unknown(),
    admittedMs: unknown(),
    firstTokenMs: unknown(),
    endMs: unknown(),
    outputTokens: new Float64Array(count),
    reusedTokens: new Float64Array(count),
    prefilledTokens: new Float64Array(count),
    replica: new Int32Array(count).fill(-1),
  };
}

/** How busy the fleet was from the end of the warm-up to the last arrival. */
export interface Usage {
  /** Share of the time in which a replica ran iterations, mean over replicas. */
  readonly busyShare: number;
  /** Mean share of the KV cache that running sequences hold; growth within a run counts as even. */
  readonly kvHeldShare: number;
  /** Requests in the fleet, waiting or running, mean over time. */
  readonly requestsInFleet: number;
}

/** Adds up what is busy and held over time, inside a window. */
export class UsageMeter {
  private readonly fromMs: number;
  private readonly toMs: number;
  private busyMs = 0;
  private heldTokenMs = 0;
  private requestMs = 0;

  constructor(fromMs: number, toMs: number) {
    this.fromMs = fromMs;
    this.toMs = toMs;
  }

  private inside(startMs: number, endMs: number): number {
    return Math.max(0, Math.min(endMs, this.toMs) - Math.max(startMs, this.fromMs));
  }

  ran(startMs: number, endMs: number, heldTokens: number): void {
    const inside = this.inside(startMs, endMs);
    this.busyMs += inside;
    this.heldTokenMs += inside * heldTokens;
  }

  request(arrivalMs: number, endMs: number): void {
    this.requestMs += this.inside(arrivalMs, endMs);
  }

  usage(replicas: number, kvTokens: number): Usage {
    const window = this.toMs - this.fromMs;
    const share = (sum: number) => (window > 0 ? sum / window : 0);
    return {
      busyShare: share(this.busyMs) / replicas,
      kvHeldShare: share(this.heldTokenMs) / (replicas * kvTokens),
      requestsInFleet: share(this.requestMs),
    };
  }
}
