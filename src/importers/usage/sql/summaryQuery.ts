import { lengthBinEdges } from '../../../workload/lengthTally.ts';
import { columnParts } from '../formats/mapped.ts';
import { MOST_MODELS, OTHER_MODELS } from '../usageTally.ts';
import { type Dialect, dialectNamed, quotedTable } from './dialect.ts';
import { lengthCase } from './lengthCase.ts';
import { SUMMARY_COLUMNS, SUMMARY_SCHEMA, type SummaryColumn } from './summaryColumns.ts';
import { STEP_SUMS, timeSteps } from './timeSteps.ts';
import { type TimeType, usageRows } from './usageRows.ts';

/** What the query is asked of. */
export interface SummaryQuestion {
  readonly dialect: string;
  /** Name of the table, with schema and project where needed. */
  readonly table: string;
  /** As `--columns` of `kplan import workload`. */
  readonly columns: string;
  readonly timeType: TimeType;
}

const HOUR_US = 3_600_000_000;

/** One part of the result: the values of its columns, NULL in all others. */
function part(dialect: Dialect, kind: string, values: Partial<Record<SummaryColumn, string>>, from: string): string {
  const all: Partial<Record<SummaryColumn, string>> = {
    summary: dialect.text(SUMMARY_SCHEMA),
    kind: dialect.text(kind),
    ...values,
  };
  const columns = (Object.keys(SUMMARY_COLUMNS) as SummaryColumn[]).map(
    (name) => `CAST(${all[name] ?? 'NULL'} AS ${dialect[SUMMARY_COLUMNS[name]]}) AS ${dialect.quoted(name)}`,
  );
  return `  SELECT\n    ${columns.join(',\n    ')}\n  ${from}`;
}

const KIND_OF_ROW = "CASE WHEN reason IS NOT NULL THEN 'broken' WHEN tokens_out = 0 THEN 'no output' ELSE 'used' END";
const IS_PAID = 'CASE WHEN cost_usd IS NULL OR (tokens_out = 0 AND cost_usd = 0) THEN 0 ELSE 1 END';

function groups(dialect: Dialect): string[] {
  const edges = lengthBinEdges();
  return [
    `sorted_rows AS (
  SELECT
    ${KIND_OF_ROW} AS row_kind, is_read_known, is_thought_known,
    CASE WHEN at_us IS NULL THEN 0 ELSE 1 END AS is_timed,
    ${IS_PAID} AS is_paid,
    at_us, tokens_in, tokens_out, tokens_read, tokens_written, tokens_thought, cost_usd
  FROM judged
)`,
    `lengths AS (
  SELECT
    tokens_in, tokens_out,
    ${lengthCase('tokens_in', edges, '    ')} AS bin_in,
    ${lengthCase('tokens_out', edges, '    ')} AS bin_out
  FROM used
)`,
    `model_sums AS (
  SELECT
    model_name, CASE WHEN model_name IS NULL THEN 1 ELSE 0 END AS is_nameless,
    COUNT(*) AS n, SUM(tokens_in) AS sum_in, SUM(tokens_out) AS sum_out
  FROM used
  GROUP BY model_name
)`,
    `model_places AS (
  SELECT
    model_name, n, sum_in, sum_out,
    row_number() OVER (PARTITION BY is_nameless ORDER BY sum_in + sum_out DESC, model_name) AS place
  FROM model_sums
)`,
    `models AS (
  SELECT CASE WHEN place > ${MOST_MODELS} THEN ${dialect.text(OTHER_MODELS)} ELSE model_name END AS listed_name, n, sum_in, sum_out
  FROM model_places
)`,
    `hours AS (
  SELECT at_us - MOD(at_us, ${HOUR_US}) AS hour_start, tokens_in, tokens_read
  FROM used
  WHERE at_us IS NOT NULL
)`,
  ];
}

function result(dialect: Dialect): string[] {
  const sums = { input_tokens: 'SUM(tokens_in)', output_tokens: 'SUM(tokens_out)' };
  return [
    part(dialect, 'all', { requests: 'COUNT(*)' }, 'FROM judged'),
    part(
      dialect,
      'rows',
      {
        kind: 'row_kind',
        timed: 'is_timed',
        cached_known: 'is_read_known',
        thinking_known: 'is_thought_known',
        paid: 'is_paid',
        requests: 'COUNT(*)',
        ...sums,
        cache_read: 'SUM(tokens_read)',
        cache_write: 'SUM(tokens_written)',
        thinking_tokens: 'SUM(tokens_thought)',
        usd: 'SUM(cost_usd)',
        first_us: 'MIN(at_us)',
        last_us: 'MAX(at_us)',
      },
      "FROM sorted_rows WHERE row_kind <> 'broken' GROUP BY row_kind, is_timed, is_read_known, is_thought_known, is_paid",
    ),
    part(dialect, 'broken', { name: 'reason', requests: 'COUNT(*)' }, 'FROM judged WHERE reason IS NOT NULL GROUP BY reason'),
    part(dialect, 'length', { requests: 'COUNT(*)', ...sums }, 'FROM lengths GROUP BY bin_in, bin_out'),
    part(
      dialect,
      'hour',
      { hour_us: 'hour_start', requests: 'COUNT(*)', input_tokens: 'SUM(tokens_in)', cache_read: 'SUM(tokens_read)' },
      'FROM hours GROUP BY hour_start',
    ),
    part(
      dialect,
      'model',
      { name: 'listed_name', requests: 'SUM(n)', input_tokens: 'SUM(sum_in)', output_tokens: 'SUM(sum_out)' },
      'FROM models GROUP BY listed_name',
    ),
    part(dialect, 'step', STEP_SUMS.values, STEP_SUMS.from),
  ];
}

/**
 * The query that sums a table of requests in a warehouse into one small table, from which `kplan import workload` makes the workload that
 * it would make of the rows themselves. It reads the named columns alone and writes nothing.
 *
 * @returns one statement
 * @throws Fault for a dialect, a table or columns that cannot be read
 */
export function summaryQuery({ dialect: name, table, columns, timeType }: SummaryQuestion): string {
  const dialect = dialectNamed(name);
  const ctes = [
    ...usageRows(quotedTable(table, dialect), columnParts(columns), dialect, timeType),
    ...timeSteps(dialect),
    ...groups(dialect),
  ];
  return `-- Sums of a table of requests, for ${dialect.name}.
-- Save the whole result as CSV or JSON lines; kplan import workload FILE makes a workload of it.
WITH
${ctes.join(',\n')}
SELECT * FROM (
${result(dialect).join('\n  UNION ALL\n')}
) summary_rows
ORDER BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
`;
}
