import type { DataAge } from '../answerEvidence.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import type { FactsCompared } from './diffAnswer.ts';

function earliest(days: readonly (string | null)[]): string | null {
  return days.filter((day) => day !== null).sort()[0] ?? null;
}

function ageOf(answers: readonly FiguredAnswer[]): DataAge | null {
  const ages = answers.map(({ dataAge }) => dataAge);
  const asOf = ages
    .map((age) => age.asOf)
    .sort()
    .at(-1);
  if (asOf === undefined) return null;
  return {
    asOf,
    oldestPrice: earliest(ages.map(({ oldestPrice }) => oldestPrice)),
    oldestMeasurement: earliest(ages.map(({ oldestMeasurement }) => oldestMeasurement)),
  };
}

/** Which facts both sides rest on: the same where the day is, and every source of both has one date and address. */
export function factsCompared(before: readonly FiguredAnswer[], after: readonly FiguredAnswer[]): FactsCompared {
  const sourcesOf = (answers: readonly FiguredAnswer[]) => new Map(answers.flatMap(({ sources }) => Object.entries(sources)));
  const [were, are] = [sourcesOf(before), sourcesOf(after)];
  const changed = [...are].flatMap(([id, { ref, date }]) => {
    const was = were.get(id);
    return was && (was.ref !== ref || was.date !== date) ? [id] : [];
  });
  const [ageBefore, ageAfter] = [ageOf(before), ageOf(after)];
  return { before: ageBefore, after: ageAfter, same: changed.length === 0 && ageBefore?.asOf === ageAfter?.asOf, changed };
}
