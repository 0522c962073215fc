import { type Fleet, fleetUsd, type Staircase } from './fleet.ts';

/** Hours of a month in which as many requests come. */
export interface DemandHours {
  readonly hours: number;
  readonly requestsPerHour: number;
}

/** A floor of own replicas under a demand that changes, the rest bought from an API. */
export interface FloorQuestion {
  readonly demand: readonly DemandHours[];
  /** That one replica is planned to carry. */
  readonly requestsPerReplicaHour: number;
  readonly stairs: Staircase;
  readonly usdPerRequest: number;
}

/** What a floor of so many replicas carries and costs in a month. */
export interface Floor extends Fleet {
  /** Without spare ones. */
  readonly carrying: number;
  readonly ownUsd: number;
  readonly apiUsd: number;
  /** Share of the requests that own replicas serve. */
  readonly ownShare: number;
  /** Share of what the carrying replicas could serve in the hours of the demand. */
  readonly utilisation: number;
}

/** Requests of a month, and those beyond what so many replicas carry. */
function overflow({ demand, requestsPerReplicaHour }: FloorQuestion, replicas: number): readonly [all: number, beyond: number] {
  let [all, beyond] = [0, 0];
  for (const { hours, requestsPerHour } of demand) {
    all += hours * requestsPerHour;
    beyond += hours * Math.max(0, requestsPerHour - replicas * requestsPerReplicaHour);
  }
  return [all, beyond];
}

/**
 * What a floor of so many replicas costs: `fleet + overflow × USD per request`, `overflow = sum over hours of
 * max(0, requests − replicas × requests per replica)`.
 *
 * @param carrying replicas without spare ones; 0 buys all from the API
 * @example floorOf({ demand: [{ hours: 10, requestsPerHour: 30 }], requestsPerReplicaHour: 20, stairs: staircase(1, 100, packing(8, 8)), usdPerRequest: 2 }, 1).usdPerMonth // 300
 */
export function floorOf(question: FloorQuestion, carrying: number): Floor {
  const { stairs, demand, requestsPerReplicaHour, usdPerRequest } = question;
  const [all, beyond] = overflow(question, carrying);
  const replicas = carrying === 0 ? 0 : carrying + stairs.spareReplicas;
  const instances = Math.ceil(replicas / stairs.replicasPerStep) * stairs.instancesPerStep;
  const ownUsd = fleetUsd(instances, stairs);
  const apiUsd = beyond * usdPerRequest;
  const could = carrying * requestsPerReplicaHour * demand.reduce((sum, { hours }) => sum + hours, 0);
  return {
    carrying,
    replicas,
    instances,
    ownUsd,
    apiUsd,
    usdPerMonth: ownUsd + apiUsd,
    ownShare: all === 0 ? 0 : 1 - beyond / all,
    utilisation: could === 0 ? 0 : (all - beyond) / could,
  };
}

/** Replicas that carry the busiest hour. */
export function peakReplicas({ demand, requestsPerReplicaHour }: FloorQuestion): number {
  const most = Math.max(0, ...demand.map(({ requestsPerHour }) => requestsPerHour));
  return Math.ceil((most / requestsPerReplicaHour) * (1 - 1e-12));
}

/**
 * The floor of at least one replica that costs least. Between instances that are filled the cost is convex in the replicas, for each further
 * one takes fewer requests from the API than the one before; so the search walks up filled instances until they cost more.
 *
 * @returns null where nothing is asked
 * @example leastHosted({ demand: [{ hours: 10, requestsPerHour: 30 }], requestsPerReplicaHour: 20, stairs: staircase(1, 100, packing(8, 8)), usdPerRequest: 0.1 }).carrying // 1
 */
export function leastHosted(question: FloorQuestion): Floor | null {
  const { replicasPerStep, spareReplicas } = question.stairs;
  const peak = peakReplicas(question);
  let best: Floor | null = null;
  for (let steps = Math.floor(spareReplicas / replicasPerStep) + 1; ; steps++) {
    const carrying = Math.min(peak, steps * replicasPerStep - spareReplicas);
    if (carrying < 1) break;
    const floor = floorOf(question, carrying);
    if (best && floor.usdPerMonth >= best.usdPerMonth) break;
    best = floor;
    if (carrying === peak) break;
  }
  return best;
}

/**
 * The floor that costs least, none among them: `leastHosted` held against buying all.
 *
 * @returns the floor of fewest replicas among those of least cost
 * @example bestFloor({ demand: [{ hours: 10, requestsPerHour: 30 }], requestsPerReplicaHour: 20, stairs: staircase(1, 100, packing(8, 8)), usdPerRequest: 2 }).carrying // 2
 */
export function bestFloor(question: FloorQuestion): Floor {
  const none = floorOf(question, 0);
  const hosted = leastHosted(question);
  return hosted && hosted.usdPerMonth < none.usdPerMonth ? hosted : none;
}
