/** What a result of the query is, in each of its rows. */
export const SUMMARY_SCHEMA = 'kplan/workload-summary@1';

/** The columns of a result, each with the kind of its values. */
export const SUMMARY_COLUMNS = {
  summary: 'string',
  kind: 'string',
  name: 'string',
  hour_us: 'int',
  step_us: 'int',
  timed: 'int',
  cached_known: 'int',
  thinking_known: 'int',
  paid: 'int',
  requests: 'int',
  input_tokens: 'int',
  output_tokens: 'int',
  cache_read: 'int',
  cache_write: 'int',
  thinking_tokens: 'int',
  usd: 'float',
  first_us: 'int',
  last_us: 'int',
  instants: 'int',
  first_requests: 'int',
  last_requests: 'int',
  squares_ms2: 'float',
} as const satisfies Readonly<Record<string, 'int' | 'float' | 'string'>>;

export type SummaryColumn = keyof typeof SUMMARY_COLUMNS;

/** Rows of a result: of the whole table, of its rows by what they are, and of those that are used by length, hour, model and step of time. */
export const SUMMARY_KINDS = ['all', 'used', 'no output', 'broken', 'length', 'hour', 'model', 'step'] as const;
