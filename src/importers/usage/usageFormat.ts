import type { Instant } from './instant.ts';
import type { SummaryRow } from './sql/summaryRow.ts';
import type { Clock, UsageRow } from './usageRow.ts';

/** A row of a table, or an object. */
export type UsageRecord = readonly string[] | Readonly<Record<string, unknown>>;

/** Reads one field of a record; undefined where the record has none. */
export type FieldOf = (record: UsageRecord) => unknown;

/** The fields of a file by name. */
export interface Fields {
  readonly has: (name: string) => boolean;
  /** A reader of a field that may be absent. */
  readonly field: (name: string) => FieldOf;
  /** Takes note of how the times of the file name their zone. */
  readonly zones: Set<Instant['zone']>;
  /** Path of the file, where there is one. */
  readonly file?: string;
}

/** What the user says of files that do not say it themselves. */
export interface UsageFlags {
  /** Where tokens written to a cache are counted in formats that do not document it. */
  readonly cacheWrites: 'inside' | 'beside';
}

/** Turns records into rows; null for a record that states no usage, such as an empty day. */
export type RowReader = (record: UsageRecord) => UsageRow | readonly UsageRow[] | SummaryRow | null;

/** A kind of file that holds usage. */
export interface UsageFormat {
  readonly id: string;
  readonly name: string;
  /** Fields that make a file one of this kind. */
  readonly needs: readonly string[];
  /** Other fields that it is known to have, read or not. */
  readonly knows: readonly string[];
  /** Tokens of a block, where rows carry ids of blocks. */
  readonly blockTokens?: number;
  /** The world's unless said otherwise. */
  readonly clock?: Clock;
  /** Whether its rows are sums over another table: none may be left out. */
  readonly isSummary?: boolean;
  /** What the user should be told of every file of the kind. */
  readonly notice?: string;
  readonly open: (fields: Fields, flags: UsageFlags) => RowReader;
}
