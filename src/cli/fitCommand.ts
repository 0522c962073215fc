import { loadCatalog } from '../catalog/index.ts';
import { fit } from '../plan/fit.ts';
import { fitReport } from '../report/fitReport.ts';
import { fitRawTable } from '../report/fitTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { LAYOUT_WORDS } from './deploymentOptions.ts';
import type { FitOptions } from './fitOptions.ts';
import { fitQueryOf } from './fitQuery.ts';
import { EXIT, type Io } from './io.ts';
import { givenOptions } from './options.ts';
import { formatTermId } from './termId.ts';

/** Options that the key of a row says again, or that shape the output alone. */
const NOT_IN_IDS = [...LAYOUT_WORDS, 'rules', 'all'];

/** Answers `kplan fit`; the exit code is 3 under `--fail` where nothing fits. */
export async function runFit(options: FitOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const answer = fit(fitQueryOf(options), loadCatalog());
  const question = givenOptions(options, NOT_IN_IDS);
  const ids = options.ids
    ? { ids: (row: string, term: string) => formatTermId({ command: 'fit', options: question, row: row.split('/'), term }) }
    : {};
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => fitRawTable(answer),
      report: () => fitReport(answer, { all: options.all === true, rules: options.rules === true, ...ids }),
      warnings: answer.warnings,
    },
    options,
    io,
  );
  const works = answer.results.some(({ verdict }) => verdict === 'fits' || verdict === 'marginal');
  return options.fail && !works ? EXIT.negative : EXIT.done;
}
