import { Fault } from '../faults/fault.ts';
import { rankSpeed } from '../plan/speed/rank.ts';
import { speed } from '../plan/speed/speed.ts';
import type { SpeedAnswer } from '../plan/speed/speedAnswer.ts';
import { speedRankReport } from '../report/speedRankReport.ts';
import { speedRankRawTable } from '../report/speedRankTable.ts';
import { speedReport } from '../report/speedReport.ts';
import { isDrawable, speedRawTable } from '../report/speedTables.ts';
import { askedTpotMs, keepsTpot } from '../report/speedWords.ts';
import { type ChartFile, chartFile, drawn } from './chartFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom, told } from './question.ts';
import type { SpeedOptions } from './speedOptions.ts';
import { speedQueryOf } from './speedQuery.ts';

/** The question with its workload, and the query that these make. */
async function asked(options: SpeedOptions, io: Io) {
  const question = await questionFrom(options, io);
  const workload = await ownWorkloadFrom(question.words, question.catalog, false);
  return { question, workload, query: speedQueryOf(workload.options) };
}

/** The answer to the words of `kplan speed` without a ranking. */
export async function speedAnswer(options: SpeedOptions, io: Io): Promise<SpeedAnswer> {
  const { question, workload, query } = await asked(options, io);
  return answered(question, workload, (own) => speed({ ...query, ...own }, workload.catalog));
}

async function draw(answer: SpeedAnswer, kind: ChartFile['kind']): Promise<string | Uint8Array> {
  const { speedChart } = await import('../report/charts/speedChart.ts');
  return drawn(speedChart(answer), kind);
}

/** Why there is nothing to draw, or null where there is. */
function undrawable({ replicas }: SpeedAnswer): string | null {
  if (replicas.some(isDrawable)) return null;
  return replicas.length === 0
    ? 'no replica that was asked for has a known speed'
    : 'one concurrency makes no line; a range such as --concurrency 1..256 does';
}

/** Refuses what a ranking has no use for. */
function checkRank({ chart, concurrency }: SpeedOptions): void {
  if (chart !== undefined) {
    throw new Fault('contradiction', 'a ranking has no chart', {
      where: '--chart',
      value: chart,
      allowed: '--chart without --rank, or --rank with --csv',
    });
  }
  if (concurrency !== undefined) {
    throw new Fault('contradiction', 'a ranking finds the concurrency with the most output itself', {
      where: '--concurrency',
      value: concurrency,
      allowed: '--concurrency without --rank, or --rank with --max-tpot',
    });
  }
}

async function runRank(options: SpeedOptions, io: Io): Promise<number> {
  checkRank(options);
  await checkDelivery(options);
  const { question, workload, query } = await asked(options, io);
  const ranking = told(rankSpeed({ ...query, ...question.own }, workload.catalog), question, workload);
  await deliver(deliverable(ranking, { table: speedRankRawTable, report: speedRankReport }), options, io);
  return options.fail && ranking.ranked.length === 0 ? EXIT.negative : EXIT.done;
}

/** Answers `kplan speed`, with `--rank` as a ranking; the exit code is 3 under `--fail` where nothing keeps the asked time per token. */
export async function runSpeed(options: SpeedOptions, io: Io): Promise<number> {
  if (options.rank === true) return runRank(options, io);
  const chart = options.chart === undefined ? null : chartFile(options.chart);
  await checkDelivery(options, chart);
  const answer = await speedAnswer(options, io);
  const reason = undrawable(answer);
  if (chart && reason !== null) io.warn(`kplan: did not draw ${chart.path}: ${reason}\n`);
  await deliver(
    deliverable(answer, { table: speedRawTable, report: speedReport }),
    options,
    io,
    chart && reason === null ? { ...chart, content: () => draw(answer, chart.kind) } : null,
  );
  const serves = answer.replicas.some((replica) => keepsTpot(replica, askedTpotMs(answer)));
  return options.fail && !serves ? EXIT.negative : EXIT.done;
}
