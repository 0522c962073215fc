import { advise } from '../plan/advise/advise.ts';
import { adviseRawTable, adviseReport } from '../report/adviseReport.ts';
import type { AdviseOptions } from './adviseOptions.ts';
import { adviseQueryOf } from './adviseQuery.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { knownFactsFrom } from './knownFacts.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';

/** Answers `kplan advise`; the exit code is 3 under `--fail` where the cheapest way costs more than the budget. */
export async function runAdvise(options: AdviseOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const { catalog: shipped, notes, ...found } = await catalogWith(options.model, io);
  const { catalog: priced, calibrated, cautions, ...own } = await knownFactsFrom(askedOf(options, found), shipped);
  const hasProfile = options.hourly !== undefined || options.quantiles !== undefined;
  const { options: asked, catalog, assumptions } = await ownWorkloadFrom(askedOf(options, found), priced, !hasProfile);
  const { options: commandLine } = await adviseQueryOf(options);
  const plain = advise(
    { ...(await adviseQueryOf(asked)), ...(commandLine === undefined ? {} : { options: commandLine }), ...own },
    catalog,
  );
  const answer = {
    ...plain,
    assumptions: [...plain.assumptions, ...calibrated, ...assumptions],
    warnings: [...plain.warnings, ...notes, ...cautions],
  };
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => adviseRawTable(answer),
      report: () => adviseReport(answer),
      warnings: answer.warnings,
    },
    options,
    io,
  );
  const { budgetUsdPerMonth: budget, ways } = answer;
  return options.fail && budget !== null && (ways[0]?.usdPerMonth.value ?? 0) > budget ? EXIT.negative : EXIT.done;
}
