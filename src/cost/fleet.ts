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

/** How a fleet grows with volume: in steps of instances that hold whole replicas. */
export interface FleetShape {
  /** Requests that one replica is planned to carry in a month. */
  readonly requestsPerReplica: number;
  readonly replicasPerStep: number;
  readonly instancesPerStep: number;
  /** Replicas kept beside those that carry the load (N+1: one); 0 requests need none. */
  readonly spareReplicas: number;
}

/** The cost of self-hosting over volume: every started step of volume costs one step of money. */
export interface Staircase extends FleetShape {
  /** USD per month. */
  readonly usdPerStep: number;
  /** USD per month for a fleet of any size. */
  readonly fixedUsd: number;
}

/** What a fleet pays and keeps beside its instances. */
export interface FleetRules {
  readonly spareReplicas: number;
  readonly fixedUsd: number;
}

const NO_RULES: FleetRules = { spareReplicas: 0, fixedUsd: 0 };

/**
 * The staircase of a fleet bought in whole instances.
 *
 * @param requestsPerReplica requests that one replica is planned to carry in a month
 * @param usdPerInstance USD per month
 * @example staircase(100, 1_000, packing(4, 8)).replicasPerStep // 2
 */
export function staircase(
  requestsPerReplica: number,
  usdPerInstance: number,
  { replicasPerInstance, instancesPerReplica }: Packing,
  { spareReplicas, fixedUsd }: FleetRules = NO_RULES,
): Staircase {
  return {
    requestsPerReplica,
    replicasPerStep: replicasPerInstance,
    instancesPerStep: instancesPerReplica,
    usdPerStep: usdPerInstance * instancesPerReplica,
    spareReplicas,
    fixedUsd,
  };
}

/** Requests that one step of instances carries when none of its replicas is spare. */
export function requestsPerStep({ requestsPerReplica, replicasPerStep }: Staircase): number {
  return requestsPerReplica * replicasPerStep;
}

/** Started units of a quantity; a surplus of rounding size starts none. */
function started(units: number): number {
  return Math.ceil(units * (1 - 1e-12));
}

/** Replicas and the instances that hold them. */
export interface FleetCounts {
  /** With the spare ones. */
  readonly replicas: number;
  readonly instances: number;
}

/** A fleet that carries a monthly volume. */
export interface Fleet extends FleetCounts {
  readonly usdPerMonth: number;
}

/**
 * What so many instances cost: `fixed + steps × USD per step`.
 *
 * @returns USD per month; nothing where there are none
 * @example fleetUsd(3, staircase(100, 1_000, packing(8, 8))) // 3000
 */
export function fleetUsd(instances: number, { fixedUsd, instancesPerStep, usdPerStep }: Staircase): number {
  return instances === 0 ? 0 : fixedUsd + (instances / instancesPerStep) * usdPerStep;
}

/**
 * The smallest fleet for a volume: `replicas = ceil(requests / requests per replica) + spare`, in whole steps of instances.
 *
 * @param requestsPerMonth 0 needs no fleet
 * @example fleetCounts(101, staircase(100, 1_000, packing(8, 8))) // { replicas: 2, instances: 2 }
 */
export function fleetCounts(requestsPerMonth: number, shape: FleetShape): FleetCounts {
  if (requestsPerMonth <= 0) return { replicas: 0, instances: 0 };
  const replicas = started(requestsPerMonth / shape.requestsPerReplica) + shape.spareReplicas;
  return { replicas, instances: started(replicas / shape.replicasPerStep) * shape.instancesPerStep };
}

/**
 * The smallest fleet for a volume, and what it costs.
 *
 * @param requestsPerMonth 0 needs no fleet
 * @returns counts, and USD per month at all hours, idle ones included
 * @example fleetFor(101, staircase(100, 1_000, packing(8, 8))) // { replicas: 2, instances: 2, usdPerMonth: 2000 }
 */
export function fleetFor(requestsPerMonth: number, stairs: Staircase): Fleet {
  const counts = fleetCounts(requestsPerMonth, stairs);
  return { ...counts, usdPerMonth: fleetUsd(counts.instances, stairs) };
}
