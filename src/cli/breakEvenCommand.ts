import { Fault } from '../faults/fault.ts';
import { breakEven } from '../plan/breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../plan/breakEven/breakEvenAnswer.ts';
import { breakEvenReport } from '../report/breakEvenReport.ts';
import { monthlyRawTable } from '../report/breakEvenTables.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { breakEvenQueryOf } from './breakEvenQuery.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import { givenOptions } from './options.ts';
import { formatTermId } from './termId.ts';

interface ChartFile {
  readonly where: '--chart';
  readonly path: string;
  readonly kind: 'svg' | 'vl.json';
}

/** The chart that a file name asks for. */
function chartFile(path: string): ChartFile {
  const kind = (['vl.json', 'svg'] as const).find((ending) => path.endsWith(`.${ending}`));
  if (kind !== undefined) return { where: '--chart', path, kind };
  throw new Fault('unsupported', 'the name decides what is drawn', {
    where: '--chart',
    value: path,
    allowed: 'FILE.svg or FILE.vl.json',
  });
}

async function draw(answer: BreakEvenAnswer, kind: ChartFile['kind']): Promise<string> {
  const { breakEvenChart } = await import('../report/breakEvenChart.ts');
  const { renderSvg, renderVegaLite } = await import('../report/chart.ts');
  const spec = breakEvenChart(answer);
  return kind === 'svg' ? renderSvg(spec) : renderVegaLite(spec);
}

/** Whether self-hosting is cheaper than some API price: at the asked volume, or else at any. */
function worthIt({ query, verdicts, monthly }: BreakEvenAnswer): boolean {
  if (query['tokensPerMonth'] === undefined) return verdicts.some(({ code }) => code === 'break-even' || code === 'always');
  return monthly.some(({ selfHostUsd, apiUsd }) => Object.values(apiUsd).some((usd) => selfHostUsd.value < usd));
}

/** Answers `kplan breakeven`; the exit code is 3 under `--fail` where self-hosting is cheaper than none of the API prices. */
export async function runBreakEven(options: BreakEvenOptions, io: Io): Promise<number> {
  const chart = options.chart === undefined ? null : chartFile(options.chart);
  await checkDelivery(options, chart);
  const { catalog, notes, ...found } = await catalogWith(options.model, io);
  const calibration = await calibrationFrom(options.calibration);
  const asked = askedOf(options, found);
  const plain = breakEven({ ...breakEvenQueryOf(asked), ...calibration }, catalog);
  const answer = { ...plain, warnings: [...plain.warnings, ...notes] };
  const drawable = answer.offers.some(({ requestsPerSecond }) => requestsPerSecond !== null);
  if (chart && !drawable) io.warn(`kplan: did not draw ${chart.path}: no fleet that was asked for has a known throughput\n`);
  const question = givenOptions(options, ['chart']);
  const ids = options.ids ? { ids: (term: string) => formatTermId({ command: 'breakeven', options: question, row: [], term }) } : {};
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => monthlyRawTable(answer),
      report: () => breakEvenReport(answer, ids),
      warnings: answer.warnings,
    },
    options,
    io,
    chart && drawable ? { ...chart, content: () => draw(answer, chart.kind) } : null,
  );
  return options.fail && !worthIt(answer) ? EXIT.negative : EXIT.done;
}
