import { Fault } from '../faults/fault.ts';
import { reuse } from '../plan/reuse/reuse.ts';
import type { ReuseAnswer } from '../plan/reuse/reuseAnswer.ts';
import { reuseReport } from '../report/reuseReport.ts';
import { reuseRawTable } from '../report/reuseTables.ts';
import { type ChartFile, chartFile, drawn } from './chartFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { hostingQueryOf } from './hostingQuery.ts';
import { EXIT, type Io } from './io.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom } from './question.ts';
import type { ReuseOptions } from './reuseOptions.ts';

async function draw(answer: ReuseAnswer, kind: ChartFile['kind']): Promise<string | Uint8Array> {
  const { reuseChart } = await import('../report/charts/reuseChart.ts');
  return drawn(reuseChart(answer), kind);
}

/** Refuses the share that the command is there to find. */
function checkReuse({ reuse: share }: ReuseOptions): void {
  if (share === undefined) return;
  throw new Fault('contradiction', 'the share follows from the KV tokens of a replica', {
    where: '--reuse',
    value: share,
    allowed: 'kplan reuse without it; cost and breakeven take it',
  });
}

/** The answer to the words of `kplan reuse`. */
export async function reuseAnswer(options: ReuseOptions, io: Io): Promise<ReuseAnswer> {
  checkReuse(options);
  const question = await questionFrom(options, io);
  const workload = await ownWorkloadFrom(question.words, question.catalog, true);
  const query = hostingQueryOf(workload.options);
  return answered(question, workload, (own) => reuse({ ...query, ...own }, workload.catalog));
}

/** Answers `kplan reuse`. */
export async function runReuse(options: ReuseOptions, io: Io): Promise<number> {
  const chart = options.chart === undefined ? null : chartFile(options.chart);
  await checkDelivery(options, chart);
  const answer = await reuseAnswer(options, io);
  await deliver(
    deliverable(answer, { table: reuseRawTable, report: reuseReport }),
    options,
    io,
    chart && { ...chart, content: () => draw(answer, chart.kind) },
  );
  return EXIT.done;
}
