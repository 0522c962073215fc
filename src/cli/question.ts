import type { Assumption } from '../evidence/assumption.ts';
import type { AnswerEvidence } from '../plan/answerEvidence.ts';
import type { Catalog } from '../plan/catalog.ts';
import type { Deliverable } from './deliver.ts';
import type { Io } from './io.ts';
import { type FactWords, type KnownFacts, knownFactsFrom } from './knownFacts.ts';
import { askedOf, catalogWith } from './modelCatalog.ts';

/** The words of a question with the facts that answer it, and what these facts say beside the answer. */
export interface Question<W> {
  /** With the model that was found for `--model`. */
  readonly words: W;
  readonly catalog: Catalog;
  /** What `--catalog` and `--calibration` add to the query. */
  readonly own: Omit<KnownFacts, 'catalog' | 'calibrated' | 'cautions'>;
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
  const { catalog, calibrated, cautions, ...own } = await knownFactsFrom(words, shipped);
  return { words, catalog, own, assumptions: calibrated, warnings: [...notes, ...cautions] };
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
