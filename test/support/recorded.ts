import type { RequestRecord } from '../../src/calibration/client/record.ts';

/** What a test says of a record; tokens and times of chunks in short. */
interface Said extends Partial<Omit<RequestRecord, 'chunks' | 'usage'>> {
  readonly chunkMs?: readonly number[];
  readonly outputTokens?: number | null;
}

/** A record of a full answer, with what a test says of it. */
export function recorded({ chunkMs = [], outputTokens = null, ...said }: Said): RequestRecord {
  return {
    schema: 'kplan/request@1',
    ask: { step: 0, number: 1, shape: 'short', inputTokens: 8, maxOutputTokens: 8, sharedInput: 0, concurrency: 1, rate: null },
    intendedMs: 0,
    sentMs: 0,
    headersMs: null,
    firstByteMs: null,
    firstTokenMs: chunkMs[0] ?? null,
    firstAnswerMs: null,
    lastTokenMs: chunkMs.at(-1) ?? null,
    endMs: 0,
    chunks: chunkMs.map((ms) => ({ ms, tokens: null, channel: 'content' })),
    usage: {
      place: outputTokens === null ? 'none' : 'last-chunk',
      inputTokens: null,
      cachedTokens: null,
      outputTokens,
      reasoningTokens: null,
    },
    status: 200,
    finishReason: 'stop',
    failure: null,
    clientLagMs: 0,
    ...said,
  };
}
