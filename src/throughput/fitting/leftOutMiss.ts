import { normalQuantile } from '../../evidence/normal.ts';
import type { Quantity } from '../band.ts';
import { coefficientsOf } from '../coefficients.ts';
import { closedLoopThroughput } from '../curve.ts';
import { modelled } from '../stepModel.ts';
import { calibrateSpeed } from './calibrate.ts';
import { type SpeedFits, tpotRow, ttftRow, type Witness } from './speedFit.ts';

/** Half of the band, in the logarithm, in which 80 % of points lie that a calibration does not know; 0 where nothing says. */
export type Misses = Readonly<Record<Quantity, number>>;

type Residuals = { readonly [Of in Quantity]: number | null };

function residualsOf(witness: Witness, { tpot, ttft }: SpeedFits): Residuals {
  const { system, measurement } = witness;
  const [step, wait] = [tpotRow(witness), ttftRow(witness)];
  const tpotMs = step && modelled(step.times, coefficientsOf(tpot, system), 'overlap').value;
  const ttftMs = wait && modelled(wait.times, coefficientsOf(ttft, system), 'sum').value;
  const { concurrency, outputTokens, outputTokensPerSecond: output } = measurement;
  const said = tpotMs === null || ttftMs === null ? null : closedLoopThroughput({ concurrency, outputTokens, ttftMs, tpotMs });
  const miss = (measured: number | null, predicted: number | null) =>
    measured === null || predicted === null ? null : Math.log(measured / predicted);
  return { tpot: miss(measurement.tpotMs, tpotMs), ttft: miss(measurement.ttftMs, ttftMs), outputTokensPerSecond: miss(output, said) };
}

function halfBand(residuals: readonly (number | null)[]): number {
  const known = residuals.filter((each) => each !== null);
  const squares = known.reduce((sum, each) => sum + each ** 2, 0);
  return known.length < 2 ? 0 : normalQuantile(0.9) * Math.sqrt(squares / (known.length - 1));
}

/**
 * How far the points of one system lie from a calibration that does not know them: fitted anew without each in turn,
 * `z90 × sqrt(sum(ln(measured / foretold)^2) / (points - 1))`.
 *
 * @param fits shipped coefficients
 * @param witnesses measurements of one system, as they calibrate it
 */
export function leftOutMisses(fits: SpeedFits, [first, ...rest]: readonly [Witness, ...Witness[]]): Misses {
  const witnesses = [first, ...rest];
  const residuals = witnesses.map((witness, at) => {
    const others = witnesses.filter((_, place) => place !== at);
    return residualsOf(witness, calibrateSpeed(fits, first.system, others, others.length));
  });
  const half = (quantity: Quantity) => halfBand(residuals.map((each) => each[quantity]));
  return { tpot: half('tpot'), ttft: half('ttft'), outputTokensPerSecond: half('outputTokensPerSecond') };
}
