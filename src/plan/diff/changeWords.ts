import { formatPercent, groupDigits } from '../../units/number.ts';
import { atLoad, figureText, loadOf } from '../figures/figure.ts';
import type { FigureDifference, OpenBand } from './diffAnswer.ts';

/** Changes below this share are told in no sentence. */
const SLIGHT = 0.01;

/** `+12 %` with its sign; more than tenfold as a factor. */
export function signedShare(share: number): string {
  if (share >= 9) return `× ${groupDigits(String(Number((1 + share).toPrecision(2))))}`;
  return `${share > 0 ? '+' : ''}${formatPercent(share)}`;
}

function textOf(unit: FigureDifference['unit'], side: OpenBand | null): string {
  return side?.value == null ? 'none' : figureText(unit, side.value);
}

/** Whether a change is none at the digits that are told, or hardly one. */
export function isSlight({ unit, before, after, relative }: FigureDifference): boolean {
  if (before === null || after === null) return before === after;
  return textOf(unit, before) === textOf(unit, after) || (relative?.value != null && Math.abs(relative.value) < SLIGHT);
}

/** The changes of a figure that are worth a sentence. */
export function changesOf(code: string, figures: readonly FigureDifference[]): FigureDifference[] {
  return figures.filter((each) => each.code === code && !isSlight(each));
}

/** A change with both values, in a few words. */
export function changeWords({ label, subject, unit, before, after, relative, real }: FigureDifference): string {
  const concurrency = loadOf(subject);
  const load = concurrency === null ? '' : atLoad(concurrency);
  if (!real) return `${label}${load} no real difference`;
  return `${label}${load} ${textOf(unit, before)} → ${textOf(unit, after)}${relative?.value == null ? '' : ` (${signedShare(relative.value)})`}`;
}
