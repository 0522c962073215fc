import { type Coefficients, coefficientsOf } from '../coefficients.ts';
import { levelsOf, type System } from '../effects.ts';
import { type FitPlan, type FitRow, fitEffects } from './effectFit.ts';
import { type SpeedFits, TPOT_PLAN, TTFT_PLAN, tpotRow, ttftRow, type Witness } from './speedFit.ts';

/** Measurements of one system from which its coefficients are fitted anew. */
export const LEAST_CALIBRATION_POINTS = 6;

function calibrated(known: Coefficients, plan: FitPlan, rows: readonly FitRow[], system: System, least: number): Coefficients {
  if (rows.length < least) return known;
  const before = coefficientsOf(known, system);
  const own = fitEffects(rows, { ...plan, firstGuess: before.map(Math.exp) });
  const after = coefficientsOf(own, system);
  const level = levelsOf(system).at(-1) ?? '';
  const moved = after.map((log, place) => (known.effects[level]?.[place] ?? 0) + log - (before[place] ?? 0));
  return { ...known, effects: { ...known.effects, [level]: moved }, systems: { ...known.systems, ...own.systems } };
}

/**
 * Coefficients of one system fitted anew to its user's own measurements, beginning from the shipped ones, which hold it where the
 * measurements say nothing.
 *
 * @param witnesses measurements of that system; fewer than `least` change nothing
 * @returns fits in which only that system has moved
 */
export function calibrateSpeed(
  fits: SpeedFits,
  system: System,
  witnesses: readonly Witness[],
  least = LEAST_CALIBRATION_POINTS,
): SpeedFits {
  const rows = (of: (witness: Witness) => FitRow | null) => witnesses.map(of).filter((row) => row !== null);
  return {
    tpot: calibrated(fits.tpot, TPOT_PLAN, rows(tpotRow), system, least),
    ttft: calibrated(fits.ttft, TTFT_PLAN, rows(ttftRow), system, least),
  };
}
