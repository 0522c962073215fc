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

/** Time per token below which no engine answers: the answer was held back and came in one piece. */
const ONE_PIECE_MS = 0.1;

/**
 * Whether an answer of some length came in one piece, as a proxy that buffers hands it on: no time lies between its tokens.
 *
 * @example cameInOnePiece(recorded({ chunkMs: [900, 900, 900], outputTokens: 64 })) // true
 * @example cameInOnePiece(recorded({ chunkMs: [50, 150, 850], outputTokens: 9 })) // false
 */
export function cameInOnePiece(record: RequestRecord): boolean {
  const tokens = outputTokensOf(record);
  const { firstTokenMs, lastTokenMs, chunks } = record;
  if (tokens === null || firstTokenMs === null || lastTokenMs === null || tokens < LEAST_TOKENS) return false;
  return chunks.length < LEAST_CHUNKS || (lastTokenMs - firstTokenMs) / tokens < ONE_PIECE_MS;
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
  if (tokens === null || firstTokenMs === null || lastTokenMs === null || tokens < LEAST_TOKENS || cameInOnePiece(record)) return null;
  const following = tokens - (chunks[0]?.tokens ?? 1);
  return following > 0 && lastTokenMs > firstTokenMs ? (lastTokenMs - firstTokenMs) / following : null;
}
