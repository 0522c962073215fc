import { fleetUsd } from '../../cost/fleet.ts';
import { type Estimate, estimate, weakest } from '../../evidence/estimate.ts';
import { littlesLaw } from '../../serving/queueing/littlesLaw.ts';
import { operatingPoint } from '../../serving/replicaRate.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { type LoadPoint, meanContextTokens } from '../../throughput/loadPoint.ts';
import type { Replica } from '../../throughput/replica.ts';
import type { Speed } from '../../throughput/speed.ts';
import { replicaReuse, tokensOnCurve } from '../../workload/loadPoint.ts';
import { type SelfHost, stairsOf } from '../hosting/selfHost.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import { type PlannedReplica, plannableReplica, plannedReplica, type RateUnder } from '../speed/plannedReplica.ts';
import type { SizeQuestion } from './sizeQuestion.ts';

/** One replica in a fleet of some size: what it finds in its KV cache there, and the most that it carries with that. */
export interface ReplicaInFleet extends RateUnder {
  readonly replica: Replica;
  readonly reuse: Estimate;
}

/** Replicas of some number in the busiest hour, each with its part of it. */
export interface RunningFleet extends ReplicaInFleet {
  readonly running: Speed;
  /** Share of what the replicas carry at most that the busiest hour takes. */
  readonly utilisation: number;
  /** Sequences in flight of one replica, by Little's law. */
  readonly inFlight: number;
}

/** The replicas that carry the busiest hour on average. */
export interface FleetSize extends RunningFleet {
  readonly side: SelfHost;
  /** One replica as it is planned, as every fleet of its kind has it. */
  readonly planned: PlannedReplica;
  /** Without spare ones. */
  readonly replicas: Estimate;
  /** Replicas that each limit alone would take. */
  readonly laws: { readonly prefill: number; readonly decode: number; readonly kvCache: number };
  /** The same hour with another number of replicas. */
  readonly withReplicas: (replicas: number) => RunningFleet | null;
}

/** A replica at its most as a function of the size of the fleet. */
export type InFleet = (replicas: number) => ReplicaInFleet | null;

/** The replica of one deployment in fleets of any size: the more there are, the less of the traffic each takes, and the more it finds. */
export function inFleets({ judged }: SelfHost, question: SizeQuestion, knowledge: Knowledge): InFleet {
  const { requestsPerSecond, hosting } = question;
  const plannable = plannableReplica(judged, question.hosting, knowledge);
  const { kvTokens } = sequenceLimits(judged);
  return (replicas) => {
    const reuse = replicaReuse(hosting.demand, tokensOnCurve(hosting.demand, kvTokens, requestsPerSecond / replicas));
    const under = plannable?.under(reuse.value) ?? null;
    return plannable && under && { ...under, replica: plannable.replica, reuse };
  };
}

/** Replicas for a rate; a surplus of rounding size takes none. */
function replicasFor(requestsPerSecond: number, planned: number): number {
  return Math.max(1, Math.ceil((requestsPerSecond / planned) * (1 - 1e-9)));
}

/** Seconds that a request is in the fleet. */
function inSystem({ ttftMs, tpotMs }: Speed, { outputTokens }: LoadPoint): number {
  return (ttftMs.value + outputTokens * tpotMs.value) / 1000;
}

/**
 * Sizes a fleet for the mean of the busiest hour: `replicas = ceil(requests per second / planned rate of one replica)`, where a replica is
 * planned as in every fleet of its kind. Percentiles are not in it.
 *
 * @returns null where a replica carries nothing
 */
export function fleetSize(side: SelfHost, question: SizeQuestion, knowledge: Knowledge): FleetSize | null {
  const { hosting, requestsPerSecond } = question;
  const rules = question.hosting;
  const plannable = plannableReplica(side.judged, rules, knowledge);
  const planned = plannable && plannedReplica(side.judged, plannable, rules);
  if (!planned) return null;
  const { low, value, high, basis } = planned.requestsPerSecond;
  const at = (most: number) => replicasFor(requestsPerSecond, most * hosting.maxLoad);
  const replicas = at(value);
  const inFleet = inFleets(side, question, knowledge);
  const withReplicas = (count: number): RunningFleet | null => {
    const one = inFleet(count);
    if (!one) return null;
    const running = operatingPoint(one.at, one.load, one.rate, requestsPerSecond / count);
    const seconds = inSystem(running, one.load);
    return { ...one, running, utilisation: requestsPerSecond / (count * value), inFlight: littlesLaw(requestsPerSecond / count, seconds) };
  };
  const middle = withReplicas(replicas);
  if (!middle) return null;
  const { kvTokens } = sequenceLimits(side.judged);
  const { running, load } = middle;
  return {
    ...middle,
    side,
    planned,
    withReplicas,
    replicas: estimate(weakest(basis, planned.reuse.basis), at(high), replicas, at(low)),
    laws: {
      prefill: (requestsPerSecond * planned.rate.prefillSeconds) / hosting.maxLoad,
      decode: (requestsPerSecond * planned.rate.decodeSeconds) / hosting.maxLoad,
      kvCache: (littlesLaw(requestsPerSecond, inSystem(running, load)) * meanContextTokens(load)) / kvTokens,
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
