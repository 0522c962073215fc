import { groupDigits } from '../../units/number.ts';
import { type Figure, fleetOf, loadOf, priceOf } from '../figures/figure.ts';
import { boughtClauses } from './boughtWords.ts';
import { changesOf, changeWords, isSlight } from './changeWords.ts';
import { APART } from './commonDoubt.ts';
import type { DiffAnswer, FactsCompared, FigureDifference, VerdictChange } from './diffAnswer.ts';
import { isWorse } from './verdicts.ts';

const MOST_VERDICTS = 2;
const MOST_CLAUSES = 6;
/** Waits and room, told beside what is bought. */
const BESIDE = ['ttft-p95', 'ttft', 'tpot-p95', 'tpot', 'kv-tokens'] as const;
/** What else is told where there is room, the most telling first. */
const FURTHER = ['api-cost', 'saved', 'probability', 'break-even', 'capacity', 'sequences', 'unit-cost', 'reuse', 'weights'] as const;

/** What is told in a sentence. */
interface Told extends Pick<DiffAnswer, 'figures' | 'verdicts' | 'lone'> {
  readonly unchanged: readonly Figure[];
  /** Names of changed inputs that shape none of the answers. */
  readonly unheard: readonly string[];
}

const VERDICTS: Readonly<Record<string, string>> = {
  'keeps-levels': 'keeps all levels',
  'breaks-levels': 'breaks a level',
  'break-even': 'breaks even',
};

function verdictText(code: string): string {
  return VERDICTS[code] ?? code.replaceAll('-', ' ');
}

/** A verdict in words; of the only fleet there is, by its price alone. */
function verdictWords({ subject, before, after }: VerdictChange, { figures, unchanged, lone }: Told): string {
  const now = [...figures, ...unchanged, ...lone.filter(({ side }) => side === 'after')];
  const pairs = now.filter((each) => priceOf(each.subject) !== null);
  const fleets = new Set(pairs.map((each) => fleetOf(each.subject)));
  const price = fleets.size === 1 ? priceOf(subject) : null;
  const on = subject === '' ? '' : price === null ? ` on ${subject}` : ` against ${price}`;
  return `verdict${on} ${verdictText(before)} → ${verdictText(after)}`;
}

/** Of cost, replicas and waits: what stays, with the loads at which it does, and what nothing has on both sides. */
function restClauses({ figures, unchanged, lone }: Told): string[] {
  const moved = new Set(figures.filter((each) => !isSlight(each)).map(({ code }) => code));
  const alone = new Set(lone.map(({ code }) => code));
  const stays = (code: string) =>
    !moved.has(code) && (unchanged.some((each) => each.code === code) || figures.some((each) => each.code === code));
  const waits = ['ttft', 'tpot'].filter((code) => !moved.has(`${code}-p95`) && stays(code) && !alone.has(code));
  const atLoads = unchanged.filter(({ code }) => code === waits[0]).every(({ subject }) => loadOf(subject) !== null);
  const bought = ['cost', 'replicas'].filter((code) => stays(code) && !alone.has(code));
  const kept = [
    ...(waits.length > 0 ? [`${waits.map((code) => code.toUpperCase()).join(' and ')}${atLoads ? ' at equal load' : ''}`] : []),
    ...bought.map((code) => (code === 'cost' ? 'cost of own GPUs' : code)),
  ];
  const apart = ['ttft', 'tpot', 'cost', 'replicas'].filter((code) => alone.has(code) && !moved.has(code) && !stays(code));
  return [
    ...(kept.length > 0 ? [`${kept.join(', ')} unchanged`] : []),
    ...(apart.length > 0 ? [`${apart.map((code) => (/^t/.test(code) ? code.toUpperCase() : code)).join(', ')} not comparable`] : []),
  ];
}

/** How many changes and figures of one side the sentence leaves out. */
function leftClauses(figures: readonly FigureDifference[], told: readonly FigureDifference[], { lone }: Told): string[] {
  const more = figures.filter((each) => !told.includes(each) && !isSlight(each)).length;
  const sides = (['before', 'after'] as const).map((side) => lone.filter((each) => each.side === side).length);
  const [gone = 0, come = 0] = sides;
  return [
    ...(more > 0 ? [`${more} more ${more === 1 ? 'figure changes' : 'figures change'}`] : []),
    ...(gone > 0 ? [`${gone} ${gone === 1 ? 'figure' : 'figures'} of the old side alone`] : []),
    ...(come > 0 ? [`${come} ${come === 1 ? 'figure' : 'figures'} of the new side alone`] : []),
  ];
}

function beside(figures: readonly FigureDifference[]): FigureDifference[] {
  const found = BESIDE.flatMap((code) => changesOf(code, figures).slice(0, 1));
  return found.filter(({ code }) => !found.some((each) => each.code === `${code}-p95`));
}

/** The change in one sentence: verdicts that got worse, cost and replicas of one fleet, waits and room, what else moves, other verdicts. */
export function diffWords(told: Told): string {
  const { figures, verdicts, unchanged, lone, unheard } = told;
  const silent = unheard.length === 0 ? '' : ` ${unheard.join(', ')} ${unheard.length === 1 ? 'shapes' : 'shape'} none of these answers.`;
  if (figures.length + verdicts.length + lone.length === 0) {
    if (unchanged.length === 0) return `There is nothing to compare.${silent}`;
    const all = unchanged.length === 1 ? 'its one figure is the same' : `all ${groupDigits(String(unchanged.length))} figures are the same`;
    return unheard.length === 0 ? `Nothing changes: ${all}.` : `Nothing that is compared changes: ${all};${silent}`;
  }
  const worse = verdicts.filter(isWorse);
  const other = verdicts.filter((each) => !isWorse(each));
  const [led, trailed] = [worse.slice(0, MOST_VERDICTS), other.slice(0, Math.max(0, MOST_VERDICTS - worse.length))];
  const more = verdicts.length - led.length - trailed.length;
  const bought = boughtClauses(told);
  const waits = beside(figures);
  const room = Math.max(0, MOST_CLAUSES - led.length - trailed.length - bought.length - waits.length);
  const further = FURTHER.flatMap((code) =>
    changesOf(code, figures)
      .filter(({ real }) => real)
      .slice(0, 1),
  ).slice(0, Math.min(3, room));
  const named = [...waits, ...further, ...(bought.length > 0 ? figures.filter(({ code }) => code === 'cost' || code === 'replicas') : [])];
  const clauses = [
    ...led.map((each) => verdictWords(each, told)),
    ...bought,
    ...[...waits, ...further].map(changeWords),
    ...trailed.map((each) => verdictWords(each, told)),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'verdict changes' : 'verdicts change'}`] : []),
    ...restClauses(told),
    ...leftClauses(figures, named, told),
  ];
  const sentence = clauses.join('; ');
  if (sentence === '') return `Nothing changes but the ends of bands and what is below 1 %.${silent}`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.${silent}`;
}

function factor(error: 'step' | 'wait'): string {
  const of = (kinship: 'layout' | 'load') => Math.exp(APART[kinship][error]).toFixed(1);
  return `${of('layout')} or ${of('load')}`;
}

/** The rules by which doubts cancel, as assumptions. */
export const COMMON_DOUBTS: readonly string[] = [
  'What both sides do not know is the same on both, so their bands are compared end with end and cancel as far as they are equal',
  `Between layouts or loads of one GPU, engine, format and model, errors of held-out measurements lay apart by a factor of ${factor('step')} (TTFT ${factor('wait')}; 80 % of pairs), which is added to speeds and what follows from them, not to memory and list prices`,
  'Between other GPUs, engines, formats or models, and between what is measured, calibrated and modelled, nothing cancels',
  'A change whose 80 % band reaches both ways is not a real difference',
];

/** What is to be said of facts that differ. */
export function factWarnings({ before, after, same, changed }: FactsCompared): string[] {
  if (same || before === null || after === null) return [];
  const days = before.asOf === after.asOf ? `both as of ${after.asOf}` : `as of ${before.asOf} before and ${after.asOf} after`;
  const sources = changed.length === 0 ? '' : `; ${changed.length} sources have another date or address: ${changed.slice(0, 5).join(', ')}`;
  return [`facts changed too (${days}${sources}), so no doubts cancel and part of a change may be theirs`];
}
