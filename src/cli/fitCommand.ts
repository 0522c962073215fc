import { loadCatalog } from '../catalog/index.ts';
import { fit } from '../plan/fit.ts';
import { fitReport } from '../report/fitReport.ts';
import { contextTable, fitRawTable } from '../report/fitTable.ts';
import { deliver } from './deliver.ts';
import type { FitOptions } from './fitOptions.ts';
import { fitQueryOf } from './fitQuery.ts';
import { EXIT, type Io } from './io.ts';
import { givenOptions } from './options.ts';
import { formatTermId } from './termId.ts';

/** Options that the key of a row says again, or that shape the output alone. */
const NOT_IN_IDS = [
  'gpu',
  'gpus',
  'tp',
  'pp',
  'dp',
  'ep',
  'dcp',
  'attentionDp',
  'json',
  'csv',
  'markdown',
  'out',
  'force',
  'ids',
  'terms',
  'rules',
  'all',
  'fail',
];

/** Answers `kplan fit`; the exit code is 3 under `--fail` where nothing fits. */
export async function runFit(options: FitOptions, io: Io): Promise<number> {
  const answer = fit(fitQueryOf(options), loadCatalog());
  for (const warning of answer.warnings) io.warn(`kplan: ${warning}\n`);
  const question = givenOptions(options, NOT_IN_IDS);
  const ids = options.ids
    ? { ids: (row: string, term: string) => formatTermId({ command: 'fit', options: question, row: row.split('/'), term }) }
    : {};
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => (answer.contextMap ? contextTable(answer.contextMap) : fitRawTable(answer)),
      report: () => fitReport(answer, { all: options.all === true, rules: options.rules === true, ...ids }),
    },
    options,
    io,
  );
  const works = answer.results.some(({ verdict }) => verdict === 'fits' || verdict === 'marginal');
  return options.fail && !works ? EXIT.negative : EXIT.done;
}
