import { formatUsd } from '../../units/money.ts';
import { formatPercent, groupDigits } from '../../units/number.ts';
import { type Figure, figureText, priceOf } from '../figures/figure.ts';
import { APART } from './commonDoubt.ts';
import type { DiffAnswer, FactsCompared, FigureDifference, VerdictChange } from './diffAnswer.ts';
import { isWorse } from './verdicts.ts';

/** Of which answer a number is told first: replicas for the busiest hour before those for the volume of a month. */
const FIRST = ['kplan/size@1', 'kplan/advise@1', 'kplan/hybrid@1', 'kplan/breakeven@1', 'kplan/cost@1'] as const;
const MOST_VERDICTS = 2;
/** Figures that a plan is bought by. */
const BOUGHT: readonly string[] = ['cost', 'replicas'];
/** Waits and room, told beside. */
const BESIDE = ['ttft-p95', 'ttft', 'tpot-p95', 'tpot', 'kv-tokens'] as const;

/** What is told in a sentence. */
interface Told extends Pick<DiffAnswer, 'figures' | 'verdicts' | 'lone'> {
  readonly unchanged: readonly Figure[];
  /** Names of changed inputs that shape none of the answers. */
  readonly unheard: readonly string[];
}

/** `+12 %` with its sign; more than tenfold as a factor. */
export function signedShare(share: number): string {
  if (share >= 9) return `× ${groupDigits(String(Number((1 + share).toPrecision(2))))}`;
  return `${share > 0 ? '+' : ''}${formatPercent(share)}`;
}

/** Whether a change is none at the digits that are told. */
function isSlight({ unit, before, after }: FigureDifference): boolean {
  const text = (value: number | null | undefined) => (value == null ? null : figureText(unit, value));
  return text(before?.value) === text(after?.value);
}

/** The changes of a figure, those of the answer first that says most of it. */
function changesOf(code: string, figures: readonly FigureDifference[]): FigureDifference[] {
  const found = figures.filter((each) => each.code === code && !isSlight(each));
  const rank = ({ of }: FigureDifference) => {
    const place = (FIRST as readonly string[]).indexOf(of);
    return place < 0 ? FIRST.length : place;
  };
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function doubtful(words: string, { real }: FigureDifference): string {
  return real ? words : `${words}, which is not a real difference`;
}

function boughtWords(change: FigureDifference): string {
  const { code, label, before, after, absolute, relative } = change;
  const moved = absolute?.value;
  if (moved == null) return `${label}${code === 'cost' ? ' cost' : ''}: ${before ? 'no number any more' : after ? 'a number now' : 'none'}`;
  const share = relative?.value == null ? '' : ` (${signedShare(relative.value)})`;
  if (code === 'cost') return doubtful(`costs ${formatUsd(Math.abs(moved))} ${moved > 0 ? 'more' : 'less'} a month${share}`, change);
  const count = Math.abs(moved);
  return doubtful(`${groupDigits(String(count))} ${count === 1 ? 'replica' : 'replicas'} ${moved > 0 ? 'more' : 'fewer'}`, change);
}

function besideWords({ label, subject, unit, before, after, relative, real }: FigureDifference): string {
  const text = (value: number | null | undefined) => (value == null ? 'none' : figureText(unit, value));
  const load = / at \d+ in flight$/.exec(subject)?.[0] ?? '';
  if (!real) return `${label}${load} no real difference`;
  return `${label}${load} ${text(before?.value)} → ${text(after?.value)}${relative?.value == null ? '' : ` (${signedShare(relative.value)})`}`;
}

/** What is bought more or less: of one fleet of one answer, both of which are named where there are others. */
function boughtClauses({ figures, unchanged, lone }: Told): string[] {
  const [lead] = BOUGHT.flatMap((code) => changesOf(code, figures)).toSorted(
    (a, b) => (FIRST as readonly string[]).indexOf(a.of) - (FIRST as readonly string[]).indexOf(b.of),
  );
  if (!lead) return [];
  const { of, subject } = lead;
  const found = BOUGHT.flatMap((code) => changesOf(code, figures).find((each) => each.of === of && each.subject === subject) ?? []);
  const bought = [...figures, ...unchanged, ...lone].filter(({ code }) => BOUGHT.includes(code));
  const fleets = new Set(bought.map((each) => each.subject));
  const sized = figures.some((each) => each.of === 'kplan/size@1') || unchanged.some(({ code }) => code === 'users');
  const volume = of === 'kplan/breakeven@1' && sized ? ' for the volume of a month' : of === 'kplan/size@1' ? ' for the busiest hour' : '';
  const named = fleets.size > 1 ? ` (${subject})` : '';
  return found.map((each, place) => `${boughtWords(each)}${place === found.length - 1 ? `${volume}${named}` : ''}`);
}

/** A verdict in words; of the only fleet there is, by its price alone. */
function verdictWords({ subject, before, after }: VerdictChange, { figures, unchanged, lone }: Told): string {
  const now = [...figures, ...unchanged, ...lone.filter(({ side }) => side === 'after')];
  const pairs = now.filter((each) => priceOf(each.subject) !== null);
  const fleets = new Set(pairs.map((each) => each.subject.slice(0, -(priceOf(each.subject) ?? '').length)));
  const price = fleets.size === 1 ? priceOf(subject) : null;
  const on = subject === '' ? '' : price === null ? ` on ${subject}` : ` against ${price}`;
  return `verdict${on} ${before} → ${after}`;
}

const UNCHANGED: readonly (readonly [label: string, codes: readonly string[]])[] = [
  ['TTFT', ['ttft', 'ttft-p95']],
  ['TPOT', ['tpot', 'tpot-p95']],
  ['cost', ['cost']],
  ['replicas', ['replicas']],
];

/** What stays of cost, replicas and waits, and what of it nothing has on both sides. */
function restClauses({ figures, unchanged, lone }: Told): string[] {
  const has = (items: readonly { readonly code: string }[], codes: readonly string[]) => items.some(({ code }) => codes.includes(code));
  const moved = figures.filter((each) => !isSlight(each));
  const still = UNCHANGED.filter(([, codes]) => !has(moved, codes) && (has(unchanged, codes) || has(figures, codes)));
  const apart = UNCHANGED.filter(([, codes]) => !has(figures, codes) && !has(unchanged, codes) && has(lone, codes));
  const names = (items: typeof still) => items.map(([label]) => label).join(', ');
  return [...(still.length > 0 ? [`${names(still)} unchanged`] : []), ...(apart.length > 0 ? [`${names(apart)} not comparable`] : [])];
}

/** The change in one sentence: verdicts that got worse, cost and replicas of the first fleet, waits and KV tokens, other verdicts. */
export function diffWords(told: Told): string {
  const { figures, verdicts, unchanged, lone, unheard } = told;
  const silent = unheard.length === 0 ? '' : ` ${unheard.join(', ')} ${unheard.length === 1 ? 'shapes' : 'shape'} none of these answers.`;
  if (figures.length + verdicts.length + lone.length === 0) {
    if (unchanged.length === 0) return `There is nothing to compare.${silent}`;
    const all = `all ${groupDigits(String(unchanged.length))} figures are the same`;
    return unheard.length === 0 ? `Nothing changes: ${all}.` : `Nothing that is compared changes: ${all};${silent}`;
  }
  const worse = verdicts.filter(isWorse);
  const other = verdicts.filter((each) => !isWorse(each));
  const [led, trailed] = [worse.slice(0, MOST_VERDICTS), other.slice(0, Math.max(0, MOST_VERDICTS - worse.length))];
  const more = verdicts.length - led.length - trailed.length;
  const beside = BESIDE.flatMap((code) => changesOf(code, figures).slice(0, 1)).filter(
    ({ code }, _, all) => !all.some((each) => each.code === `${code}-p95`),
  );
  const clauses = [
    ...led.map((each) => verdictWords(each, told)),
    ...boughtClauses(told),
    ...beside.map(besideWords),
    ...trailed.map((each) => verdictWords(each, told)),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'verdict changes' : 'verdicts change'}`] : []),
    ...restClauses(told),
  ];
  const sentence = clauses.join('; ');
  if (sentence === '')
    return `${figures.length + lone.length} figures change or are of one side alone; none of cost, replicas or waits.${silent}`;
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
