import { advise } from '../plan/advise/advise.ts';
import { adviseRawTable, adviseReport } from '../report/adviseReport.ts';
import type { AdviseOptions } from './adviseOptions.ts';
import { adviseQueryOf } from './adviseQuery.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom } from './question.ts';

/** Answers `kplan advise`; the exit code is 3 under `--fail` where the cheapest way costs more than the budget. */
export async function runAdvise(options: AdviseOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const question = await questionFrom(options, io);
  const hasProfile = options.hourly !== undefined || options.quantiles !== undefined;
  const workload = await ownWorkloadFrom(question.words, question.catalog, !hasProfile);
  const { options: commandLine } = await adviseQueryOf(options);
  const query = { ...(await adviseQueryOf(workload.options)), ...(commandLine === undefined ? {} : { options: commandLine }) };
  const answer = answered(question, workload, (own) => advise({ ...query, ...own }, workload.catalog));
  await deliver(deliverable(answer, { table: adviseRawTable, report: adviseReport }), options, io);
  const { budgetUsdPerMonth: budget, ways } = answer;
  return options.fail && budget !== null && (ways[0]?.usdPerMonth.value ?? 0) > budget ? EXIT.negative : EXIT.done;
}
