import type { Catalog } from '../plan/catalog.ts';
import { fit } from '../plan/fit/fit.ts';
import type { FitAnswer } from '../plan/fit/fitAnswer.ts';
import { fitReport } from '../report/fitReport.ts';
import { fitRawTable } from '../report/fitTable.ts';
import { calibrationFrom } from './calibrationFile.ts';
import { checkDelivery, deliver } from './deliver.ts';
import { LAYOUT_WORDS } from './deploymentOptions.ts';
import type { FitOptions } from './fitOptions.ts';
import { fitQueryOf } from './fitQuery.ts';
import { EXIT, type Io } from './io.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';
import { givenOptions } from './options.ts';
import { formatTermId } from './termId.ts';

/** Options that the key of a row says again, or that shape the output alone. */
const NOT_IN_IDS = [...LAYOUT_WORDS, 'rules', 'all', 'here'];

/** The words with what `--here` found, and what to say beside the answer; whether the engine serves from RAM too. */
async function filled(words: FitOptions, catalog: Catalog): Promise<{ options: FitOptions; notes: readonly string[]; offloads: boolean }> {
  const offloads = words.engine !== undefined && (await import('../plan/offload/offloadQuestion.ts')).isOffloadEngine(words.engine);
  if (!words.here) return { options: words, notes: [], offloads };
  const { filledFromHere } = await import('./here.ts');
  return { ...(await filledFromHere(words, catalog.gpus, offloads)), offloads };
}

/** The answer of `fit` to words whose model and machine are known. */
export async function fitAnswer(asked: FitOptions, catalog: Catalog, notes: readonly string[]): Promise<FitAnswer> {
  const { calibration } = await calibrationFrom(asked.calibration);
  const plain = fit({ ...fitQueryOf(asked), ...(calibration ? { calibration } : {}) }, catalog);
  return { ...plain, warnings: [...plain.warnings, ...notes] };
}

/** Answers `kplan fit`; the exit code is 3 under `--fail` where nothing fits. */
export async function runFit(words: FitOptions, io: Io): Promise<number> {
  await checkDelivery(words);
  const { catalog, notes: importNotes, ...found } = await catalogWith(words.model, io);
  const { options, notes: machineNotes, offloads } = await filled(words, catalog);
  // Mixes for RAM have formats of their own.
  const asked = askedOf(options, offloads && found.model !== undefined ? { model: found.model } : found);
  const notes = [...importNotes, ...machineNotes];
  if (offloads) {
    const { runOffload } = await import('./offloadCommand.ts');
    return runOffload(asked, catalog, notes, io);
  }
  const answer = await fitAnswer(asked, catalog, notes);
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
