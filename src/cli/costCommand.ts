import { cost } from '../plan/cost/cost.ts';
import type { CostAnswer } from '../plan/cost/costAnswer.ts';
import { costReport } from '../report/costReport.ts';
import { costRawTable } from '../report/costTables.ts';
import type { CostOptions } from './costOptions.ts';
import { costQueryOf } from './costQuery.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { focusCsv, focusFile } from './focusFile.ts';
import { EXIT, type Io } from './io.ts';
import { givenOptions } from './options.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom } from './question.ts';
import { formatTermId } from './termId.ts';
import { workbookFile } from './workbookFile.ts';

async function forecast(answer: CostAnswer): Promise<string> {
  const { costFocus } = await import('../report/focus/costFocus.ts');
  return focusCsv(costFocus(answer), answer.schema);
}

/** Loads the writer of workbooks for one alone. */
async function bound(answer: CostAnswer): Promise<Uint8Array> {
  const [{ costWorkbook }, { writeWorkbook }] = await Promise.all([
    import('../report/workbook/answerWorkbook.ts'),
    import('../report/workbook/writeWorkbook.ts'),
  ]);
  return writeWorkbook(await costWorkbook(answer));
}

/** Whether a fleet of one's own costs less than every standard tariff of the model, of which there must be one. */
function ownIsLeast({ rows, query }: CostAnswer): boolean {
  const standing = rows.filter(
    ({ kind, tier, model, role }) => kind === 'own' || role === 'asked' || (tier === 'standard' && model === query['model']),
  );
  return standing[0]?.kind === 'own' && standing.some(({ kind }) => kind !== 'own');
}

/** The answer to the words of `kplan cost`. */
export async function costAnswer(options: CostOptions, io: Io): Promise<CostAnswer> {
  const question = await questionFrom(options, io);
  const workload = await ownWorkloadFrom(question.words, question.catalog, true);
  const query = costQueryOf(workload.options);
  return answered(question, workload, (own) => cost({ ...query, ...own }, workload.catalog));
}

/** Answers `kplan cost`; the exit code is 3 under `--fail` where no fleet of one's own costs least. */
export async function runCost(options: CostOptions, io: Io): Promise<number> {
  const workbook = workbookFile(options);
  const focus = focusFile(options);
  await checkDelivery(options, workbook, focus);
  const answer = await costAnswer(options, io);
  const given = givenOptions(options, ['all']);
  const ids = options.ids ? { ids: (term: string) => formatTermId({ command: 'cost', options: given, row: [], term }) } : {};
  await deliver(
    deliverable(answer, { table: costRawTable, report: (of) => costReport(of, { ...ids, all: options.all === true }) }),
    options,
    io,
    workbook && { ...workbook, content: () => bound(answer) },
    focus && { ...focus, content: () => forecast(answer) },
  );
  return options.fail && !ownIsLeast(answer) ? EXIT.negative : EXIT.done;
}
