import type { ServiceLevel } from '../../serving/serviceLevel.ts';
import type { SimulatedFleet } from '../../serving/simulatedFleet.ts';
import type { Simulator } from './fleetTrial.ts';

/** A fleet is not sought beyond so many times the replicas that carry the mean. */
const MOST_TIMES = 8;

/** A fleet of so many replicas under simulated traffic. */
export interface SimulatedSize {
  readonly replicas: number;
  readonly fleet: SimulatedFleet;
  /** Promises that it does not keep. */
  readonly broken: readonly ServiceLevel[];
  /** The largest fleet that was tried, where it keeps them neither. */
  readonly most?: SimulatedSize;
}

/** Promises that percentiles do not keep. */
export function brokenOf({ percentiles }: SimulatedFleet, levels: readonly ServiceLevel[]): ServiceLevel[] {
  return levels.filter(({ metric, percentile, limitMs }) => percentiles[metric][`p${percentile}`].value > limitMs);
}

/**
 * The fewest replicas, from those that carry the mean on, whose simulated percentiles keep what is promised; beyond eight times as many
 * none is sought.
 *
 * @param simulate plays a fleet of so many replicas
 * @param from replicas by the closed forms
 * @returns the fleet with its percentiles; that of the mean where no number of replicas keeps the promises; null where it cannot be simulated
 */
export function simulatedSize(simulate: Simulator, from: number, levels: readonly ServiceLevel[]): SimulatedSize | null {
  const at = (replicas: number): SimulatedSize | null => {
    const fleet = simulate({ replicas });
    return fleet && { replicas, fleet, broken: brokenOf(fleet, levels) };
  };
  const first = at(from);
  if (!first || first.broken.length === 0) return first;
  const most = at(from * MOST_TIMES);
  if (!most) return null;
  if (most.broken.length > 0) return { ...first, broken: most.broken, most };
  let least = from;
  let best = most;
  for (let step = 1; best.replicas - least > 1; step *= 2) {
    const tried = at(Math.min(least + step, Math.floor((best.replicas + least) / 2)));
    if (!tried) return null;
    if (tried.broken.length === 0) {
      best = tried;
      step = 0.5;
    } else least = tried.replicas;
  }
  return best;
}
