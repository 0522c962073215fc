import { median } from '../../evidence/median.ts';
import type { RequestRecord } from '../client/record.ts';

/** Chunks below which an answer says nothing of tokens per chunk. */
const LEAST_CHUNKS = 8;
/** Tokens per chunk from which on an engine that sends a chunk for each step must have accepted more than one. */
const MORE_THAN_ONE = 1.15;

/** Output tokens per chunk of one answer by the server's own count; null where it does not count or the answer is too short. */
function tokensPerChunk({ chunks, usage }: Pick<RequestRecord, 'chunks' | 'usage'>): number | null {
  return usage.outputTokens === null || chunks.length < LEAST_CHUNKS ? null : usage.outputTokens / chunks.length;
}

/**
 * Whether answers come in chunks of more than one token, as they do under speculative decoding (or where the server gathers tokens).
 *
 * @returns tokens per chunk, the median over the answers, and whether that is suspicious; null where no answer tells
 * @example speculationSeen([]) // null
 */
export function speculationSeen(
  records: readonly Pick<RequestRecord, 'chunks' | 'usage' | 'failure'>[],
): { readonly tokensPerChunk: number; readonly suspected: boolean } | null {
  const ratios = records.flatMap((record) => (record.failure === null ? (tokensPerChunk(record) ?? []) : []));
  if (ratios.length === 0) return null;
  const middle = median(ratios);
  return { tokensPerChunk: middle, suspected: middle > MORE_THAN_ONE };
}
