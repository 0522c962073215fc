import { Fault } from '../../faults/fault.ts';
import { nearestNames } from '../../faults/nearest.ts';
import { formatPercent } from '../../units/number.ts';
import { type Figure, figureText } from '../figures/figure.ts';
import { FIGURE_CODES } from '../figures/figures.ts';
import type { DiffAnswer, FigureDifference, JudgedCondition } from './diffAnswer.ts';

/** A change that is not accepted. */
export type Condition =
  | { readonly kind: 'verdict'; readonly text: string }
  | {
      readonly kind: 'figure';
      readonly text: string;
      readonly code: string;
      readonly direction: '>' | '<';
      /** A share of what it was, or an amount in the unit of the figure. */
      readonly limit: number;
      readonly isShare: boolean;
    };

const GRAMMAR = /^\s*([a-z][a-z0-9-]*)\s*([<>])\s*([+-]\d{1,15}(?:\.\d{1,9})?(?:e\d{1,2})?)\s*(%?)\s*$/;
const ALLOWED = "verdict, or FIGURE(>|<)[+-]NUMBER[%] with a sign, such as 'cost>+5%', 'sequences<-10%' or 'replicas>+0'";

/**
 * Reads a condition of `--fail-on`: `verdict` (any verdict changes), or `FIGURE(>|<)[+-]NUMBER[%]`: the change of a figure lies above or below a share of
 * what it was (`%`) or an amount in its own unit (USD a month, ms, tokens, bytes, a share such as 0.1, a count).
 *
 * @throws Fault `invalid` for another form, `unknown` with the nearest names for a figure that no answer has
 * @example parseCondition('cost>+5%') // { kind: 'figure', text: 'cost>+5%', code: 'cost', direction: '>', limit: 0.05, isShare: true }
 */
export function parseCondition(text: string): Condition {
  if (text.trim() === 'verdict') return { kind: 'verdict', text: 'verdict' };
  const [, code = '', direction, number = '', percent] = GRAMMAR.exec(text.slice(0, 200)) ?? [];
  if (direction === undefined) {
    const isWord = /^\s*[a-z][a-z0-9-]*\s*$/.test(text);
    throw new Fault(isWord ? 'unknown' : 'invalid', isWord ? 'no such condition' : 'not a condition', {
      where: '--fail-on',
      value: text,
      allowed: ALLOWED,
      nearest: isWord ? nearestNames(text.trim(), ['verdict']) : [],
    });
  }
  if (!(FIGURE_CODES as readonly string[]).includes(code)) {
    throw new Fault('unknown', 'no answer has such a figure', {
      where: '--fail-on',
      value: code,
      allowed: ['verdict', ...FIGURE_CODES].join(', '),
      nearest: nearestNames(code, ['verdict', ...FIGURE_CODES]),
    });
  }
  const isShare = percent === '%';
  return {
    kind: 'figure',
    text: text.trim(),
    code,
    direction: direction as '>' | '<',
    limit: Number(number) / (isShare ? 100 : 1),
    isShare,
  };
}

/** A change in a few words, by share where there is one. */
function saidOf({ label, subject, unit, absolute, relative }: FigureDifference): string {
  const of = subject === '' ? '' : ` (${subject})`;
  if (relative?.value != null) return `${label}${of} ${relative.value > 0 ? '+' : ''}${formatPercent(relative.value)}`;
  const value = absolute?.value ?? null;
  return `${label}${of} ${value === null ? 'comes or goes' : `${value > 0 ? '+' : ''}${figureText(unit, value)}`}`;
}

/** What is judged: changes, what stayed, and what one side alone has. */
export interface Judged extends Pick<DiffAnswer, 'figures' | 'verdicts' | 'lone'> {
  readonly unchanged: readonly Figure[];
  /** Whether any answer has a verdict. */
  readonly hasVerdicts: boolean;
}

/** A condition that could never fail is none. */
function checkHeard(condition: Condition, { figures, lone, unchanged, hasVerdicts }: Judged): void {
  const codes = [...new Set([...figures, ...lone, ...unchanged].map(({ code }) => code))];
  const known = [...(hasVerdicts ? ['verdict'] : []), ...codes];
  const asked = condition.kind === 'verdict' ? 'verdict' : condition.code;
  if (!known.includes(asked))
    throw new Fault('unsupported', `none of these answers has ${asked === 'verdict' ? 'a verdict' : `the figure ${asked}`}`, {
      where: '--fail-on',
      value: condition.text,
      allowed: known.join(', '),
    });
  if (condition.kind !== 'figure' || condition.isShare || Math.abs(condition.limit) <= 1) return;
  if ([...figures, ...lone, ...unchanged].some(({ code, unit }) => code === asked && unit === 'share'))
    throw new Fault('invalid', 'no share changes by more than 1', {
      where: '--fail-on',
      value: condition.text,
      allowed: 'an amount from -1 to 1, such as -0.05 for 5 points, or a percentage of what it was',
    });
}

function holds({ direction, limit }: Condition & { readonly kind: 'figure' }, moved: number): boolean {
  return direction === '>' ? moved > limit : moved < limit;
}

/**
 * Judges the changes by a condition. A figure that is not a real difference fails none unless `strict`; one that was none and is something, or the other way
 * round, fails any condition on it, and so does one that no fleet or load has on both sides. What stays has changed by 0.
 *
 * @throws Fault `unsupported` where no answer has what is to be judged
 */
export function judged(condition: Condition, told: Judged, strict: boolean): JudgedCondition {
  checkHeard(condition, told);
  const { figures, verdicts, lone, unchanged } = told;
  if (condition.kind === 'verdict') {
    const by = verdicts.map(({ subject, before, after }) => `${subject === '' ? '' : `${subject}: `}${before} → ${after}`);
    return { condition: condition.text, failed: by.length > 0, by, passedOver: [] };
  }
  const { code } = condition;
  const alone = lone.find((each) => each.code === code);
  if (alone && [...figures, ...unchanged].every((each) => each.code !== code))
    return {
      condition: condition.text,
      failed: true,
      by: [`${alone.label} cannot be compared: nothing has it on both sides`],
      passedOver: [],
    };
  const still = holds(condition, 0) ? unchanged.filter((each) => each.code === code) : [];
  const beyond = figures.filter((each) => {
    if (each.code !== code) return false;
    if (each.before === null || each.after === null) return true;
    const moved = (condition.isShare ? each.relative : each.absolute)?.value ?? null;
    if (moved === null)
      return condition.isShare && each.absolute !== null && (condition.direction === '>') === (each.absolute.value ?? 0) > 0;
    return holds(condition, moved);
  });
  const failing = beyond.filter(({ real }) => strict || real);
  const by = [...failing.map(saidOf), ...still.map(({ label, subject }) => `${label}${subject === '' ? '' : ` (${subject})`} stays`)];
  return {
    condition: condition.text,
    failed: by.length > 0,
    by,
    passedOver: beyond.filter((each) => !failing.includes(each)).map(saidOf),
  };
}
