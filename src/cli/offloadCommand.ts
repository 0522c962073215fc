import { offload } from '../plan/offload.ts';
import type { OffloadCatalog } from '../plan/offloadJudge.ts';
import { offloadReport } from '../report/offloadReport.ts';
import { offloadRawTable } from '../report/offloadTable.ts';
import { deliver } from './deliver.ts';
import type { FitOptions } from './fitOptions.ts';
import { EXIT, type Io } from './io.ts';
import type { OffloadWords } from './offloadOptions.ts';
import { offloadQueryOf } from './offloadQuery.ts';

/** Answers `kplan fit` for an engine that serves from GPUs and RAM; the exit code is 3 under `--fail` where nothing fits. */
export async function runOffload(options: FitOptions & OffloadWords, catalog: OffloadCatalog, io: Io): Promise<number> {
  const answer = offload(offloadQueryOf(options), catalog);
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
