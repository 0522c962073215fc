import { ArrivalTally } from '../../workload/arrivalTally.ts';
import type { ConversationShape } from '../../workload/conversation.ts';
import { ConversationTally } from '../../workload/conversationTally.ts';
import { LengthTally } from '../../workload/lengthTally.ts';
import type { LengthCell } from '../../workload/traffic.ts';

/** Cells that a preset keeps. */
export const PRESET_CELLS = 60;
const CONVERSATION_CELLS = 16;
/** Poisson is the least, and a CV of 1 to 2 is normal (ServeGen: 60 to 99 % of requests come in windows above 1). */
const NORMAL_CV = { low: 1, high: 2 };

/** What a trace tells of its traffic, as a file of data/workloads has it. */
export interface TrafficFigures {
  readonly lengths: readonly LengthCell[];
  readonly gapCv: { readonly low: number; readonly value: number; readonly high: number } | null;
  readonly hours: readonly number[] | null;
  readonly conversations: ConversationShape | null;
}

/** One request of a trace; the time is null where sessions run apart. */
export interface TraceRequest {
  readonly atMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Place in its conversation, by the clock of that; null where it is in none. */
  readonly turn: { readonly conversation: string; readonly atMs: number; readonly freshTokens: number } | null;
}

/** Of a trace that lists its requests, sorted by time. */
export function listedFigures(requests: Iterable<TraceRequest>): TrafficFigures {
  const lengths = new LengthTally();
  const tally = new ArrivalTally();
  const conversations = new ConversationTally();
  for (const { atMs, inputTokens, outputTokens, turn } of requests) {
    if (turn) conversations.add(turn.conversation, turn.atMs, inputTokens, turn.freshTokens);
    lengths.add(inputTokens, outputTokens);
    if (atMs !== null) tally.add(atMs);
  }
  const arrivals = tally.arrivals();
  const cv = arrivals?.gapCv ?? null;
  return {
    lengths: lengths.cells(PRESET_CELLS),
    gapCv: cv === null ? null : { low: Math.min(cv, NORMAL_CV.low), value: cv, high: Math.max(cv, NORMAL_CV.high) },
    hours: arrivals?.hours ?? null,
    conversations: conversations.shape(CONVERSATION_CELLS),
  };
}
