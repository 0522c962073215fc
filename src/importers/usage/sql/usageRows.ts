import { Fault } from '../../../faults/fault.ts';
import type { Part } from '../formats/mapped.ts';
import { MOST_MS } from '../usageTally.ts';
import { type Dialect, quotedName } from './dialect.ts';

/** How a table holds its times: a type of time, or seconds or milliseconds since 1970, told apart by their size. */
export type TimeType = 'timestamp' | 'number';

/** Above it a number is in milliseconds; as files are read. */
const SECONDS_BELOW = 100_000_000_000;
const MOST_TOKENS = 1_000_000_000;

/** Parts that the query sums. */
const SUMMED: readonly string[] = ['input', 'output', 'time', 'cached', 'cached-inside', 'cache-write', 'reasoning', 'cost', 'model'];

type Parts = ReadonlyMap<Part, string>;

/** A test and what is wrong with a row where it holds. */
type Flaw = readonly [test: string, reason: string];

function countFlaws(value: string, column: string, mustBe: boolean): Flaw[] {
  return [
    ...(mustBe ? ([[`${value} IS NULL`, `${column}: a count is missing`]] satisfies Flaw[]) : []),
    [`${value} < 0`, `${column}: a count below zero`],
    [`NOT (${value} <= ${Number.MAX_SAFE_INTEGER})`, `${column}: not a count`],
    [`${value} <> FLOOR(${value})`, `${column}: a fraction of a count`],
  ];
}

function caseOf(flaws: readonly Flaw[], dialect: Dialect, indent: string): string {
  return `CASE${flaws.map(([test, reason]) => `\n${indent}  WHEN ${test} THEN ${dialect.text(reason)}`).join('')}\n${indent}END`;
}

/**
 * The first parts of the query: the rows of a table as kplan reads them, each with what is wrong with it, and of those the ones that are
 * used. Only the columns that are named are read.
 *
 * @param table quoted
 * @param parts the columns by what they hold
 * @throws Fault `unsupported` for a column of requests: such a table is small enough to be imported itself
 */
export function usageRows(table: string, parts: Parts, dialect: Dialect, timeType: TimeType): string[] {
  if (parts.has('requests'))
    throw new Fault('unsupported', 'its rows are sums of requests already', {
      where: '--columns',
      value: `requests=${parts.get('requests')}`,
      allowed: 'a table with one row for each request; kplan import workload reads one of buckets',
    });
  const other = [...parts.keys()].find((part) => !SUMMED.includes(part));
  if (other !== undefined)
    throw new Fault('unsupported', 'a query cannot sum it', { where: '--columns', value: other, allowed: SUMMED.join(', ') });
  const { int, float, string } = dialect;
  const column = (part: Part) => {
    const name = parts.get(part);
    return name === undefined ? null : quotedName(name, dialect, '--columns');
  };
  const name = (part: Part) => parts.get(part) ?? '';
  const count = (part: Part) => column(part) ?? `CAST(NULL AS ${int})`;
  const time = column('time');
  const number = `CAST(${time} AS ${float})`;
  const epoch =
    timeType === 'timestamp'
      ? dialect.epochUs(time ?? '')
      : `CASE WHEN ${number} >= 0 AND ${number} <= ${MOST_MS} THEN CAST(ROUND(CASE WHEN ${number} < ${SECONDS_BELOW} THEN ${number} * 1000000 ELSE ${number} * 1000 END) AS ${int}) END`;
  const isInside = parts.get('cached-inside') !== 'no';
  const flaws: Flaw[] = [
    ...(parts.has('cached') ? countFlaws('kplan_read', name('cached'), false) : []),
    ...(parts.has('reasoning') ? countFlaws('kplan_thought', name('reasoning'), false) : []),
    ...(time === null ? [] : ([['kplan_time IS NULL', `${name('time')}: a time is missing`]] satisfies Flaw[])),
    ...(time !== null && timeType === 'number' ? ([['kplan_time < 0', `${name('time')}: not a time`]] satisfies Flaw[]) : []),
    ...countFlaws('kplan_in', name('input'), true),
    ...countFlaws('kplan_out', name('output'), true),
    ...(parts.has('cache-write') ? countFlaws('kplan_written', name('cache-write'), false) : []),
  ];
  const where = parts.get('cached') ?? name('input');
  const further: Flaw[] = [
    ...(isInside ? ([['all_read + all_written > all_in', `${where}: more tokens in the cache than input tokens`]] satisfies Flaw[]) : []),
    ['all_thought > all_out', `${where}: more thinking tokens than output tokens`],
    ...(parts.has('cost') ? ([['NOT (cost_usd >= 0 AND cost_usd < 1e300)', `${name('cost')}: not an amount`]] satisfies Flaw[]) : []),
    ...(time === null ? [] : ([[`at_us IS NULL OR at_us < 0 OR at_us > ${MOST_MS}000`, 'time: number out of range']] satisfies Flaw[])),
    [`all_out > 0 AND ${isInside ? 'all_in' : 'all_in + all_read + all_written'} > ${MOST_TOKENS}`, 'inputTokens: number out of range'],
    [`all_out > ${MOST_TOKENS}`, 'outputTokens: number out of range'],
  ];
  const model = column('model');
  const whole = (value: string) => `CAST(CASE WHEN flaw IS NULL THEN ${value} END AS ${int})`;
  return [
    `picked AS (
  SELECT
    ${time ?? `CAST(NULL AS ${int})`} AS kplan_time,
    ${time === null ? `CAST(NULL AS ${int})` : epoch} AS kplan_at,
    ${count('input')} AS kplan_in,
    ${count('output')} AS kplan_out,
    ${count('cached')} AS kplan_read,
    ${count('cache-write')} AS kplan_written,
    ${count('reasoning')} AS kplan_thought,
    CAST(${column('cost') ?? 'NULL'} AS ${float}) AS kplan_cost,
    ${model === null ? `CAST(NULL AS ${string})` : `NULLIF(TRIM(CAST(${model} AS ${string})), '')`} AS kplan_model
  FROM ${table}
)`,
    `checked AS (
  SELECT
    kplan_at, kplan_in, kplan_out, kplan_read, kplan_written, kplan_thought, kplan_cost, kplan_model,
    ${caseOf(flaws, dialect, '    ')} AS flaw
  FROM picked
)`,
    `counted AS (
  SELECT
    kplan_at AS at_us, kplan_cost AS cost_usd, kplan_model AS model_name, flaw,
    ${whole('kplan_in')} AS all_in,
    ${whole('kplan_out')} AS all_out,
    ${whole('COALESCE(kplan_read, 0)')} AS all_read,
    ${whole('COALESCE(kplan_written, 0)')} AS all_written,
    ${whole('COALESCE(kplan_thought, 0)')} AS all_thought,
    CASE WHEN kplan_read IS NULL THEN 0 ELSE 1 END AS is_read_known,
    CASE WHEN kplan_thought IS NULL THEN 0 ELSE 1 END AS is_thought_known
  FROM checked
)`,
    `judged AS (
  SELECT
    at_us, cost_usd, model_name, is_read_known, is_thought_known,
    ${isInside ? 'all_in' : 'all_in + all_read + all_written'} AS tokens_in,
    all_out AS tokens_out,
    all_read AS tokens_read,
    all_written AS tokens_written,
    all_thought AS tokens_thought,
    COALESCE(flaw, ${caseOf(further, dialect, '    ')}) AS reason
  FROM counted
)`,
    `used AS (
  SELECT at_us, model_name, tokens_in, tokens_out, tokens_read
  FROM judged
  WHERE reason IS NULL AND tokens_out > 0
)`,
  ];
}
