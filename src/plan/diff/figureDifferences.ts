import type { Basis, Estimate } from '../../evidence/estimate.ts';
import { differsInBand, type Figure } from '../figures/figure.ts';
import { type FiguredAnswer, figuresOf } from '../figures/figures.ts';
import { CHEAPEST, cheapestFleets } from './cheapest.ts';
import { changeBand, isReal } from './commonDoubt.ts';
import type { FigureDifference, Kinship, LoneFigure, OpenBand } from './diffAnswer.ts';
import { kinshipBetween } from './kinship.ts';
import { paired } from './pairs.ts';
import { matchingOf } from './renames.ts';

function open(low: number, value: number, high: number): OpenBand {
  const bounded = (end: number) => (Number.isFinite(end) ? end : null);
  return { low: bounded(low), value: bounded(value), high: bounded(high) };
}

function openOf(band: Estimate | null): OpenBand | null {
  return band && open(band.low, band.value, band.high);
}

/** Shares of samples that differ by less are one. */
const SAMPLING = 0.005;

function isNoise({ unit, value: was }: Figure, { value: is }: Figure): boolean {
  return unit === 'share' && was !== null && is !== null && Math.abs(is.value - was.value) < SAMPLING;
}

/** Bases on which figures rest that were predicted in one way; those of different bases have no errors in common. */
const PREDICTED: readonly Basis[] = ['measured', 'calibrated', 'modelled'];

function alike(before: Estimate | null, after: Estimate | null, kinship: Kinship): Kinship {
  if (before === null || after === null || before.basis === after.basis) return kinship;
  return PREDICTED.includes(before.basis) && PREDICTED.includes(after.basis) ? 'other' : kinship;
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
    relative: isRatio
      ? open(low - 1, over(after.value - before.value), high - 1)
      : before.value > 0
        ? open(over(low), over(value), over(high))
        : null,
    real: isReal(band),
  };
}

/** What two answers to one kind of question say differently, number by number. */
export function figureDifferences(
  before: FiguredAnswer,
  after: FiguredAnswer,
  sameFacts: boolean,
): { readonly figures: FigureDifference[]; readonly lone: LoneFigure[]; readonly unchanged: Figure[] } {
  const kinship = kinshipBetween(before, after);
  const [were, are] = [figuresOf(before), figuresOf(after)];
  const pairs = paired(were, are, matchingOf(before, after));
  const kin = (was: Figure, is: Figure): Kinship =>
    sameFacts ? alike(was.value, is.value, kinship({ code: is.code, subjectBefore: was.subject, subject: is.subject })) : 'other';
  const figures = cheapestFleets(after.schema, were, are).map(({ before: was, after: is }) =>
    difference(
      after.schema,
      { ...was, subject: `${CHEAPEST}: ${was.subject}` },
      { ...is, subject: `${CHEAPEST}: ${is.subject}` },
      kin(was, is),
    ),
  );
  const lone: LoneFigure[] = [];
  const unchanged: Figure[] = [];
  for (const { before: was, after: is } of pairs) {
    if (was && is) {
      if (!differsInBand(was.value, is.value) || isNoise(was, is)) unchanged.push(is);
      else figures.push(difference(after.schema, was, is, kin(was, is)));
      continue;
    }
    const only = was ?? is;
    if (!only) continue;
    const { code, subject, label, unit, value } = only;
    lone.push({ of: after.schema, side: was ? 'before' : 'after', code, subject, label, unit, value: openOf(value) });
  }
  return { figures, lone, unchanged };
}
