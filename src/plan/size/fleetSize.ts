import { fleetUsd } from '../../cost/fleet.ts';
import { combinedFactor, type Estimate, estimate, weakest } from '../../evidence/estimate.ts';
import { operatingPoint, type ReplicaLimits, type ReplicaRate, replicaRate } from '../../serving/replicaRate.ts';
import { strictest } from '../../serving/serviceLevel.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { type LoadPoint, meanContextTokens } from '../../throughput/loadPoint.ts';
import type { Replica } from '../../throughput/replica.ts';
import { type Speed, speedModel } from '../../throughput/speed.ts';
import { loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import { type SelfHost, stairsOf } from '../hosting/selfHost.ts';
import { deployedReplica, sequenceLimits } from '../speed/deployedReplica.ts';
import type { SizeQuestion } from './sizeQuestion.ts';

/** A fleet is not sought beyond so many replicas. */
const MOST_REPLICAS = 100_000;

/** One replica in a fleet of some size: what it finds in its KV cache there, and the most that it carries. */
export interface ReplicaInFleet {
  readonly replica: Replica;
  readonly load: LoadPoint;
  readonly reuse: Estimate;
  readonly rate: ReplicaRate;
  readonly at: (concurrency: number) => Speed;
}

/** The replicas that carry the busiest hour on average. */
export interface FleetSize extends ReplicaInFleet {
  readonly side: SelfHost;
  /** One replica with its part of the busiest hour. */
  readonly running: Speed;
  /** Without spare ones. */
  readonly replicas: Estimate;
  /** Share of what the replicas carry at most that the busiest hour takes. */
  readonly utilisation: number;
  /** Sequences in flight of one replica in the busiest hour, by Little's law. */
  readonly inFlight: number;
  /** Replicas that each limit alone would take. */
  readonly laws: { readonly prefill: number; readonly decode: number; readonly kvCache: number };
}

/**
 * What a replica finds in its KV cache in a fleet of some size: a replica that takes less of the traffic keeps it longer, so that its KV
 * cache counts as that much larger on the curve of the workload: `KV tokens × rate behind the curve / rate of the replica`.
 *
 * @param replicas among which the traffic is split by conversation
 */
function reuseInFleet({ hosting, requestsPerSecond }: SizeQuestion, kvTokens: number, replicas: number): Estimate {
  const { demand } = hosting;
  const behind = demand.workload?.reuseCurveRequestsPerSecond ?? null;
  return replicaReuse(demand, behind === null ? kvTokens : (kvTokens * behind * replicas) / requestsPerSecond);
}

/** A replica at its most as a function of the size of the fleet, and of another prefix reuse than it reaches there. */
export type InFleet = (replicas: number, share?: number) => ReplicaInFleet | null;

/** The replica of one deployment in fleets of any size. */
export function inFleets({ judged }: SelfHost, question: SizeQuestion, knowledge: Knowledge): InFleet {
  const { hosting, levels } = question;
  const replica = deployedReplica(judged.deployment, knowledge, hosting.asOf);
  const limits: ReplicaLimits = {
    ...sequenceLimits(judged),
    maxTpotMs: strictest(levels, 'tpot') ?? hosting.maxTpotMs,
    maxTtftMs: strictest(levels, 'ttft'),
  };
  return (replicas, share) => {
    if (!replica) return null;
    const reuse = reuseInFleet(question, limits.kvTokens, replicas);
    const load = loadPointOf(hosting.demand, share ?? reuse.value);
    const at = speedModel(replica, load, knowledge);
    const rate = replicaRate(at, load, limits);
    return rate && { replica, load, reuse, rate, at };
  };
}

/** The fewest replicas at which each carries its part: the more there are, the more each of them finds again. */
function fewest(carries: (replicas: number) => boolean): number | null {
  let most = 1;
  while (!carries(most)) {
    most *= 2;
    if (most > MOST_REPLICAS) return null;
  }
  let least = Math.floor(most / 2);
  while (most - least > 1) {
    const middle = Math.floor((most + least) / 2);
    if (carries(middle)) most = middle;
    else least = middle;
  }
  return most;
}

/**
 * Sizes a fleet for the mean of the busiest hour: the fewest replicas of which each, at the prefix reuse that it reaches in a fleet of that
 * size, carries its part of the requests under the planned share of its capacity. Percentiles are not in it.
 *
 * @returns null where no number of replicas does
 */
export function fleetSize(side: SelfHost, question: SizeQuestion, knowledge: Knowledge): FleetSize | null {
  const { hosting, requestsPerSecond } = question;
  const inFleet = inFleets(side, question, knowledge);
  const carriedBy = (replicas: number) => (inFleet(replicas)?.rate.requestsPerSecond ?? 0) * hosting.maxLoad;
  const replicas = fewest((count) => carriedBy(count) * count >= requestsPerSecond);
  if (replicas === null) return null;
  const middle = inFleet(replicas);
  if (!middle) return null;
  const { rate, reuse, load, at: speedAt } = middle;
  const running = operatingPoint(speedAt, load, rate, requestsPerSecond / replicas);
  const most = rate.requestsPerSecond;
  const at = (share: number) => inFleet(replicas, share)?.rate.requestsPerSecond ?? most;
  const ends = [at(reuse.low), at(reuse.high)];
  const speed = rate.speed.outputTokensPerSecond;
  const slower = combinedFactor(speed.value / speed.low, Math.max(1, most / Math.min(...ends)));
  const faster = combinedFactor(speed.high / speed.value, Math.max(1, Math.max(...ends) / most));
  const needed = (factor: number) => Math.max(1, Math.ceil((requestsPerSecond / (most * hosting.maxLoad)) * factor - 1e-9));
  const { ttftMs, tpotMs } = running;
  const inSystem = (ttftMs.value + load.outputTokens * tpotMs.value) / 1000;
  const { kvTokens } = sequenceLimits(side.judged);
  return {
    ...middle,
    running,
    side,
    replicas: estimate(
      weakest(speed.basis, reuse.basis),
      Math.min(replicas, needed(1 / faster)),
      replicas,
      Math.max(replicas, needed(slower)),
    ),
    utilisation: requestsPerSecond / (replicas * most),
    inFlight: (requestsPerSecond / replicas) * inSystem,
    laws: {
      prefill: requestsPerSecond * rate.prefillSeconds,
      decode: requestsPerSecond * rate.decodeSeconds,
      kvCache: (requestsPerSecond * inSystem * meanContextTokens(load)) / kvTokens,
    },
  };
}

/** What a fleet of so many replicas takes and costs. */
export interface FleetCost {
  readonly replicas: number;
  readonly instances: number;
  readonly usdPerMonth: Estimate;
}

/** Instances and monthly cost of a number of replicas, idle hours included; the band is that of the instance's price. */
export function fleetCost(side: SelfHost, { hosting }: SizeQuestion, replicas: number): FleetCost {
  const { replicasPerInstance, instancesPerReplica } = side.packing;
  const instances = Math.ceil(replicas / replicasPerInstance) * instancesPerReplica;
  const usd = side.supply.usdPerInstanceMonth;
  const at = (price: number) => fleetUsd(instances, stairsOf(side, hosting, price, 1));
  return { replicas, instances, usdPerMonth: estimate(usd.basis, at(usd.low), at(usd.value), at(usd.high)) };
}
