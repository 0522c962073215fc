import { Fault } from '../../../faults/fault.ts';
import { nearestNames } from '../../../faults/nearest.ts';

/** What differs between warehouses. */
export interface Dialect {
  readonly id: string;
  readonly name: string;
  /** A name of a column or a table. */
  readonly quoted: (name: string) => string;
  readonly text: (value: string) => string;
  /** Types that may hold NULL: a whole number of 64 bits, a double, a text. */
  readonly int: string;
  readonly float: string;
  readonly string: string;
  /** Microseconds since 1970 UTC of a time; one without a zone is taken as UTC. */
  readonly epochUs: (time: string) => string;
  /** The value of the row before, NULL for the first. */
  readonly before: (value: string, partition: string, order: string) => string;
}

const doubled = (mark: string) => (value: string) => `${mark}${value.replaceAll(mark, mark + mark)}${mark}`;
const escaped = (mark: string) => (value: string) => `${mark}${value.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`)}${mark}`;
const lag = (value: string, partition: string, order: string) => `LAG(${value}) OVER (PARTITION BY ${partition} ORDER BY ${order})`;

const DIALECTS: readonly Dialect[] = [
  {
    id: 'duckdb',
    name: 'DuckDB',
    quoted: doubled('"'),
    text: doubled("'"),
    int: 'BIGINT',
    float: 'DOUBLE',
    string: 'VARCHAR',
    epochUs: (time) => `epoch_us(${time})`,
    before: lag,
  },
  {
    id: 'clickhouse',
    name: 'ClickHouse',
    quoted: escaped('`'),
    text: escaped("'"),
    int: 'Nullable(Int64)',
    float: 'Nullable(Float64)',
    string: 'Nullable(String)',
    epochUs: (time) => `toUnixTimestamp64Micro(CAST(${time} AS Nullable(DateTime64(6, 'UTC'))))`,
    before: (value, partition, order) =>
      `lagInFrame(toNullable(${value})) OVER (PARTITION BY ${partition} ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`,
  },
  {
    id: 'bigquery',
    name: 'BigQuery',
    quoted: escaped('`'),
    text: escaped("'"),
    int: 'INT64',
    float: 'FLOAT64',
    string: 'STRING',
    epochUs: (time) => `UNIX_MICROS(CAST(${time} AS TIMESTAMP))`,
    before: lag,
  },
  {
    id: 'snowflake',
    name: 'Snowflake',
    quoted: doubled('"'),
    text: (value) => doubled("'")(value.replaceAll('\\', '\\\\')),
    int: 'BIGINT',
    float: 'DOUBLE',
    string: 'VARCHAR',
    epochUs: (time) => `DATE_PART(EPOCH_MICROSECOND, ${time})`,
    before: lag,
  },
  {
    id: 'postgres',
    name: 'PostgreSQL',
    quoted: doubled('"'),
    text: doubled("'"),
    int: 'BIGINT',
    float: 'DOUBLE PRECISION',
    string: 'TEXT',
    epochUs: (time) => `CAST(FLOOR(EXTRACT(EPOCH FROM ${time}) * 1000000) AS BIGINT)`,
    before: lag,
  },
];

/** Names that `--dialect` takes. */
export const DIALECT_NAMES: readonly string[] = DIALECTS.map(({ id }) => id);

/**
 * The dialect of a name.
 *
 * @throws Fault `unknown` with the nearest name
 * @example dialectNamed('postgres').quoted('a"b') // '"a""b"'
 */
export function dialectNamed(name: string): Dialect {
  const found = DIALECTS.find(({ id }) => id === name.toLowerCase());
  if (found) return found;
  throw new Fault('unknown', 'no such dialect of SQL', {
    where: '--dialect',
    value: name,
    allowed: DIALECT_NAMES.join(', '),
    nearest: nearestNames(name.toLowerCase(), DIALECT_NAMES),
  });
}

/**
 * A name that is quoted for a dialect; it can be nothing else there.
 *
 * @param where the option, for the message
 * @throws Fault `invalid` for control characters
 * @example quotedName('x"; DROP', dialectNamed('duckdb'), '--table') // '"x""; DROP"'
 */
export function quotedName(name: string, dialect: Dialect, where: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no warehouse has such names, and they end comments
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name))
    throw new Fault('invalid', 'a control character in a name', { where, value: name, allowed: 'a name of one line' });
  return dialect.quoted(name);
}

/**
 * The name of a table, each of its parts between points quoted.
 *
 * @throws Fault `invalid` for an empty part
 * @example quotedTable('logs.requests', dialectNamed('bigquery')) // '`logs`.`requests`'
 */
export function quotedTable(name: string, dialect: Dialect): string {
  const parts = name.split('.').map((part) => part.trim());
  if (parts.some((part) => part === '') || parts.length > 3)
    throw new Fault('invalid', 'not the name of a table', {
      where: '--table',
      value: name,
      allowed: 'TABLE, SCHEMA.TABLE or PROJECT.SCHEMA.TABLE',
    });
  return parts.map((part) => quotedName(part, dialect, '--table')).join('.');
}
