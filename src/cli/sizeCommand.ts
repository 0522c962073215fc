import { size } from '../plan/size/size.ts';
import type { SizeAnswer } from '../plan/size/sizeAnswer.ts';
import type { SizeWatch } from '../plan/size/sizeQuestion.ts';
import { sizeReport } from '../report/sizeReport.ts';
import { sizeRawTable } from '../report/sizeTables.ts';
import { type ChartFile, chartFile, drawn } from './chartFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom } from './question.ts';
import type { SizeOptions } from './sizeOptions.ts';
import { sizeQueryOf } from './sizeQuery.ts';
import { tracedWorkload } from './tracedWorkload.ts';

/** A chart of the command, and how it is drawn. */
interface SizeChart extends ChartFile {
  readonly curve: 'loadCurve' | 'day';
  readonly draw: (answer: SizeAnswer) => Promise<string | Uint8Array>;
}

function chartsOf({ chart, chartDay }: SizeOptions): SizeChart[] {
  const one = (path: string | undefined, where: string, name: 'loadChart' | 'dayChart'): SizeChart[] => {
    if (path === undefined) return [];
    const file = chartFile(path, where);
    const curve = name === 'loadChart' ? 'loadCurve' : 'day';
    return [{ ...file, curve, draw: async (answer) => drawn((await import('../report/charts/sizeChart.ts'))[name](answer), file.kind) }];
  };
  return [...one(chart, '--chart', 'loadChart'), ...one(chartDay, '--chart-day', 'dayChart')];
}

/** The charts that there are points for; says which are not drawn. */
function drawable(charts: readonly SizeChart[], answer: SizeAnswer, io: Io): SizeChart[] {
  return charts.filter(({ curve, path }) => {
    const drawn = (answer[curve]?.length ?? 0) > 1;
    if (!drawn) io.warn(`kplan: did not draw ${path}: no fleet could be simulated\n`);
    return drawn;
  });
}

/** Says on one line how far a simulation is. */
function watchOn(io: Io): SizeWatch {
  return ({ fleet, replicas, replication, replications }) => {
    const text = `kplan: ${fleet}: ${replicas} replicas, replication ${replication} of ${replications}`;
    io.warn(`\r${text.padEnd(78)}\r`);
  };
}

/** The answer to the words of `kplan size`. */
export async function sizeAnswer(options: SizeOptions, io: Io): Promise<SizeAnswer> {
  const question = await questionFrom(options, io);
  const traced = await tracedWorkload(question.words, question.catalog);
  const workload = traced ?? (await ownWorkloadFrom(question.words, question.catalog, false));
  const query = { ...sizeQueryOf(workload.options), ...(traced ? { trace: traced.trace } : {}) };
  const watch = process.stderr.isTTY === true ? watchOn(io) : undefined;
  return answered(question, workload, (own) => size({ ...query, ...own }, workload.catalog, watch));
}

/** Answers `kplan size`. */
export async function runSize(options: SizeOptions, io: Io): Promise<number> {
  const charts = chartsOf(options);
  await checkDelivery(options, ...charts);
  const answer = await sizeAnswer(options, io);
  await deliver(
    deliverable(answer, { table: sizeRawTable, report: sizeReport }),
    options,
    io,
    ...drawable(charts, answer, io).map(({ draw, ...chart }) => ({ ...chart, content: () => draw(answer) })),
  );
  return EXIT.done;
}
