import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { DIALECT_NAMES } from '../importers/usage/sql/dialect.ts';
import { SUMMARY_SCHEMA } from '../importers/usage/sql/summaryColumns.ts';
import { summaryQuery } from '../importers/usage/sql/summaryQuery.ts';
import type { TimeType } from '../importers/usage/sql/usageRows.ts';
import { SQL_MARK } from '../report/mark.ts';
import type { WorkloadSqlDocument } from '../report/schema/workloadSql.ts';
import { checkDelivery } from './deliver.ts';
import { EXIT, type Io } from './io.ts';

/** The words of `kplan workload sql` as commander hands them over. */
export interface WorkloadSqlOptions {
  readonly dialect?: string;
  readonly table?: string;
  readonly columns?: string;
  readonly timeType?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

const TIME_TYPES: readonly TimeType[] = ['timestamp', 'number'];

function timeTypeIn(word: string): TimeType {
  const found = TIME_TYPES.find((type) => type === word);
  if (found) return found;
  const near = nearestNames(word, TIME_TYPES);
  throw new Fault('unknown', 'no such type of time', { where: '--time-type', value: word, allowed: TIME_TYPES.join(', '), nearest: near });
}

function given(word: string | undefined, where: string, allowed: string): string {
  if (word === undefined) throw new Fault('missing', 'it must be said', { where, allowed });
  return word;
}

/** Answers `kplan workload sql`: the query on stdout or in the file of `--out`. */
export async function runWorkloadSql(options: WorkloadSqlOptions, io: Io): Promise<number> {
  const { json, out, table = 'requests', force } = options;
  await checkDelivery({ ...(out === undefined ? {} : { out }), force: force === true });
  const question = {
    dialect: given(options.dialect, '--dialect', DIALECT_NAMES.join(', ')),
    table,
    columns: given(options.columns, '--columns', 'such as input=prompt_tokens,output=completion_tokens,time=created_at,model=model'),
    timeType: timeTypeIn(options.timeType ?? 'timestamp'),
  };
  const query = summaryQuery(question);
  const schema = 'kplan/workload-sql@1';
  const document: WorkloadSqlDocument = { schema, ...question, result: SUMMARY_SCHEMA, query };
  const text = json ? `${JSON.stringify(document, null, 2)}\n` : `${SQL_MARK}${schema}\n${query}`;
  if (out === undefined || out === '-') io.write(text);
  else {
    const { writeOutputs } = await import('../report/output.ts');
    writeOutputs([{ where: '--out', path: out, content: text }], { force: force === true });
    io.warn(`kplan: wrote ${out}\n`);
  }
  return EXIT.done;
}
