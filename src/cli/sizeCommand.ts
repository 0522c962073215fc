import { size } from '../plan/size/size.ts';
import { sizeReport } from '../report/sizeReport.ts';
import { sizeRawTable } from '../report/sizeTables.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import { ownFactsFrom } from './ownFacts.ts';
import { ownWorkloadFrom } from './ownWorkload.ts';
import type { SizeOptions } from './sizeOptions.ts';
import { sizeQueryOf } from './sizeQuery.ts';

/** Answers `kplan size`. */
export async function runSize(options: SizeOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const { catalog: shipped, notes, ...found } = await catalogWith(options.model, io);
  const calibration = await calibrationFrom(options.calibration);
  const { catalog: priced, ...own } = await ownFactsFrom(options.catalog, shipped);
  const { options: asked, catalog, assumptions } = await ownWorkloadFrom(askedOf(options, found), priced, false);
  const plain = size({ ...sizeQueryOf(asked), ...calibration, ...own }, catalog);
  const answer = { ...plain, assumptions: [...plain.assumptions, ...assumptions], warnings: [...plain.warnings, ...notes] };
  await deliver(
    {
      schema: answer.schema,
      document: () => answer,
      table: () => sizeRawTable(answer),
      report: () => sizeReport(answer),
      warnings: answer.warnings,
    },
    options,
    io,
  );
  return EXIT.done;
}
