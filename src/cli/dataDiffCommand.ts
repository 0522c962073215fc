import { loadCatalog } from '../catalog/index.ts';
import { dataDiff } from '../plan/facts/dataDiff.ts';
import { dataDiffReport } from '../report/dataDiffReport.ts';
import { dataDiffRawTable } from '../report/dataDiffTable.ts';
import { parseNumber } from '../units/number.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';
import { ownPricesFrom } from './ownPrices.ts';
import { today } from './today.ts';

/** The words of `kplan data diff` as commander hands them over. */
export interface DataDiffOptions extends OutputOptions {
  readonly catalog?: string;
  readonly threshold?: string;
  readonly model?: string;
  readonly gpu?: string;
  readonly asOf?: string;
}

/** Answers `kplan data diff`. */
export async function runDataDiff(options: DataDiffOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const catalog = loadCatalog();
  const { threshold, model, gpu, asOf = today() } = options;
  const answer = dataDiff(catalog, {
    asOf,
    ...(threshold === undefined ? {} : { thresholdPercent: parseNumber(threshold, '--threshold', { min: 0 }) }),
    ...(model === undefined ? {} : { model }),
    ...(gpu === undefined ? {} : { gpu }),
    ...(await ownPricesFrom(options.catalog, catalog)),
  });
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => dataDiffRawTable(answer),
      report: () => dataDiffReport(answer),
    },
    options,
    io,
  );
  return EXIT.done;
}
