import { loadCatalog } from '../catalog/index.ts';
import type { Catalog } from '../plan/catalog.ts';
import { dataCheck } from '../plan/facts/dataCheck.ts';
import type { AgedFacts } from '../plan/facts/factAges.ts';
import { dataCheckReport } from '../report/dataCheckReport.ts';
import { overLimitTable } from '../report/dataCheckTable.ts';
import { parseNumber } from '../units/number.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';
import { ownFactsFrom } from './ownFacts.ts';
import { today } from './today.ts';

/** The words of `kplan data check` as commander hands them over. */
export interface DataCheckOptions extends OutputOptions {
  readonly catalog?: string;
  readonly maxAge?: string;
  readonly asOf?: string;
}

/** The facts of the catalog with all that the user's own folder holds. */
async function factsWith(folder: string | undefined, shipped: Catalog): Promise<AgedFacts> {
  const { catalog, ownMeasurements = [] } = await ownFactsFrom(folder, shipped);
  return { ...catalog, speed: { ...catalog.speed, measurements: [...catalog.speed.measurements, ...ownMeasurements] } };
}

/** Answers `kplan data check`: the exit code is 3 where a fact is over the limit of its age. */
export async function runDataCheck(options: DataCheckOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const { maxAge, asOf = today() } = options;
  const answer = dataCheck(await factsWith(options.catalog, loadCatalog()), {
    asOf,
    ...(maxAge === undefined ? {} : { maxAgeDays: parseNumber(maxAge, '--max-age', { min: 0, integer: true }) }),
  });
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => overLimitTable(answer),
      report: () => dataCheckReport(answer),
    },
    options,
    io,
  );
  return answer.overLimit.length > 0 ? EXIT.negative : EXIT.done;
}
