import { hybrid } from '../plan/hybrid/hybrid.ts';
import { hybridReport } from '../report/hybridReport.ts';
import { hybridRawTable } from '../report/hybridTables.ts';
import { checkDelivery, deliver } from './deliver.ts';
import type { HybridOptions } from './hybridOptions.ts';
import { hybridQueryOf } from './hybridQuery.ts';
import { EXIT, type Io } from './io.ts';
import { knownFactsFrom } from './knownFacts.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';

/** Answers `kplan hybrid`. */
export async function runHybrid(options: HybridOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const { catalog: shipped, notes, ...found } = await catalogWith(options.model, io);
  const { catalog: priced, calibrated, cautions, ...own } = await knownFactsFrom(askedOf(options, found), shipped);
  const hasProfile = options.hourly !== undefined || options.quantiles !== undefined;
  const { options: asked, catalog, assumptions } = await ownWorkloadFrom(askedOf(options, found), priced, !hasProfile);
  const plain = hybrid({ ...(await hybridQueryOf(asked)), ...own }, catalog);
  const answer = {
    ...plain,
    assumptions: [...plain.assumptions, ...calibrated, ...assumptions],
    warnings: [...plain.warnings, ...notes, ...cautions],
  };
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => hybridRawTable(answer),
      report: () => hybridReport(answer),
      warnings: answer.warnings,
    },
    options,
    io,
  );
  return EXIT.done;
}
