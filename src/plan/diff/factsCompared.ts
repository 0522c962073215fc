import type { DataAge } from '../answerEvidence.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import type { FactsCompared } from './diffAnswer.ts';

function earliest(days: readonly (string | null)[]): string | null {
  return days.filter((day) => day !== null).sort()[0] ?? null;
}

/** How old the facts of a side are: of the day that its first answer, that of the question itself, was asked for. */
function ageOf(answers: readonly FiguredAnswer[]): DataAge | null {
  const ages = answers.map(({ dataAge }) => dataAge);
  const [first] = ages;
  if (first === undefined) return null;
  return {
    asOf: first.asOf,
    oldestPrice: earliest(ages.map(({ oldestPrice }) => oldestPrice)),
    oldestMeasurement: earliest(ages.map(({ oldestMeasurement }) => oldestMeasurement)),
  };
}

/**
 * Which facts both sides rest on: the same where the day of each answer is, and every source of both has one date and address.
 *
 * @param before answers, each of the same kind as the one of `after` in its place
 */
export function factsCompared(before: readonly FiguredAnswer[], after: readonly FiguredAnswer[]): FactsCompared {
  const sourcesOf = (answers: readonly FiguredAnswer[]) => new Map(answers.flatMap(({ sources }) => Object.entries(sources)));
  const [were, are] = [sourcesOf(before), sourcesOf(after)];
  const changed = [...are].flatMap(([id, { ref, date }]) => {
    const was = were.get(id);
    return was && (was.ref !== ref || was.date !== date) ? [id] : [];
  });
  const sameDays = before.every((answer, place) => answer.dataAge.asOf === after[place]?.dataAge.asOf);
  const [ageBefore, ageAfter] = [ageOf(before), ageOf(after)];
  return { before: ageBefore, after: ageAfter, same: changed.length === 0 && sameDays, changed };
}
