import { Fault } from '../../faults/fault.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { FleetLine } from '../../plan/hosting/fleetLine.ts';
import { codeInWords } from '../format.ts';
import type { MeasuredFleet } from './staircase.ts';

function isMeasured(fleet: FleetLine): fleet is MeasuredFleet {
  return fleet.plannedTokensPerReplica !== null && fleet.plannedTokensPerReplica.value > 0;
}

/**
 * The fleets of an answer whose capacity is known, best first.
 *
 * @throws Fault `unsupported` where there is none and so nothing can be drawn
 */
export function measuredFleets({ offers, verdicts }: BreakEvenAnswer): readonly [MeasuredFleet, ...MeasuredFleet[]] {
  const [best, ...others] = offers.filter(isMeasured);
  if (best !== undefined) return [best, ...others];
  const reasons = verdicts.map(({ code, message }) => `${codeInWords(code)}: ${message}`);
  throw new Fault('unsupported', `no chart to draw (${[...new Set(reasons)].join('; ') || 'no fleet in the answer'})`, {
    where: '--chart',
  });
}
