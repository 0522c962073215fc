import type { Catalog } from '../plan/catalog.ts';
import { offload } from '../plan/offload/offload.ts';
import { offloadReport } from '../report/offloadReport.ts';
import { offloadRawTable } from '../report/offloadTable.ts';
import { deliver } from './deliver.ts';
import type { FitOptions } from './fitOptions.ts';
import { EXIT, type Io } from './io.ts';
import { offloadQueryOf } from './offloadQuery.ts';

/** Answers `kplan fit` for an engine that serves from GPUs and RAM; the exit code is 3 under `--fail` where nothing fits. */
export async function runOffload(options: FitOptions, catalog: Catalog, notes: readonly string[], io: Io): Promise<number> {
  const plain = offload(offloadQueryOf(options), catalog);
  const answer = { ...plain, warnings: [...plain.warnings, ...notes] };
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => offloadRawTable(answer),
      report: () => offloadReport(answer, { terms: options.ids === true || options.terms === true }),
      warnings: answer.warnings,
    },
    options,
    io,
  );
  const works = answer.results.some(({ verdict }) => verdict === 'fits' || verdict === 'marginal');
  return options.fail && !works ? EXIT.negative : EXIT.done;
}
