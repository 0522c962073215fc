import type { BandTable } from '../../throughput/band.ts';
import { fitSpeed, type SpeedFits, TPOT_PLAN, type Witness } from '../../throughput/fitting/speedFit.ts';
import { type HeldOut, heldOutIn } from './heldOut.ts';

/** A factor so small that its term vanishes and cannot grow: its slope is zero. */
const NOTHING = 1e-12;

/** Errors of the model without one of its terms, at shapes that were not measured. */
export interface Ablation {
  readonly without: string;
  readonly heldOut: readonly HeldOut[];
}

/**
 * What each term of the step-time model is worth: the model is fitted without it, and new shapes are predicted.
 *
 * @param rows to be predicted
 * @param evidence measurements that kplan ships
 */
export function ablations(rows: readonly Witness[], evidence: readonly Witness[], bands: BandTable): Ablation[] {
  return TPOT_PLAN.terms.map((without, place) => {
    const plan = { ...TPOT_PLAN, firstGuess: TPOT_PLAN.firstGuess.map((guess, at) => (at === place ? NOTHING : guess)) };
    const fit = (witnesses: readonly Witness[], start?: SpeedFits) => fitSpeed(witnesses, start, plan);
    return { without, heldOut: heldOutIn('newShape', rows, evidence, fit(evidence), bands, fit) };
  });
}
