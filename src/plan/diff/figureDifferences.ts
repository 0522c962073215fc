import { type Estimate, estimate } from '../../evidence/estimate.ts';
import type { Figure } from '../figures/figure.ts';
import { type FiguredAnswer, figuresOf } from '../figures/figures.ts';
import { changeBand, isReal } from './commonDoubt.ts';
import type { FigureDifference, Kinship, LoneFigure, OpenBand } from './diffAnswer.ts';
import { kinshipBetween, replicasOf, withoutLayout } from './kinship.ts';
import { paired } from './pairs.ts';

/** Differences smaller than this are rounding. */
const SAME = 1e-9;

function open(low: number, value: number, high: number): OpenBand {
  const bounded = (end: number) => (Number.isFinite(end) ? end : null);
  return { low: bounded(low), value: bounded(value), high: bounded(high) };
}

function openOf(band: Estimate | null): OpenBand | null {
  return band && open(band.low, band.value, band.high);
}

/**
 * Figures with the doubt that they rest on: replicas that an answer counts at the middle capacity have the band of that capacity,
 * `ceil(replicas × capacity / its ends)`.
 */
function doubted(figures: readonly Figure[]): Figure[] {
  const capacities = new Map(
    figures.flatMap(({ code, subject, value }) => (code === 'capacity' && value ? [[subject, value] as const] : [])),
  );
  return figures.map((one) => {
    const capacity = capacities.get(one.subject);
    if (one.code !== 'replicas' || !capacity || one.value === null || one.value.low !== one.value.high) return one;
    const at = (end: number) => Math.ceil(((one.value?.value ?? 0) * capacity.value) / end - SAME);
    return { ...one, value: estimate(capacity.basis, at(capacity.high), one.value.value, at(capacity.low)) };
  });
}

function isMoved(before: Estimate | null, after: Estimate | null): boolean {
  if (before === null || after === null) return before !== after;
  return Math.abs(after.value - before.value) > SAME * Math.max(Math.abs(before.value), Math.abs(after.value));
}

function difference(of: FiguredAnswer['schema'], was: Figure, is: Figure, kinship: Kinship): FigureDifference {
  const [before, after] = [was.value, is.value];
  const { code, subject, label, unit } = is;
  const told = { of, code, subject, subjectBefore: was.subject, label, unit, before: openOf(before), after: openOf(after), kinship };
  if (before === null || after === null) return { ...told, absolute: null, relative: null, real: true };
  const band = changeBand(code, before, after, kinship);
  const { low, value, high } = band;
  const isRatio = band.scale === 'ratio';
  const per = (ratio: number) => before.value * (ratio - 1);
  const over = (moved: number) => moved / before.value;
  return {
    ...told,
    absolute: isRatio ? open(per(low), after.value - before.value, per(high)) : open(low, value, high),
    relative: isRatio ? open(low - 1, value - 1, high - 1) : before.value > 0 ? open(over(low), over(value), over(high)) : null,
    real: isReal(band),
  };
}

/** What two answers to one kind of question say differently, number by number. */
export function figureDifferences(
  before: FiguredAnswer,
  after: FiguredAnswer,
  sameFacts: boolean,
): { readonly figures: FigureDifference[]; readonly lone: LoneFigure[]; readonly unchanged: number } {
  const [were, are] = [replicasOf(before), replicasOf(after)];
  const kinship = kinshipBetween(before, after);
  const pairs = paired(
    doubted(figuresOf(before)),
    doubted(figuresOf(after)),
    (subject) => withoutLayout(subject, were),
    (subject) => withoutLayout(subject, are),
  );
  const figures: FigureDifference[] = [];
  const lone: LoneFigure[] = [];
  let unchanged = 0;
  for (const { before: was, after: is } of pairs) {
    if (was && is) {
      if (!isMoved(was.value, is.value)) unchanged++;
      else figures.push(difference(after.schema, was, is, sameFacts ? kinship(was.subject, is.subject) : 'other'));
      continue;
    }
    const only = was ?? is;
    if (!only) continue;
    const { code, subject, label, unit, value } = only;
    lone.push({ of: after.schema, side: was ? 'before' : 'after', code, subject, label, unit, value: openOf(value) });
  }
  return { figures, lone, unchanged };
}
