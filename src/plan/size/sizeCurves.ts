import type { Simulator, Trial } from './fleetTrial.ts';
import type { SizePoint } from './sizeAnswer.ts';

type Effort = Pick<Trial, 'replications'>;

/** Of what the replicas carry at most on average. */
const LOADS = [0.2, 0.4, 0.55, 0.7, 0.8, 0.9, 1];

/** Curves take fewer replications than the answer. */
const CURVE: Effort = { replications: 3 };

/** Of a sketch: as few as there can be, in every third hour from the busiest one. */
const SKETCH: Effort = { replications: 1 };
const SKETCHED_HOURS = 3;

/** A fleet whose waits are drawn. */
export interface CurvedFleet {
  readonly simulate: Simulator;
  readonly replicas: number;
  /** Requests per second of all its replicas at most, on average. */
  readonly most: number;
}

function pointAt(
  { simulate, replicas, most }: CurvedFleet,
  requestsPerSecond: number,
  hour: number | null,
  effort: Effort = CURVE,
): SizePoint[] {
  const fleet = simulate({ replicas, requestsPerSecond, ...effort });
  return fleet ? [{ requestsPerSecond, utilisation: requestsPerSecond / most, hour, percentiles: fleet.percentiles }] : [];
}

/**
 * Waits of a fleet from a fifth of what it carries up to all of it, and at the asked rate.
 *
 * @returns points of rising rate
 */
export function loadCurve(fleet: CurvedFleet, asked: number): SizePoint[] {
  const rates = [...LOADS.map((share) => share * fleet.most), asked].sort((a, b) => a - b);
  return rates.flatMap((rate) => pointAt(fleet, rate, null));
}

/**
 * Waits of a fleet in each hour of a day whose busiest hour is the asked one, each hour as if it stayed.
 *
 * @param hours rates over the mean, 24
 * @param sketch whether only every third hour from the busiest is drawn, each played once
 */
export function dayCurve(fleet: CurvedFleet, asked: number, hours: readonly number[], sketch = false): SizePoint[] {
  const most = Math.max(...hours);
  const busiest = hours.indexOf(most);
  const shown = hours.map((rate, hour) => ({ rate, hour })).filter(({ hour }) => !sketch || (hour - busiest) % SKETCHED_HOURS === 0);
  return shown.flatMap(({ rate, hour }) => (rate > 0 ? pointAt(fleet, (asked * rate) / most, hour, sketch ? SKETCH : CURVE) : []));
}
