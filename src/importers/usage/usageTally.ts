import { inputTokensOf, type TokenLeaves } from '../../cost/tokenLeaves.ts';
import { inert } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { LengthTally } from '../../workload/lengthTally.ts';
import { PrefixReuseTally } from '../../workload/reuse/prefixReuseTally.ts';
import { ArrivalTimes } from './arrivalTimes.ts';
import { ConversationLog } from './conversationLog.ts';
import { ShareTally } from './shareBand.ts';
import type { UsageFormat } from './usageFormat.ts';
import { SHARED_BLOCKS, type UsageRow } from './usageRow.ts';

/** Names of models that are told apart. */
export const MOST_MODELS = 200;
/** The year 9999: what lies beyond is another unit. */
export const MOST_MS = 253_402_300_799_999;
export const OTHER_MODELS = 'other models';

/** Leaves that grow. */
type LeafSums = { -readonly [Leaf in keyof TokenLeaves]: number };

function noLeaves(): LeafSums {
  return { uncached: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, thinking: 0 };
}

/** Adds tokens to sums. */
export function grow(sums: LeafSums, leaves: TokenLeaves): void {
  sums.uncached += leaves.uncached;
  sums.cacheRead += leaves.cacheRead;
  sums.cacheWrite += leaves.cacheWrite;
  sums.cacheWrite1h += leaves.cacheWrite1h;
  sums.output += leaves.output;
  sums.thinking += leaves.thinking;
}

/** What is known of some rows together. */
export interface ModelSums {
  requests: number | null;
  inputTokens: number;
  outputTokens: number;
}

function addTo(sums: ModelSums, requests: number | null, inputTokens: number, outputTokens: number): void {
  sums.requests = sums.requests === null || requests === null ? null : sums.requests + requests;
  sums.inputTokens += inputTokens;
  sums.outputTokens += outputTokens;
}

/** Everything that a workload is made of, from a stream of rows of any length. */
export class UsageTally {
  readonly lengths = new LengthTally();
  readonly times = new ArrivalTimes();
  readonly conversations = new ConversationLog();
  readonly cached = new ShareTally();
  readonly leaves = noLeaves();
  readonly paidLeaves = noLeaves();
  readonly models = new Map<string, ModelSums>();
  readonly counts = {
    used: 0,
    failed: 0,
    cancelled: 0,
    leftOut: 0,
    noOutput: 0,
    noTime: 0,
    cachedUnknown: 0,
    buckets: 0,
    paid: 0,
    uncounted: 0,
  };
  requests = 0;
  paidRequests: number | null = 0;
  paidUsd = 0;
  thinkingOutput = 0;
  thinkingTokens = 0;
  fromBlocks = false;
  /** Of the leading blocks of requests; null before the first of a format that has them. */
  blocks: PrefixReuseTally | null = null;
  /** Rows whose blocks are those of all others too. */
  sharedBlockRows = 0;
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;
  /** Whether all times are of the world's clock. */
  isUtc = true;
  /** Least gap between times of buckets whose length nobody states. */
  #leastGapMs = Number.POSITIVE_INFINITY;
  #bucketMs: number | null = null;
  #blockScope: string | null = null;
  #lastModel: string | null = null;
  #lastSums: ModelSums | null = null;

  /** The length of buckets that state none, as their gaps show it. */
  get guessedSpanMs(): number | null {
    return Number.isFinite(this.#leastGapMs) ? this.#leastGapMs : null;
  }

  add(row: UsageRow, format: UsageFormat): void {
    const { counts } = this;
    const { leaves, outcome, requests } = row;
    if (row.atMs !== null) checkNumber(row.atMs, 'time', { min: 0, max: MOST_MS });
    if (outcome === 'failed') counts.failed++;
    if (outcome === 'cancelled') counts.cancelled++;
    const inputTokens = inputTokensOf(leaves);
    const isRequest = requests === 1 && row.spanMs === 0;
    if (leaves.output === 0 && (isRequest || inputTokens === 0) && (outcome !== 'cancelled' || inputTokens === 0)) {
      if (outcome !== 'failed') counts.noOutput++;
      if (row.costUsd !== null && row.costUsd > 0) this.#pay(row);
      return;
    }
    if (isRequest) this.lengths.add(inputTokens, leaves.output);
    else counts.buckets++;
    counts.used++;
    grow(this.leaves, leaves);
    if (requests === null) counts.uncounted++;
    else this.requests += requests;
    this.#time(row, format, isRequest);
    this.#reuse(row, format, inputTokens, isRequest);
    if (row.thinkingKnown) {
      this.thinkingTokens += leaves.thinking;
      this.thinkingOutput += leaves.output;
    }
    if (row.costUsd !== null) this.#pay(row);
    if (row.model !== null) this.#model(row.model, row, inputTokens);
  }

  #time({ atMs, spanMs }: UsageRow, format: UsageFormat, isRequest: boolean): void {
    if (atMs === null) {
      this.counts.noTime++;
      return;
    }
    if (format.clock === 'file') this.isUtc = false;
    this.firstMs = Math.min(this.firstMs, atMs);
    this.lastMs = Math.max(this.lastMs, atMs + (spanMs ?? 0));
    if (isRequest) this.times.add(atMs);
    if (spanMs !== null) return;
    const gap = this.#bucketMs === null ? 0 : Math.abs(atMs - this.#bucketMs);
    if (gap > 0) this.#leastGapMs = Math.min(this.#leastGapMs, gap);
    this.#bucketMs = atMs;
  }

  #reuse(row: UsageRow, { blockTokens }: UsageFormat, inputTokens: number, isRequest: boolean): void {
    const { atMs, leaves, blocks, cachedKnown } = row;
    const ofBlocks = blockTokens === undefined ? null : this.#blockReuse(row, blockTokens, inputTokens);
    if (ofBlocks === null && !cachedKnown) this.counts.cachedUnknown++;
    const cachedTokens = ofBlocks ?? leaves.cacheRead;
    this.cached.add(atMs, cachedTokens, inputTokens);
    if (row.conversation === null || !isRequest) return;
    const { conversation, isAside, sinceStartMs, durationMs } = row;
    const isCachedKnown = cachedKnown || blocks !== null;
    this.conversations.add({
      ...{ conversation, isAside, atMs, sinceStartMs, durationMs, inputTokens },
      ...{ outputTokens: leaves.output, cachedTokens: isCachedKnown ? cachedTokens : null },
    });
  }

  /** Input tokens whose blocks came before; null where the row tells of none. A new scope begins with an empty KV cache. */
  #blockReuse({ blocks, blockScope }: UsageRow, blockTokens: number, inputTokens: number): number | null {
    this.blocks ??= new PrefixReuseTally(blockTokens);
    if (blockScope === SHARED_BLOCKS) this.sharedBlockRows++;
    if (blockScope !== this.#blockScope) this.blocks.clear();
    this.#blockScope = blockScope;
    const found = this.blocks.add(blocks, inputTokens);
    if (blocks === null) return null;
    this.fromBlocks = true;
    return found;
  }

  #pay({ costUsd, leaves, requests }: UsageRow): void {
    this.counts.paid++;
    this.paidUsd += costUsd ?? 0;
    grow(this.paidLeaves, leaves);
    this.paidRequests = this.paidRequests === null || requests === null ? null : this.paidRequests + requests;
  }

  #model(model: string, { requests, leaves }: UsageRow, inputTokens: number): void {
    if (model === this.#lastModel && this.#lastSums) {
      addTo(this.#lastSums, requests, inputTokens, leaves.output);
      return;
    }
    const name = this.models.has(model) ? model : this.models.size < MOST_MODELS ? inert(model) : OTHER_MODELS;
    const sums = this.models.get(name);
    if (!sums) {
      this.models.set(name, { requests, inputTokens, outputTokens: leaves.output });
      return;
    }
    [this.#lastModel, this.#lastSums] = [model, sums];
    addTo(sums, requests, inputTokens, leaves.output);
  }
}
