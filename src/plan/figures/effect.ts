import { differs, type Figure, figureText } from './figure.ts';

/** A figure that two answers to one question say differently. */
export interface FigureChange {
  readonly before: Figure;
  readonly after: Figure;
}

/** In one sentence. */
const MOST = 4;

/** The figures of the same code and subject that differ, in the order of the later answer. */
export function changedFigures(before: readonly Figure[], after: readonly Figure[]): FigureChange[] {
  const place = ({ code, subject }: Figure) => `${code}|${subject}`;
  const known = new Map(before.map((each) => [place(each), each]));
  return after.flatMap((now) => {
    const then = known.get(place(now));
    return then && differs(then.value, now.value) ? [{ before: then, after: now }] : [];
  });
}

function said({ unit, value }: Figure): string {
  return value === null ? 'none' : figureText(unit, value.value);
}

/**
 * What an answer would say without something that it rests on: of the first subject with changes, the changes that weigh most.
 *
 * @param without figures of the answer without it
 * @param figures of the answer as it is
 * @returns null where nothing differs
 * @example effectInWords([figure('replicas', 'h200', 'replicas', 'count', 22)], [figure('replicas', 'h200', 'replicas', 'count', 18)]) // 'replicas 18 instead of 22'
 */
export function effectInWords(without: readonly Figure[], figures: readonly Figure[]): string | null {
  const changes = changedFigures(without, figures);
  const [first] = changes;
  if (first === undefined) return null;
  const { subject } = first.after;
  const of = [...changes.filter(({ after }) => after.subject === subject), ...changes.filter(({ after }) => after.subject !== subject)];
  const told = of.filter(({ before, after }) => said(before) !== said(after)).slice(0, MOST);
  const shared = new Set(told.map(({ after }) => after.subject)).size < 2;
  const words = told.map(
    ({ before, after }) => `${after.label}${shared ? '' : ` (${after.subject})`} ${said(after)} instead of ${said(before)}`,
  );
  return words.length === 0 ? null : words.join(', ');
}
