import type { Command } from 'commander';
import type { Io } from './io.ts';
import { valueOption } from './options.ts';
import type { WorkloadSqlOptions } from './workloadSqlCommand.ts';

/** Declares `kplan workload`; its work is loaded when it runs. */
export function declareWorkload(program: Command, io: Io, done: (code: number) => void): void {
  const workload = program
    .command('workload')
    .description('Workloads from logs that stay where they are.')
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  const sql = workload
    .command('sql')
    .description(
      'Prints a query for your own warehouse that sums a table of requests into a small table, which `kplan import workload` takes. Only the named columns are read, no texts.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: () => undefined });
  valueOption(sql, '--dialect <name>', 'duckdb, clickhouse, bigquery, snowflake or postgres');
  valueOption(sql, '--table <name>', 'the table, with schema and project where needed, as it is stored (default: requests)');
  valueOption(
    sql,
    '--columns <parts>',
    'what its columns are: input=…,output=…,time=…,cached=…,cached-inside=yes|no,cache-write=…,reasoning=…,cost=…,model=…',
  );
  valueOption(
    sql,
    '--time-type <type>',
    'timestamp, or number: seconds or milliseconds since 1970, told apart by their size (default: timestamp)',
  );
  sql.optionsGroup('Output:').option('--json', 'one JSON document on stdout, also for errors');
  valueOption(sql, '--out <file>', 'write the query to a file, whole or not at all; - is stdout')
    .option('--force', 'replace a file that kplan did not write')
    .action(async (options: WorkloadSqlOptions) => {
      const { runWorkloadSql } = await import('./workloadSqlCommand.ts');
      done(await runWorkloadSql(options, io));
    });
}
