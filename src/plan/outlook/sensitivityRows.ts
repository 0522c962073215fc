import { valueAt } from '../../evidence/distribution.ts';
import { flipPoints } from '../../evidence/flipPoint.ts';
import { type Swing, tornado } from '../../evidence/tornado.ts';
import type { InputModel } from './inputModel.ts';
import type { SensitivityRow } from './sensitivityAnswer.ts';
import { CUT, type Values } from './uncertainty.ts';

/**
 * The tornado of a saving, with the nearest value of each assumption that turns it, the one that moves most first.
 *
 * @param saved its sign is the answer
 */
export function sensitivityRows({ inputs, distributions, valuesOf }: InputModel, saved: (values: Values) => number): SensitivityRow[] {
  const answer = (drawn: Float64Array) => saved(valuesOf(drawn));
  const { swings } = tornado(distributions, answer);
  const bounds = Object.fromEntries(
    inputs.flatMap(({ name, searched, distribution }) => {
      if (!searched) return [];
      const [least, most] = [valueAt(distribution, CUT), valueAt(distribution, 1 - CUT)];
      return [[name, { min: Math.min(searched[0], least), max: Math.max(searched[1], most) }] as const];
    }),
  );
  const flips = flipPoints(distributions, answer, bounds);
  const rows = inputs.flatMap(({ name, label, unit, distribution, shown }, index): SensitivityRow[] => {
    const found = flips[index];
    const swing = swings.find(({ input }) => input === name);
    if (!found || !swing) return [];
    const certain = distribution.kind === 'point' || swing.low === swing.high;
    if (certain && name !== 'volume') return [];
    const { middle } = found;
    const [flip] = [...found.flips].sort((a, b) => Math.abs(a.value - middle) - Math.abs(b.value - middle));
    const ends = shownEnds(swing, shown);
    return [
      {
        code: name,
        label,
        unit,
        now: shown(middle),
        low: certain ? null : ends.low,
        high: certain ? null : ends.high,
        savedAtLow: certain ? null : ends.atLow,
        savedAtHigh: certain ? null : ends.atHigh,
        flipsAt: flip ? shown(flip.value) : null,
        flips: found.flips.length,
        probabilityBeyond: certain ? null : found.probability,
      },
    ];
  });
  const moves = (row: SensitivityRow) =>
    row.savedAtLow === null || row.savedAtHigh === null ? -1 : Math.abs(row.savedAtHigh - row.savedAtLow);
  return rows.filter((row) => row.code === 'volume' || moves(row) > 0).sort((a, b) => moves(b) - moves(a));
}

/** The ends of a swing as they are shown, the lower one first. */
function shownEnds(
  { low, high, atLow, atHigh }: Swing,
  shown: (value: number) => number,
): Pick<Swing, 'low' | 'high' | 'atLow' | 'atHigh'> {
  const [first, second] = [shown(low), shown(high)];
  return first <= second ? { low: first, high: second, atLow, atHigh } : { low: second, high: first, atLow: atHigh, atHigh: atLow };
}
