import type { RequestRecord } from './record.ts';

/** Answers shorter than this say nothing of the time between tokens. */
const LEAST_TOKENS = 8;
/** Chunks below which an answer came all at once. */
const LEAST_CHUNKS = 3;

/**
 * Tokens that an answer has, by the server's count or by that of its chunks; null where neither counts.
 *
 * @example outputTokensOf(recorded({ outputTokens: 100 })) // 100
 */
export function outputTokensOf({ usage, chunks }: RequestRecord): number | null {
  if (usage.outputTokens !== null) return usage.outputTokens;
  const counts = chunks.map(({ tokens }) => tokens);
  return counts.length > 0 && counts.every((count) => count !== null) ? counts.reduce((sum, count) => sum + count, 0) : null;
}

/**
 * Time to the first generated token of any channel, from when the request was due, which a late client cannot hide: milliseconds; null
 * where none came.
 *
 * @example ttftOf(recorded({ intendedMs: 10, sentMs: 35, chunkMs: [60, 80] })) // 50
 */
export function ttftOf({ firstTokenMs, intendedMs }: RequestRecord): number | null {
  return firstTokenMs !== null && firstTokenMs > intendedMs ? firstTokenMs - intendedMs : null;
}

/**
 * Time between two tokens of one answer: `(last token - first token) / (output tokens - those of the first chunk)`.
 *
 * @returns milliseconds; null where the answer is too short, came all at once or nobody counts its tokens
 * @example tpotOf(recorded({ chunkMs: [50, 150, 850], outputTokens: 9 })) // 100
 */
export function tpotOf(record: RequestRecord): number | null {
  const tokens = outputTokensOf(record);
  const { firstTokenMs, lastTokenMs, chunks } = record;
  if (tokens === null || firstTokenMs === null || lastTokenMs === null || chunks.length < LEAST_CHUNKS || tokens < LEAST_TOKENS)
    return null;
  const following = tokens - (chunks[0]?.tokens ?? 1);
  return following > 0 && lastTokenMs > firstTokenMs ? (lastTokenMs - firstTokenMs) / following : null;
}
