import type { RequestRecord } from './record.ts';

/**
 * Whether a record counts in percentiles: a full answer with at least one token. Failures are counted apart.
 *
 * @example inPercentiles(recorded({ failure: { code: 'reset', message: '' } })) // false
 */
export function inPercentiles({ failure, firstTokenMs }: RequestRecord): boolean {
  return failure === null && firstTokenMs !== null;
}

/** A time from two beginnings: when the request was due, which a late client cannot hide, and when it went out. */
export interface FromSend {
  readonly fromIntended: number;
  readonly fromSent: number;
}

/**
 * Time to the first generated token of any channel, milliseconds; null where none came.
 *
 * @example ttftMs(recorded({ intendedMs: 0, sentMs: 2, firstTokenMs: 52 })) // { fromIntended: 52, fromSent: 50 }
 */
export function ttftMs(record: RequestRecord): FromSend | null {
  return sinceSend(record, record.firstTokenMs);
}

/**
 * Time to the first token of the answer itself, content or tool call, milliseconds; null where none came. What it is above TTFT was thinking.
 *
 * @example answerDelayMs(recorded({ intendedMs: 0, sentMs: 2, firstAnswerMs: 402 })) // { fromIntended: 402, fromSent: 400 }
 */
export function answerDelayMs(record: RequestRecord): FromSend | null {
  return sinceSend(record, record.firstAnswerMs);
}

/**
 * Time from due to the end of the answer, milliseconds.
 *
 * @example latencyMs(recorded({ intendedMs: 0, sentMs: 2, endMs: 902 })) // { fromIntended: 902, fromSent: 900 }
 */
export function latencyMs(record: RequestRecord): FromSend {
  return { fromIntended: record.endMs - record.intendedMs, fromSent: record.endMs - record.sentMs };
}

function sinceSend({ intendedMs, sentMs }: RequestRecord, ms: number | null): FromSend | null {
  return ms === null ? null : { fromIntended: ms - intendedMs, fromSent: ms - sentMs };
}

/**
 * Time per output token after the first: (last token - first token) / (output tokens - 1), milliseconds; tokens as the server counts them.
 *
 * @returns null where the server does not count, or counts fewer than two
 * @example tpotMs(recorded({ firstTokenMs: 50, lastTokenMs: 450, outputTokens: 5 })) // 100
 */
export function tpotMs({ firstTokenMs, lastTokenMs, usage }: RequestRecord): number | null {
  if (firstTokenMs === null || lastTokenMs === null || usage.outputTokens === null || usage.outputTokens < 2) return null;
  return (lastTokenMs - firstTokenMs) / (usage.outputTokens - 1);
}

/** Gaps between chunks, and how far they may be read as gaps between tokens. */
export interface InterTokenLatency {
  readonly gapsMs: readonly number[];
  /** Chunks per output token; null where the server does not count. */
  readonly chunksPerToken: number | null;
  /** Whether a chunk is not a token here, so that only TPOT can be trusted. */
  readonly unreliable: boolean;
}

/** Tokens that servers count and never send: the end of the turn, and the two marks around thinking. */
const SILENT_TOKENS = 3;

/**
 * Gaps between the chunks of an answer, milliseconds. They are unreliable unless there are as many chunks as tokens, or up to three (and
 * no more than half) fewer: the end of a turn and the marks around thinking are counted without being sent.
 *
 * @example interTokenLatency(recorded({ chunkMs: [50, 150, 250], outputTokens: 3 })) // { gapsMs: [100, 100], chunksPerToken: 1, unreliable: false }
 * @example interTokenLatency(recorded({ chunkMs: [50, 150], outputTokens: 8 })).unreliable // true
 */
export function interTokenLatency({ chunks, usage }: RequestRecord): InterTokenLatency {
  const gapsMs = chunks.slice(1).map(({ ms }, index) => ms - (chunks[index]?.ms ?? ms));
  const { outputTokens } = usage;
  if (!outputTokens) return { gapsMs, chunksPerToken: null, unreliable: true };
  const missing = outputTokens - chunks.length;
  return {
    gapsMs,
    chunksPerToken: chunks.length / outputTokens,
    unreliable: missing < 0 || missing > SILENT_TOKENS || missing * 2 > outputTokens,
  };
}
