import { formatUsd } from '../../units/money.ts';
import { groupDigits } from '../../units/number.ts';
import type { Figure } from '../figures/figure.ts';
import { changesOf, signedShare } from './changeWords.ts';
import { CHEAPEST } from './cheapest.ts';
import type { FigureDifference, LoneFigure } from './diffAnswer.ts';

/** Of which answer a number is told first: replicas for the busiest hour before those for the volume of a month. */
const FIRST: readonly string[] = ['kplan/size@1', 'kplan/advise@1', 'kplan/hybrid@1', 'kplan/breakeven@1', 'kplan/cost@1'];
/** Figures that a plan is bought by. */
const BOUGHT: readonly string[] = ['cost', 'replicas'];

/** What is told of. */
interface Told {
  readonly figures: readonly FigureDifference[];
  readonly unchanged: readonly Figure[];
  readonly lone: readonly LoneFigure[];
}

function movedWords({ code, label, before, absolute, relative }: FigureDifference): string {
  const moved = absolute?.value;
  if (moved == null) return `${label}${code === 'cost' ? ' cost' : ''}: ${before ? 'no number any more' : 'a number now'}`;
  const share = relative?.value == null ? '' : ` (${signedShare(relative.value)})`;
  if (code === 'cost') return `costs ${formatUsd(Math.abs(moved))} ${moved > 0 ? 'more' : 'less'} a month${share}`;
  const count = Math.abs(moved);
  return `${groupDigits(String(count))} ${count === 1 ? 'replica' : 'replicas'} ${moved > 0 ? 'more' : 'fewer'}`;
}

/** For what the replicas of an answer are counted, where another one counts them for something else. */
function purposeOf({ of }: FigureDifference, { figures, unchanged }: Told): string {
  if (of === 'kplan/size@1') return ' for the busiest hour';
  const isSized = figures.some((each) => each.of === 'kplan/size@1') || unchanged.some(({ code }) => code === 'users');
  return of === 'kplan/breakeven@1' && isSized ? ' for the volume of a month' : '';
}

/** The figures that lead: of the first answer whose cost or replicas change, of its cheapest fleet where that is another one now. */
function leading(figures: readonly FigureDifference[]): FigureDifference[] {
  const rank = ({ of, subject }: FigureDifference) => 2 * FIRST.indexOf(of) + (subject.startsWith(CHEAPEST) ? 0 : 1);
  const [lead] = BOUGHT.flatMap((code) => changesOf(code, figures)).toSorted((a, b) => rank(a) - rank(b));
  if (!lead) return [];
  return BOUGHT.flatMap((code) => changesOf(code, figures).find(({ of, subject }) => of === lead.of && subject === lead.subject) ?? []);
}

/** What is bought more or less, of one fleet of one answer, which is named where there are others. */
export function boughtClauses(told: Told): string[] {
  const { figures, unchanged, lone } = told;
  const found = leading(figures);
  const [lead] = found;
  if (!lead) return [];
  const bought = [...figures, ...unchanged, ...lone].filter(({ code }) => BOUGHT.includes(code));
  const several = new Set(bought.map(({ subject }) => subject)).size > 1;
  const name = lead.subject === lead.subjectBefore ? lead.subject : `${lead.subjectBefore} → ${lead.subject.replace(`${CHEAPEST}: `, '')}`;
  const around = `${purposeOf(lead, told)}${several ? ` (${name})` : ''}`;
  const doubtful = found.filter(({ real }) => !real);
  if (doubtful.length === found.length)
    return [
      `${found.map(movedWords).join(' and ')}${around}, ${found.length === 1 ? 'which is not' : 'neither of them'} a real difference`,
    ];
  const words = found.map((each) => `${movedWords(each)}${each.real ? '' : ', which is not a real difference'}`);
  return [`${words[0]}${around}`, ...words.slice(1)];
}
