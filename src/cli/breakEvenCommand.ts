import { breakEven } from '../plan/breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../plan/breakEven/breakEvenAnswer.ts';
import { asksVolume } from '../plan/hosting/trafficVolume.ts';
import { breakEvenReport } from '../report/breakEvenReport.ts';
import { monthlyRawTable } from '../report/breakEvenTables.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { breakEvenQueryOf } from './breakEvenQuery.ts';
import { type ChartFile, chartFile, drawn } from './chartFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { focusCsv, focusFile } from './focusFile.ts';
import { EXIT, type Io } from './io.ts';
import { givenOptions } from './options.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import { answered, deliverable, questionFrom } from './question.ts';
import { formatTermId } from './termId.ts';
import { workbookFile } from './workbookFile.ts';

async function draw(answer: BreakEvenAnswer, kind: ChartFile['kind']): Promise<string | Uint8Array> {
  const { breakEvenChart } = await import('../report/charts/breakEvenChart.ts');
  return drawn(breakEvenChart(answer), kind);
}

async function forecast(answer: BreakEvenAnswer): Promise<string> {
  const { breakEvenFocus } = await import('../report/focus/breakEvenFocus.ts');
  return focusCsv(await breakEvenFocus(answer), answer.schema);
}

/** Loads the writer of workbooks for one alone. */
async function bound(answer: BreakEvenAnswer): Promise<Uint8Array> {
  const [{ breakEvenWorkbook }, { writeWorkbook }] = await Promise.all([
    import('../report/workbook/answerWorkbook.ts'),
    import('../report/workbook/writeWorkbook.ts'),
  ]);
  return writeWorkbook(await breakEvenWorkbook(answer));
}

/** Whether self-hosting is cheaper than some API price: at the asked volume, or else at any. */
function worthIt({ query, verdicts, monthly }: BreakEvenAnswer): boolean {
  if (!asksVolume(query)) return verdicts.some(({ code }) => code === 'break-even' || code === 'always');
  return monthly.some(({ selfHostUsd, apiUsd }) => Object.values(apiUsd).some((usd) => selfHostUsd.value < usd.value));
}

/** The answer to the words of `kplan breakeven`. */
export async function breakEvenAnswer(options: BreakEvenOptions, io: Io): Promise<BreakEvenAnswer> {
  const question = await questionFrom(options, io);
  const workload = await ownWorkloadFrom(question.words, question.catalog, true);
  const query = breakEvenQueryOf(workload.options);
  return answered(question, workload, (own) => breakEven({ ...query, ...own }, workload.catalog));
}

/** Answers `kplan breakeven`; the exit code is 3 under `--fail` where self-hosting is cheaper than none of the API prices. */
export async function runBreakEven(options: BreakEvenOptions, io: Io): Promise<number> {
  const chart = options.chart === undefined ? null : chartFile(options.chart);
  const workbook = workbookFile(options);
  const focus = focusFile(options);
  await checkDelivery(options, chart, workbook, focus);
  const answer = await breakEvenAnswer(options, io);
  const drawable = answer.offers.some(({ requestsPerSecond }) => requestsPerSecond !== null);
  if (chart && !drawable) io.warn(`kplan: did not draw ${chart.path}: no fleet that was asked for has a known throughput\n`);
  const given = givenOptions(options, ['chart']);
  const ids = options.ids ? { ids: (term: string) => formatTermId({ command: 'breakeven', options: given, row: [], term }) } : {};
  await deliver(
    deliverable(answer, { table: monthlyRawTable, report: (of) => breakEvenReport(of, ids) }),
    options,
    io,
    chart && drawable ? { ...chart, content: () => draw(answer, chart.kind) } : null,
    workbook && { ...workbook, content: () => bound(answer) },
    focus && { ...focus, content: () => forecast(answer) },
  );
  return options.fail && !worthIt(answer) ? EXIT.negative : EXIT.done;
}
