import { formatUsd } from '../../units/money.ts';
import { formatPercent, groupDigits } from '../../units/number.ts';
import { figureText } from '../figures/figure.ts';
import { APART } from './commonDoubt.ts';
import type { DiffAnswer, FactsCompared, FigureDifference } from './diffAnswer.ts';

/** Of which answer a number is told first: replicas for a service level before those for the volume of a month. */
const FIRST = ['kplan/size@1', 'kplan/advise@1', 'kplan/hybrid@1', 'kplan/breakeven@1', 'kplan/cost@1'] as const;
const MOST_VERDICTS = 2;

/** `+12 %` with its sign; more than tenfold as a factor. */
export function signedShare(share: number): string {
  if (share >= 9) return `× ${groupDigits(String(Number((1 + share).toPrecision(2))))}`;
  return `${share > 0 ? '+' : ''}${formatPercent(share)}`;
}

type Told = Pick<DiffAnswer, 'figures' | 'verdicts' | 'unchanged' | 'lone'>;

/** The first change of a figure, in the answer that says most of it. */
function firstOf(code: string, { figures }: Told): FigureDifference | undefined {
  const found = figures.filter((each) => each.code === code);
  return FIRST.flatMap((of) => found.filter((each) => each.of === of))[0] ?? found[0];
}

function doubtful(words: string, { real }: FigureDifference): string {
  return real ? words : `${words}, which is not a real difference`;
}

function costWords(change: FigureDifference): string {
  const moved = change.absolute?.value;
  if (moved == null) return `${change.label}: from ${change.before ? 'something' : 'none'} to ${change.after ? 'something' : 'none'}`;
  const share = change.relative?.value == null ? '' : ` (${signedShare(change.relative.value)})`;
  return doubtful(`costs ${formatUsd(Math.abs(moved))} ${moved > 0 ? 'more' : 'less'} a month${share}`, change);
}

function replicaWords(change: FigureDifference): string {
  const moved = change.absolute?.value ?? 0;
  const count = Math.abs(moved);
  return doubtful(`${groupDigits(String(count))} ${count === 1 ? 'replica' : 'replicas'} ${moved > 0 ? 'more' : 'fewer'}`, change);
}

function plainWords(change: FigureDifference): string {
  const { label, unit, before, after, relative, real } = change;
  const text = (value: number | null | undefined) => (value == null ? 'none' : figureText(unit, value));
  const share = relative?.value == null ? '' : ` (${signedShare(relative.value)})`;
  if (!real) return `${label} no real difference`;
  return `${label} ${text(before?.value)} → ${text(after?.value)}${share}`;
}

const WORDS: readonly (readonly [code: string, words: (change: FigureDifference) => string])[] = [
  ['cost', costWords],
  ['replicas', replicaWords],
  ['ttft', plainWords],
  ['tpot', plainWords],
  ['kv-tokens', plainWords],
];

const UNCHANGED: Readonly<Record<string, string>> = { ttft: 'TTFT', tpot: 'TPOT', cost: 'cost', replicas: 'replicas' };

/**
 * The change in one sentence: cost, replicas, waits and KV tokens, then verdicts.
 *
 * @param comparable codes of the figures that some fleet or load has on both sides
 */
export function diffWords(told: Told, comparable: ReadonlySet<string>): string {
  const { figures, verdicts, unchanged, lone } = told;
  if (figures.length + verdicts.length + lone.length === 0)
    return unchanged === 0
      ? 'There is nothing to compare.'
      : `Nothing changes: all ${groupDigits(String(unchanged))} figures are the same.`;
  const turned = verdicts
    .slice(0, MOST_VERDICTS)
    .map(({ subject, before, after }) => `verdict${subject === '' ? '' : ` on ${subject}`} ${before} → ${after}`);
  const more = verdicts.length > MOST_VERDICTS ? [`${verdicts.length - MOST_VERDICTS} more verdicts change`] : [];
  const changes = WORDS.flatMap(([code, words]) => {
    const change = firstOf(code, told);
    return change ? [words(change)] : [];
  });
  const still = WORDS.flatMap(([code]) => (!firstOf(code, told) && comparable.has(code) && UNCHANGED[code] ? [UNCHANGED[code]] : []));
  const apart = WORDS.flatMap(([code]) =>
    !firstOf(code, told) && !comparable.has(code) && lone.some((each) => each.code === code) && UNCHANGED[code] ? [UNCHANGED[code]] : [],
  );
  const clauses = [
    ...changes,
    ...turned,
    ...more,
    ...(still.length > 0 ? [`${still.join(', ')} unchanged`] : []),
    ...(apart.length > 0 ? [`${apart.join(', ')} not comparable`] : []),
  ];
  const sentence = clauses.join('; ');
  if (sentence === '') return `${figures.length + lone.length} figures change; none of cost, replicas or waits.`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function factor(error: 'step' | 'wait'): string {
  const of = (kinship: 'layout' | 'load') => Math.exp(APART[kinship][error]).toFixed(1);
  return `${of('layout')} or ${of('load')}`;
}

/** The rule by which doubts cancel, as an assumption. */
export const COMMON_DOUBTS = [
  'what both sides do not know is the same on both, so their bands are compared end with end and cancel as far as they are equal',
  `between layouts or loads of one GPU, engine, format and model, errors of held-out measurements lay apart by a factor of ${factor('step')} (TTFT ${factor('wait')}; 80 % of pairs), which is added`,
  'between other GPUs, engines, formats or models, and between what is measured, calibrated and modelled, nothing cancels',
  'a change whose 80 % band reaches both ways is not a real difference',
].join('; ');

/** What is to be said of facts that differ. */
export function factWarnings({ before, after, same, changed }: FactsCompared): string[] {
  if (same || before === null || after === null) return [];
  const days = before.asOf === after.asOf ? `both as of ${after.asOf}` : `as of ${before.asOf} before and ${after.asOf} after`;
  const sources = changed.length === 0 ? '' : `; ${changed.length} sources have another date or address: ${changed.slice(0, 5).join(', ')}`;
  return [`facts changed too (${days}${sources}), so no doubts cancel and part of a change may be theirs`];
}
