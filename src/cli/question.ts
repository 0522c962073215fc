import type { Assumption } from '../evidence/assumption.ts';
import type { AnswerEvidence } from '../plan/answerEvidence.ts';
import type { Catalog } from '../plan/catalog.ts';
import { effectInWords } from '../plan/figures/effect.ts';
import { type FiguredAnswer, figuresOf } from '../plan/figures/figures.ts';
import type { Deliverable } from './deliver.ts';
import type { Io } from './io.ts';
import { type FactWords, type KnownFacts, knownFactsFrom } from './knownFacts.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';

/** What the user's own facts add to a query. */
type OwnQuery = Pick<KnownFacts, 'ownMeasurements' | 'calibration'>;

/** The words of a question with the facts that answer it, and what these facts say beside the answer. */
export interface Question<W> {
  /** With the model that was found for `--model`. */
  readonly words: W;
  readonly catalog: Catalog;
  /** What `--catalog` and `--calibration` add to the query. */
  readonly own: OwnQuery;
  /** The same without the calibration; null where it adds nothing. */
  readonly without: OwnQuery | null;
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
}

/**
 * Reads the facts that a question names: its model, its own catalog, its calibration.
 *
 * @throws Fault where one of them is missing or broken
 */
export async function questionFrom<W extends FactWords>(options: W, io: Io): Promise<Question<W>> {
  const { catalog: shipped, notes, ...found } = await catalogWith(options.model, io);
  const words = askedOf(options, found);
  const { catalog, calibrated, cautions, without, ...own } = await knownFactsFrom(words, shipped);
  return { words, catalog, own, without, assumptions: calibrated, warnings: [...notes, ...cautions] };
}

/** An answer with what the facts and the workload of its question say beside it. */
export function told<A extends Pick<AnswerEvidence, 'assumptions' | 'warnings'>>(
  answer: A,
  { assumptions, warnings }: Pick<Question<unknown>, 'assumptions' | 'warnings'>,
  workload: { readonly assumptions: readonly Assumption[]; readonly notices?: readonly string[] },
): A {
  return {
    ...answer,
    assumptions: [...answer.assumptions, ...assumptions, ...workload.assumptions],
    warnings: [...answer.warnings, ...warnings, ...(workload.notices ?? [])],
  };
}

function effectOf<A extends FiguredAnswer>(answer: A, without: () => A, file: string): Assumption {
  const effect = effectInWords(figuresOf(without()), figuresOf(answer));
  const text = effect === null ? `${file} changes no figure of this answer` : `with ${file}: ${effect} without it`;
  return { code: 'calibration-effect', text, source: 'user' };
}

/**
 * Asks and answers with the facts of a question, and where it has a calibration once more without it, to say what that changes.
 *
 * @param answers answers with what the user's own facts add to the query
 */
export function answered<A extends FiguredAnswer>(
  question: Question<FactWords>,
  workload: Parameters<typeof told>[2],
  answers: (own: OwnQuery) => A,
): A {
  const answer = answers(question.own);
  const { without, words } = question;
  const effect = without === null ? [] : [effectOf(answer, () => answers(without), words.calibration ?? '')];
  return told(answer, { ...question, assumptions: [...question.assumptions, ...effect] }, workload);
}

/** An answer in the forms that it can be asked in. */
export function deliverable<A extends { readonly schema: string; readonly warnings: readonly string[] }>(
  answer: A,
  {
    table,
    report,
  }: { readonly table: (answer: A) => ReturnType<Deliverable['table']>; readonly report: (answer: A) => ReturnType<Deliverable['report']> },
): Deliverable {
  return {
    schema: answer.schema,
    document: () => answer,
    table: () => table(answer),
    report: () => report(answer),
    warnings: answer.warnings,
  };
}
