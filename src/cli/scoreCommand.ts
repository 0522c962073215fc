import { readStartupFile } from '../accuracy/observed/startupFile.ts';
import { scoreMemory } from '../accuracy/score/scoreMemory.ts';
import { loadCatalog } from '../catalog/index.ts';
import { scoreReport } from '../report/scoreReport.ts';
import { scoreTable } from '../report/scoreTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';

/** Answers `kplan score memory FILE`. */
export async function runScoreMemory(file: string, options: OutputOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const score = scoreMemory(file, readStartupFile(file), loadCatalog());
  await deliver(
    { schema: score.schema, document: () => score, table: () => scoreTable(score), report: () => scoreReport(score) },
    options,
    io,
  );
  return EXIT.done;
}
