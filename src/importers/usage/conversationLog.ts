import { HOUR_MS } from '../../units/time.ts';
import type { ConversationShape } from '../../workload/conversation.ts';
import { ConversationTally, LONGEST_GAP_MS } from '../../workload/conversationTally.ts';
import { ConversationReuse } from '../../workload/reuse/conversationReuse.ts';
import type { FoundTokens } from '../../workload/reuse/foundTokens.ts';
import { rateSeen } from './rateSeen.ts';

/** Calls and conversations that are kept: 24 bytes a call, about 100 a conversation. */
const MOST_CALLS = 4_000_000;
const MOST_CONVERSATIONS = 1_000_000;
/** Cells of like conversations. */
const CELLS = 16;
/** Share of the calls that must have followed another, or have a duration, before something is said of all. */
const LEAST_FOLLOWING = 0.5;
const LEAST_TIMED = 0.9;

/** One call of a conversation. */
export interface LoggedCall {
  /** Whose call it is; '' where the row does not say it, which makes it a conversation of its own. */
  readonly conversation: string;
  /** Whether a helper with a context of its own makes it. */
  readonly isAside: boolean;
  /** Milliseconds of the clock that all conversations share. */
  readonly atMs: number | null;
  /** Milliseconds since the conversation began, where they share none. */
  readonly sinceStartMs: number | null;
  readonly durationMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** null where nobody says what was cached. */
  readonly cachedTokens: number | null;
}

/** How users converse. */
export interface ConversationFigures {
  readonly count: number;
  readonly requestsPerConversation: number;
  /** Gaps over 10 minutes removed; null where there is less than an hour of the rest, or most calls follow a pause. */
  readonly requestsPerActiveHour: number | null;
  /** Requests in flight of one active conversation; null where durations are not known. */
  readonly concurrency: number | null;
  /** How requests follow one another; null where times do not tell. */
  readonly shape: ConversationShape | null;
}

/** What KV caches of every size find of the conversations, and the rate that their mean call saw. */
export interface ConversationsFound {
  readonly found: FoundTokens;
  readonly foundTokens: number;
  readonly requestsPerSecond: number | null;
}

/** Calls of conversations, kept until they can be put in order of time. */
export class ConversationLog {
  readonly #numbers = new Map<string, number>();
  #conversations = 0;
  /** Of them those that are one call each, because nobody says whose it is. */
  #unnamed = 0;
  #at = new Float64Array(1024);
  /** Context, input, output and cached tokens of each call. */
  #calls = new Int32Array(4096);
  #count = 0;
  #isFull = false;
  #shared = 0;
  #unshared = 0;
  #timed = 0;
  #durationMs = 0;
  #cachedTokens = 0;
  #cachedKnown = 0;

  get count(): number {
    return this.#count;
  }

  /** Whether there were more calls or conversations than are kept: nothing can be said of them. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Whether times count from the start of each conversation, so that their order is not known. */
  get isApart(): boolean {
    return this.#unshared > 0;
  }

  /** Whether all calls have times, of one kind of clock. */
  get isTimed(): boolean {
    return this.#count > 0 && (this.#shared === this.#count || this.#unshared === this.#count);
  }

  get cachedTokens(): number {
    return this.#cachedTokens;
  }

  /** Calls that say what was cached. */
  get cachedKnown(): number {
    return this.#cachedKnown;
  }

  add({ conversation, isAside, atMs, sinceStartMs, durationMs, inputTokens, outputTokens, cachedTokens }: LoggedCall): void {
    if (this.#count >= MOST_CALLS || this.#conversations >= MOST_CONVERSATIONS) this.#isFull = true;
    if (this.#isFull) return;
    if (this.#count === this.#at.length) this.#grow();
    if (atMs !== null) this.#shared++;
    else if (sinceStartMs !== null) this.#unshared++;
    if (durationMs !== null) {
      this.#timed++;
      this.#durationMs += durationMs;
    }
    this.#at[this.#count] = atMs ?? sinceStartMs ?? 0;
    this.#calls.set([2 * this.#numberOf(conversation) + Number(isAside), inputTokens, outputTokens, cachedTokens ?? -1], 4 * this.#count);
    this.#cachedTokens += cachedTokens ?? 0;
    if (cachedTokens !== null) this.#cachedKnown++;
    this.#count++;
  }

  /** Means over the conversations; null where most calls are alone in theirs. */
  figures(): ConversationFigures | null {
    const { activeMs, active, following } = this.#activity();
    const [calls, count] = [this.#count - this.#unnamed, this.#conversations - this.#unnamed];
    if (this.#isFull || count === 0 || following < LEAST_FOLLOWING * calls) return null;
    const isActive = this.isTimed && activeMs >= HOUR_MS && active >= LEAST_FOLLOWING * calls;
    const perHour = isActive ? (calls / activeMs) * HOUR_MS : null;
    const meanMs = this.#timed >= LEAST_TIMED * this.#count ? this.#durationMs / this.#timed : null;
    return {
      count,
      requestsPerConversation: calls / count,
      requestsPerActiveHour: perHour,
      concurrency: perHour === null || !meanMs ? null : (perHour * meanMs) / HOUR_MS,
      shape: perHour === null ? null : this.#shape(),
    };
  }

  /**
   * What KV caches of every size find, by the calls in order of time.
   *
   * @param sessionsPerHour at which conversations with clocks of their own begin, evenly spread
   * @param isCapped whether a call finds no more than what was counted as cached
   * @returns null where times do not give the order
   */
  found(sessionsPerHour: number | null, isCapped: boolean): ConversationsFound | null {
    if (this.#isFull || !this.isTimed || (this.isApart && sessionsPerHour === null)) return null;
    const everyMs = this.isApart ? HOUR_MS / (sessionsPerHour ?? 1) : 0;
    const at = this.#at.slice(0, this.#count);
    if (everyMs > 0) for (let call = 0; call < at.length; call++) at[call] = (at[call] ?? 0) + this.#conversationOf(call) * everyMs;
    const reuse = new ConversationReuse();
    const order = inOrder(at);
    for (const call of order) {
      const [context = 0, input = 0, output = 0, cached = -1] = this.#calls.subarray(4 * call, 4 * call + 4);
      reuse.add(context, input, output, isCapped ? Math.max(cached, 0) : input);
    }
    const times = at.sort();
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
    return {
      found: reuse.result(),
      foundTokens: reuse.foundTokens,
      requestsPerSecond: rateSeen(times, spanMs > 0 ? ((this.#count - 1) / spanMs) * 1000 : null),
    };
  }

  /** Of the main threads. */
  #shape(): ConversationShape | null {
    const tally = new ConversationTally();
    for (const call of inOrder(this.#at.subarray(0, this.#count))) {
      const [context = 0, input = 0, , cached = -1] = this.#calls.subarray(4 * call, 4 * call + 4);
      if (context % 2 === 0) tally.add(String(context / 2), this.#at[call] ?? null, input, cached < 0 ? null : input - cached);
    }
    return tally.shape(CELLS);
  }

  #conversationOf(call: number): number {
    return Math.floor((this.#calls[4 * call] ?? 0) / 2);
  }

  /** Calls that followed another of their conversation, those that did so without a pause, and the gaps before these. */
  #activity(): { readonly activeMs: number; readonly active: number; readonly following: number } {
    const last = new Float64Array(this.#conversations).fill(-1);
    let [activeMs, active, following] = [0, 0, 0];
    for (const call of inOrder(this.#at.subarray(0, this.#count))) {
      const [conversation, at] = [this.#conversationOf(call), this.#at[call] ?? 0];
      const gap = at - (last[conversation] ?? -1);
      if ((last[conversation] ?? -1) >= 0) {
        following++;
        if (gap <= LONGEST_GAP_MS) {
          active++;
          activeMs += gap;
        }
      }
      last[conversation] = at;
    }
    return { activeMs, active, following };
  }

  #numberOf(conversation: string): number {
    const known = conversation === '' ? undefined : this.#numbers.get(conversation);
    if (known !== undefined) return known;
    if (conversation === '') this.#unnamed++;
    else this.#numbers.set(conversation, this.#conversations);
    return this.#conversations++;
  }

  #grow(): void {
    const [at, calls] = [new Float64Array(this.#at.length * 2), new Int32Array(this.#calls.length * 2)];
    at.set(this.#at);
    calls.set(this.#calls);
    [this.#at, this.#calls] = [at, calls];
  }
}

/** Indexes of times by rising time; those of one time as they came. */
function inOrder(times: Float64Array): Uint32Array {
  const order = Uint32Array.from(times, (_, index) => index);
  if (times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))) return order;
  return order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
}
