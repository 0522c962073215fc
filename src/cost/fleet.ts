/** How replicas fill instances: whichever is larger holds a whole number of the other. */
export interface Packing {
  readonly replicasPerInstance: number;
  readonly instancesPerReplica: number;
}

/**
 * Packs replicas into instances: several per instance where the replica is smaller, several instances per replica where larger.
 *
 * @example packing(16, 8) // { replicasPerInstance: 1, instancesPerReplica: 2 }
 */
export function packing(gpusPerReplica: number, gpusPerInstance: number): Packing {
  return {
    replicasPerInstance: Math.max(1, Math.floor(gpusPerInstance / gpusPerReplica)),
    instancesPerReplica: Math.ceil(gpusPerReplica / gpusPerInstance),
  };
}

/** The cost of self-hosting over volume: every started step of volume costs one step of money. */
export interface Staircase {
  readonly requestsPerStep: number;
  readonly usdPerStep: number;
  readonly replicasPerStep: number;
  readonly instancesPerStep: number;
}

/**
 * The staircase of a fleet bought in whole instances.
 *
 * @param requestsPerReplica requests that one replica is planned to carry in a month
 * @param usdPerInstance USD per month
 * @example staircase(100, 1_000, packing(4, 8)) // 200 requests and 1,000 USD a step
 */
export function staircase(
  requestsPerReplica: number,
  usdPerInstance: number,
  { replicasPerInstance, instancesPerReplica }: Packing,
): Staircase {
  return {
    requestsPerStep: requestsPerReplica * replicasPerInstance,
    usdPerStep: usdPerInstance * instancesPerReplica,
    replicasPerStep: replicasPerInstance,
    instancesPerStep: instancesPerReplica,
  };
}

/** Started units of a quantity; a surplus of rounding size starts none. */
function started(units: number): number {
  return Math.ceil(units * (1 - 1e-12));
}

/** A fleet that carries a monthly volume. */
export interface Fleet {
  readonly replicas: number;
  readonly instances: number;
  readonly usdPerMonth: number;
}

/**
 * The smallest fleet for a volume: `replicas = ceil(requests / requests per replica)`, instances rounded up to whole ones.
 *
 * @param requestsPerMonth 0 needs no fleet
 * @returns counts, and USD per month at all hours, idle ones included
 * @example fleetFor(101, staircase(100, 1_000, packing(8, 8))) // { replicas: 2, instances: 2, usdPerMonth: 2000 }
 */
export function fleetFor(requestsPerMonth: number, stairs: Staircase): Fleet {
  const steps = started(requestsPerMonth / stairs.requestsPerStep);
  return {
    replicas: started(requestsPerMonth / (stairs.requestsPerStep / stairs.replicasPerStep)),
    instances: steps * stairs.instancesPerStep,
    usdPerMonth: steps * stairs.usdPerStep,
  };
}
