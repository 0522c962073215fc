import { type Fleet, fleetFor, requestsPerStep, type Staircase } from './fleet.ts';

/** The smallest fleet at the volume that fills it. */
export interface FullFleet extends Fleet {
  readonly requests: number;
}

/**
 * The smallest fleet of a staircase, with its spare replicas, filled: `requests = steps × requests of a step - those of the spare replicas`.
 *
 * @example fullFleet(staircase(100, 1_000, packing(4, 8))) // { requests: 200, replicas: 2, instances: 1, usdPerMonth: 1000 }
 */
export function fullFleet(stairs: Staircase): FullFleet {
  const steps = Math.floor(stairs.spareReplicas / stairs.replicasPerStep) + 1;
  const requests = steps * requestsPerStep(stairs) - stairs.spareReplicas * stairs.requestsPerReplica;
  return { requests, ...fleetFor(requests, stairs) };
}
