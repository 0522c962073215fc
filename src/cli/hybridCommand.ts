import { hybrid } from '../plan/hybrid/hybrid.ts';
import type { HybridAnswer } from '../plan/hybrid/hybridAnswer.ts';
import { hybridReport } from '../report/hybridReport.ts';
import { hybridRawTable } from '../report/hybridTables.ts';
import { checkDelivery, deliver } from './deliver.ts';
import type { HybridOptions } from './hybridOptions.ts';
import { hybridQueryOf } from './hybridQuery.ts';
import { EXIT, type Io } from './io.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom } from './question.ts';

/** The answer to the words of `kplan hybrid`. */
export async function hybridAnswer(options: HybridOptions, io: Io): Promise<HybridAnswer> {
  const question = await questionFrom(options, io);
  const hasProfile = options.hourly !== undefined || options.quantiles !== undefined;
  const workload = await ownWorkloadFrom(question.words, question.catalog, !hasProfile);
  const query = await hybridQueryOf(workload.options);
  return answered(question, workload, (own) => hybrid({ ...query, ...own }, workload.catalog));
}

/** Answers `kplan hybrid`. */
export async function runHybrid(options: HybridOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const answer = await hybridAnswer(options, io);
  await deliver(deliverable(answer, { table: hybridRawTable, report: hybridReport }), options, io);
  return EXIT.done;
}
