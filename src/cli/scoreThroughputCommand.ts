import { scoreThroughput } from '../accuracy/throughput/scoreThroughput.ts';
import { readThroughputFile } from '../accuracy/throughput/throughputFile.ts';
import { loadCatalog } from '../catalog/index.ts';
import { throughputScoreReport } from '../report/throughputScoreReport.ts';
import { throughputScoreTable } from '../report/throughputScoreTable.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { EXIT, type Io } from './io.ts';
import type { OutputOptions } from './options.ts';

/** The words of `kplan score throughput` as commander hands them over. */
export interface ScoreThroughputOptions extends OutputOptions {
  readonly seen?: boolean;
}

/** Answers `kplan score throughput FILE`. */
export async function runScoreThroughput(file: string, options: ScoreThroughputOptions, io: Io): Promise<number> {
  await checkDelivery(options);
  const score = scoreThroughput(file, readThroughputFile(file), loadCatalog(), { seen: options.seen === true });
  await deliver(
    {
      schema: score.schema,
      document: () => score,
      table: () => throughputScoreTable(score),
      report: () => throughputScoreReport(score),
    },
    options,
    io,
  );
  return EXIT.done;
}
