import { checkNumber } from '../../units/number.ts';
import { parseDate } from '../../units/time.ts';
import { AGE_LIMITS, type AgedFacts, type AgedKind, type StandingFact, standingFacts } from './factAges.ts';

export interface DataCheckQuery {
  /** ISO day: later facts do not exist. */
  readonly asOf: string;
  /** One limit for all kinds. */
  readonly maxAgeDays?: number;
}

/** Facts of one kind against their limit. */
export interface KindAge {
  readonly kind: AgedKind;
  readonly limitDays: number;
  readonly facts: number;
  /** null where there is none. */
  readonly oldest: StandingFact | null;
  readonly newest: StandingFact | null;
  readonly overLimit: number;
}

/** How old the facts are that answers are made of. */
export interface DataCheckAnswer {
  readonly schema: 'kplan/data-check@1';
  readonly answer: string;
  readonly asOf: string;
  readonly kinds: readonly KindAge[];
  /** Every fact over its limit, those furthest beyond it first. */
  readonly overLimit: readonly (StandingFact & { readonly limitDays: number })[];
}

const KINDS = Object.keys(AGE_LIMITS) as AgedKind[];

function older(a: StandingFact, b: StandingFact): number {
  return b.days - a.days || (a.id < b.id ? -1 : 1);
}

function answerOf(kinds: readonly KindAge[], asOf: string): string {
  const facts = kinds.reduce((sum, kind) => sum + kind.facts, 0);
  const over = kinds.filter(({ overLimit }) => overLimit > 0);
  if (over.length === 0) return `All ${facts} facts that count on ${asOf} are within the limits of their age.`;
  const total = over.reduce((sum, { overLimit }) => sum + overLimit, 0);
  const parts = over.map(({ kind, overLimit, facts: all, limitDays }) => `${overLimit} of ${all} ${kind} (${limitDays} days)`);
  return `${total} of the ${facts} facts that count on ${asOf} are over the limit of their age: ${parts.join(', ')}.`;
}

/**
 * How old the facts are that count on a day, against a limit for each kind.
 *
 * @param facts a catalog, the user's own rows among them
 * @throws Fault for a day that is none, or a limit that is no whole number of days
 * @example dataCheck(catalog, { asOf: '2026-11-22', maxAgeDays: 100_000 }).overLimit // []
 */
export function dataCheck(facts: AgedFacts, { asOf: day, maxAgeDays }: DataCheckQuery): DataCheckAnswer {
  const asOf = parseDate(day, '--as-of');
  if (maxAgeDays !== undefined) checkNumber(maxAgeDays, '--max-age', { min: 0, integer: true });
  const aged = KINDS.map((kind) => {
    const standing = standingFacts(facts, kind, asOf).sort(older);
    const limitDays = maxAgeDays ?? AGE_LIMITS[kind];
    return { kind, limitDays, standing, over: standing.filter(({ days }) => days > limitDays) };
  });
  const kinds = aged.map(({ kind, limitDays, standing, over }): KindAge => {
    const [oldest = null] = standing;
    return { kind, limitDays, facts: standing.length, oldest, newest: standing.at(-1) ?? null, overLimit: over.length };
  });
  const overLimit = aged
    .flatMap(({ over, limitDays }) => over.map((fact) => ({ ...fact, limitDays })))
    .sort((a, b) => b.days - b.limitDays - (a.days - a.limitDays) || older(a, b));
  return { schema: 'kplan/data-check@1', answer: answerOf(kinds, asOf), asOf, kinds, overLimit };
}
