import type { RecordedAsk, RequestRecord } from '../../src/calibration/client/record.ts';

/** What a made-up request was and how it went. */
export interface MadeRequest {
  readonly ask?: Partial<RecordedAsk>;
  readonly sentMs?: number;
  readonly intendedMs?: number;
  readonly ttftMs?: number;
  readonly tpotMs?: number;
  readonly inputTokens?: number | null;
  readonly cachedTokens?: number | null;
  readonly outputTokens?: number | null;
  /** How many chunks came. */
  readonly chunks?: number;
  readonly failure?: RequestRecord['failure'];
}

/** A record of a request that went as said. */
export function record(made: MadeRequest = {}): RequestRecord {
  const { sentMs = 0, ttftMs = 100, tpotMs = 10, inputTokens = 1000, outputTokens = 32, cachedTokens = 0, failure = null } = made;
  const tokens = outputTokens ?? 32;
  const count = made.chunks ?? tokens;
  const lastMs = sentMs + ttftMs + (tokens - 1) * tpotMs;
  const step = count > 1 ? (lastMs - sentMs - ttftMs) / (count - 1) : 0;
  return {
    schema: 'kplan/request@1',
    ask: {
      step: 0,
      number: 0,
      shape: 'short',
      inputTokens: 1024,
      maxOutputTokens: 32,
      sharedInput: 0,
      concurrency: 1,
      rate: null,
      ...made.ask,
    },
    intendedMs: made.intendedMs ?? sentMs,
    sentMs,
    headersMs: sentMs + 1,
    firstByteMs: sentMs + 2,
    firstTokenMs: failure ? null : sentMs + ttftMs,
    firstAnswerMs: failure ? null : sentMs + ttftMs,
    lastTokenMs: failure ? null : lastMs,
    endMs: lastMs + 1,
    chunks: Array.from({ length: failure ? 0 : count }, (_, at) => ({ ms: sentMs + ttftMs + at * step, tokens: null, channel: 'content' })),
    usage: { place: 'last-chunk', inputTokens, cachedTokens, outputTokens, reasoningTokens: null },
    status: 200,
    finishReason: failure ? null : 'length',
    failure,
    clientLagMs: 0,
  };
}
