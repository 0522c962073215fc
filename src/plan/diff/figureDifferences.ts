import { type Basis, type Estimate, estimate, widened } from '../../evidence/estimate.ts';
import { differs, type Figure, ROUNDING } from '../figures/figure.ts';
import { type FiguredAnswer, figuresOf } from '../figures/figures.ts';
import { changeBand, isReal } from './commonDoubt.ts';
import type { FigureDifference, Kinship, LoneFigure, OpenBand } from './diffAnswer.ts';
import { kinshipBetween, replicasOf, withoutLayout } from './kinship.ts';
import { paired } from './pairs.ts';

function open(low: number, value: number, high: number): OpenBand {
  const bounded = (end: number) => (Number.isFinite(end) ? end : null);
  return { low: bounded(low), value: bounded(value), high: bounded(high) };
}

function openOf(band: Estimate | null): OpenBand | null {
  return band && open(band.low, band.value, band.high);
}

/** The doubt about one figure as factors of its value. */
function factorsOf({ low, value, high }: Estimate): number[] {
  return [low / value, high / value];
}

/**
 * Figures with the doubt that they rest on: replicas that an answer counts at the middle capacity have the band of that capacity,
 * `ceil(replicas × capacity / its ends)`; what `size` says its replicas cost, the band of their number beside that of their price.
 */
function doubted(answer: FiguredAnswer): Figure[] {
  const figures = figuresOf(answer);
  const bands = (code: string) =>
    new Map(figures.flatMap((one) => (one.code === code && one.value ? [[one.subject, one.value] as const] : [])));
  const [capacities, replicas] = [bands('capacity'), bands('replicas')];
  return figures.map((one) => {
    const { code, subject, value } = one;
    if (value === null) return one;
    const [capacity, count] = [capacities.get(subject), replicas.get(subject)];
    if (code === 'cost' && answer.schema === 'kplan/size@1' && count) return { ...one, value: widened(value, factorsOf(count)) };
    if (code !== 'replicas' || !capacity || value.low !== value.high) return one;
    const at = (end: number) => Math.ceil((value.value * capacity.value) / end - ROUNDING);
    return { ...one, value: estimate(capacity.basis, at(capacity.high), value.value, at(capacity.low)) };
  });
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
    doubted(before),
    doubted(after),
    (subject) => withoutLayout(subject, were),
    (subject) => withoutLayout(subject, are),
  );
  const figures: FigureDifference[] = [];
  const lone: LoneFigure[] = [];
  let unchanged = 0;
  for (const { before: was, after: is } of pairs) {
    if (was && is) {
      if (!differs(was.value, is.value)) unchanged++;
      else
        figures.push(difference(after.schema, was, is, sameFacts ? alike(was.value, is.value, kinship(was.subject, is.subject)) : 'other'));
      continue;
    }
    const only = was ?? is;
    if (!only) continue;
    const { code, subject, label, unit, value } = only;
    lone.push({ of: after.schema, side: was ? 'before' : 'after', code, subject, label, unit, value: openOf(value) });
  }
  return { figures, lone, unchanged };
}
