import { loadCatalog } from '../catalog/index.ts';
import { Fault } from '../faults/fault.ts';
import { breakEven } from '../plan/breakEven.ts';
import type { BreakEvenAnswer } from '../plan/breakEvenAnswer.ts';
import { breakEvenReport } from '../report/breakEvenReport.ts';
import { monthlyRawTable } from '../report/breakEvenTables.ts';
import type { BreakEvenOptions } from './breakEvenOptions.ts';
import { breakEvenQueryOf } from './breakEvenQuery.ts';
import { deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { givenOptions } from './options.ts';
import { formatTermId } from './termId.ts';

const NOT_IN_IDS = ['json', 'csv', 'markdown', 'out', 'force', 'ids', 'terms', 'fail', 'chart'];

type ChartKind = 'svg' | 'vl.json';

/** The kind of chart that a file name asks for; refused before anything is computed. */
function chartKind(file: string): ChartKind {
  if (file.endsWith('.vl.json')) return 'vl.json';
  if (file.endsWith('.svg')) return 'svg';
  throw new Fault('unsupported', 'the name decides what is drawn', { where: '--chart', value: file, allowed: 'FILE.svg or FILE.vl.json' });
}

async function drawChart(answer: BreakEvenAnswer, file: string, kind: ChartKind, options: BreakEvenOptions, io: Io): Promise<void> {
  const { breakEvenChart } = await import('../report/breakEvenChart.ts');
  const { renderSvg, renderVegaLite } = await import('../report/chart.ts');
  const { writeOutput } = await import('../report/output.ts');
  const spec = breakEvenChart(answer);
  writeOutput(file, kind === 'svg' ? await renderSvg(spec) : renderVegaLite(spec), { force: options.force === true });
  io.warn(`kplan: drew ${file}\n`);
}

/** Answers `kplan breakeven`; the exit code is 3 under `--fail` where self-hosting is never cheaper than any API price asked. */
export async function runBreakEven(options: BreakEvenOptions, io: Io): Promise<number> {
  const kind = options.chart === undefined ? null : chartKind(options.chart);
  const answer = breakEven(breakEvenQueryOf(options), loadCatalog());
  for (const warning of answer.warnings) io.warn(`kplan: ${warning}\n`);
  const question = givenOptions(options, NOT_IN_IDS);
  const ids = options.ids ? { ids: (term: string) => formatTermId({ command: 'breakeven', options: question, row: [], term }) } : {};
  if (kind !== null && options.chart !== undefined) await drawChart(answer, options.chart, kind, options, io);
  await deliver(
    { schema: answer.schema, document: () => answer, table: () => monthlyRawTable(answer), report: () => breakEvenReport(answer, ids) },
    options,
    io,
  );
  const worth = answer.verdicts.some(({ code }) => code === 'break-even' || code === 'always');
  return options.fail && !worth ? EXIT.negative : EXIT.done;
}
