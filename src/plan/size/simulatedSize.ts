import { type Estimate, estimate } from '../../evidence/estimate.ts';
import type { ServiceLevel } from '../../serving/serviceLevel.ts';
import type { SimulatedFleet } from '../../serving/simulatedFleet.ts';
import type { Simulator } from './fleetTrial.ts';
import { remembered } from './remembered.ts';

/** A fleet is not sought beyond so many times the replicas that carry the mean. */
const MOST_TIMES = 8;

/** A fleet of so many replicas under simulated traffic. */
export interface SimulatedSize {
  readonly replicas: number;
  readonly fleet: SimulatedFleet;
  /** Promises that it does not keep. */
  readonly broken: readonly ServiceLevel[];
  /** Replicas for steps as fast and as slow as they may be; absent where nothing is promised or nothing keeps it. */
  readonly band?: Estimate;
  /** The largest fleet that was tried, where it keeps them neither. */
  readonly most?: SimulatedSize;
}

/** Promises that percentiles do not keep. */
export function brokenOf({ percentiles }: SimulatedFleet, levels: readonly ServiceLevel[]): ServiceLevel[] {
  return levels.filter(({ metric, percentile, limitMs }) => percentiles[metric][`p${percentile}`].value > limitMs);
}

/** Replications while a fleet is sought, the one that is found is played in full; and those for the ends of its band. */
const QUICK = 2;
const ENDS = 1;

/** Fleets that are tried, and what is asked of them. */
interface Search {
  readonly simulate: Simulator;
  readonly levels: readonly ServiceLevel[];
  /** Time of each step over that of the model. */
  readonly pace: number;
}

function tried({ simulate, levels, pace }: Search, replicas: number, replications?: number): SimulatedSize | null {
  const fleet = simulate({ replicas, pace, ...(replications === undefined ? {} : { replications }) });
  return fleet && { replicas, fleet, broken: brokenOf(fleet, levels) };
}

/** The fewest replicas from some number on that seem to keep the promises; null where a fleet eight times as large does not, or none can be played. */
function fewest(play: (replicas: number) => SimulatedSize | null, from: number): number | null {
  const keeps = (replicas: number) => play(replicas)?.broken.length === 0;
  if (keeps(from)) return from;
  let best = from * MOST_TIMES;
  if (!keeps(best)) return null;
  let least = from;
  let step = 1;
  while (best - least > 1) {
    const next = Math.min(least + step, Math.floor((best + least) / 2));
    if (keeps(next)) {
      best = next;
      step = 1;
    } else {
      least = next;
      step *= 2;
    }
  }
  return best;
}

/** Replicas by the closed forms, and how far steps may be from the model: the ends of the band of the time per token over its middle. */
export interface ClosedSize {
  readonly replicas: Estimate;
  readonly tpotMs: Estimate;
}

/**
 * The fewest replicas, from those that carry the mean on, whose simulated percentiles keep what is promised, and so for steps as fast and as
 * slow as the band of the model allows; beyond eight times as many none is sought.
 *
 * @param simulate plays a fleet of so many replicas
 * @returns the fleet with its percentiles; that of the mean where no number of replicas keeps the promises; null where it cannot be simulated
 */
export function simulatedSize(
  simulate: Simulator,
  { replicas, tpotMs }: ClosedSize,
  levels: readonly ServiceLevel[],
): SimulatedSize | null {
  const search = { simulate, levels, pace: 1 };
  const from = replicas.value;
  const inFull = remembered((count) => tried(search, count));
  const found = fewest((count) => tried(search, count, QUICK), from) ?? fewest(inFull, from);
  const never = (most: SimulatedSize | null): SimulatedSize | null => {
    const first = inFull(from);
    return first && most && { ...first, most };
  };
  if (found === null) return never(inFull(from * MOST_TIMES));
  let best = inFull(found);
  while (best && best.broken.length > 0 && best.replicas < from * MOST_TIMES) best = inFull(best.replicas + 1);
  if (!best || levels.length === 0) return best;
  if (best.broken.length > 0) return never(best);
  const atEnd = (tpot: number, closed: number) => {
    const ofPace = { ...search, pace: tpot / tpotMs.value };
    return fewest((count) => tried(ofPace, count, ENDS), closed) ?? closed * MOST_TIMES;
  };
  const { low, high, basis } = replicas;
  const value = best.replicas;
  return {
    ...best,
    band: estimate(basis, Math.min(value, atEnd(tpotMs.low, low)), value, Math.max(value, atEnd(tpotMs.high, high))),
  };
}
