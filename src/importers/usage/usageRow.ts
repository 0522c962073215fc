import type { TokenLeaves } from '../../cost/tokenLeaves.ts';

/** Which clock a time is of: the world's, or one that began with the file. */
export type Clock = 'utc' | 'file';

/** The scope of blocks that all requests of a file share. */
export const SHARED_BLOCKS = '';

/** One request, or one bucket of requests, in the form that all formats are read into. */
export interface UsageRow {
  /** Milliseconds of the clock; null where the row has no time that others share. */
  readonly atMs: number | null;
  /** Length of the bucket; 0 for a request, null where the file does not say how long its buckets are. */
  readonly spanMs: number | null;
  /** null where a bucket does not say it. */
  readonly requests: number | null;
  readonly leaves: TokenLeaves;
  /** Whether the row tells what was read from the cache. */
  readonly cachedKnown: boolean;
  readonly thinkingKnown: boolean;
  readonly model: string | null;
  readonly costUsd: number | null;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  /** Ids of the leading blocks of the input; null where the row has none. */
  readonly blocks: readonly number[] | null;
  /** Whose blocks they are: ids of other scopes are other blocks. */
  readonly blockScope: string | null;
  /** Whose call it is; '' where a file of conversations does not say it of the row, null where it tells of none. */
  readonly conversation: string | null;
  /** Whether a helper within the conversation makes the call, with a context of its own. */
  readonly isAside: boolean;
  /** Milliseconds since the conversation began, where its clock is its own. */
  readonly sinceStartMs: number | null;
  /** From the call to the end of its answer; asked of conversations alone. */
  readonly durationMs: number | null;
}

/** What a reader fills in where a format says nothing of it. */
export const REQUEST = {
  atMs: null,
  spanMs: 0,
  requests: 1,
  cachedKnown: false,
  thinkingKnown: false,
  model: null,
  costUsd: null,
  outcome: 'done',
  blocks: null,
  blockScope: null,
  conversation: null,
  isAside: false,
  sinceStartMs: null,
  durationMs: null,
} as const satisfies Omit<UsageRow, 'leaves'>;

/** A row of one request; what a reader leaves out is as in `REQUEST`. Written out: spreading an object takes longer than all the rest of a row. */
export function requestRow(row: Partial<UsageRow> & Pick<UsageRow, 'leaves'>): UsageRow {
  return {
    atMs: row.atMs ?? null,
    spanMs: row.spanMs === undefined ? 0 : row.spanMs,
    requests: row.requests === undefined ? 1 : row.requests,
    leaves: row.leaves,
    cachedKnown: row.cachedKnown ?? false,
    thinkingKnown: row.thinkingKnown ?? false,
    model: row.model ?? null,
    costUsd: row.costUsd ?? null,
    outcome: row.outcome ?? 'done',
    blocks: row.blocks ?? null,
    blockScope: row.blockScope ?? null,
    conversation: row.conversation ?? null,
    isAside: row.isAside ?? false,
    sinceStartMs: row.sinceStartMs ?? null,
    durationMs: row.durationMs ?? null,
  };
}
