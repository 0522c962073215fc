import { pairSubject } from '../figures/figure.ts';
import type { FiguredAnswer } from '../figures/figures.ts';
import { fitSubject } from '../figures/planFigures.ts';
import type { SizeAnswer } from '../size/sizeAnswer.ts';

/** A verdict of an answer in a word. */
interface Verdict {
  readonly code: 'verdict';
  readonly subject: string;
  readonly word: string;
}

function verdict(subject: string, word: string): Verdict {
  return { code: 'verdict', subject, word };
}

/** From best to worst, as far as verdicts can be told apart so. */
const BEST_FIRST = ['fits', 'marginal', 'always', 'break-even', 'open', 'keeps-levels', 'own', 'hybrid'];

/** From best to worst what says how well hosting does: whether it fits, pays, and keeps what is promised. */
const ORDERS: readonly (readonly string[])[] = [
  ['fits', 'marginal', 'does-not-fit', 'invalid', 'none'],
  ['always', 'break-even', 'open', 'never', 'none'],
  ['keeps-levels', 'sized', 'breaks-levels', 'none'],
];

/** Whether a verdict turned for the worse. */
export function isWorse({ before, after }: { readonly before: string; readonly after: string }): boolean {
  return ORDERS.some((order) => order.includes(before) && order.includes(after) && order.indexOf(after) > order.indexOf(before));
}

/**
 * The verdict of an answer as a whole, the best of its verdicts: what two answers have in common that are about nothing in common.
 *
 * @returns `none` where it has none, because nothing serves
 */
export function overallVerdict(answer: FiguredAnswer): string {
  const words = verdictsOf(answer).map(({ word }) => word);
  const rank = (word: string) => BEST_FIRST.indexOf(word) + (BEST_FIRST.includes(word) ? 0 : BEST_FIRST.length + 1);
  return (
    words.toSorted((a, b) => rank(a) - rank(b))[0] ?? (answer.schema === 'kplan/size@1' && answer.fleets.length > 0 ? 'sized' : 'none')
  );
}

function keeping(broken: readonly unknown[]): string {
  return broken.length === 0 ? 'keeps-levels' : 'breaks-levels';
}

const ROWS = { load: 'the replicas of the load', spare: 'the spare ones', upgrade: 'those of an upgrade' } as const;

/** What may happen, and with which replicas of the cheapest fleet. */
function eventOf({ kind, replicas }: SizeAnswer['whatIfs'][number], { fleets }: SizeAnswer): string {
  const row = fleets[0]?.rows.find((each) => each.replicas === replicas)?.code;
  return `${kind === 'burst' ? 'a burst' : 'a failure'} with ${row ? ROWS[row] : `${replicas} replicas`}`;
}

/** The verdicts of an answer: whether it fits, breaks even, keeps what is promised, and what is advised. */
export function verdictsOf(answer: FiguredAnswer): Verdict[] {
  switch (answer.schema) {
    case 'kplan/fit@1':
      return answer.results.map((result) => verdict(fitSubject(result), result.verdict));
    case 'kplan/breakeven@1':
      return answer.verdicts.map(({ offer, tariff, code }) => verdict(pairSubject(offer, tariff), code));
    case 'kplan/advise@1':
      return [verdict('', answer.choice)];
    case 'kplan/hybrid@1':
      return answer.pairs.map(({ offer, tariff, code }) => verdict(pairSubject(offer, tariff), code));
    case 'kplan/size@1':
      return [
        ...answer.fleets.flatMap(({ id, simulation }) => (simulation === null ? [] : [verdict(id, keeping(simulation.broken))])),
        ...answer.whatIfs.map((whatIf) => verdict(eventOf(whatIf, answer), keeping(whatIf.broken))),
      ];
    case 'kplan/cost@1':
    case 'kplan/reuse@1':
    case 'kplan/speed@1':
      return [];
  }
}
