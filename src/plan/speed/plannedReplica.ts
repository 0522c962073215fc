import { type Estimate, through, widened } from '../../evidence/estimate.ts';
import { plannedRate } from '../../serving/plannedRate.ts';
import { type ReplicaLimits, type ReplicaRate, replicaRate } from '../../serving/replicaRate.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import type { Replica } from '../../throughput/replica.ts';
import { type Speed, speedModel } from '../../throughput/speed.ts';
import { type Demand, loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import type { JudgedDeployment } from '../judge.ts';
import { deployedReplica, sequenceLimits } from './deployedReplica.ts';

/** What is asked of each replica of a fleet. */
export interface PlanRules extends Pick<ReplicaLimits, 'maxTpotMs'> {
  readonly demand: Demand;
  /** Share of what a replica carries at most that is planned. */
  readonly maxLoad: number;
  readonly asOf: string;
}

/** One replica under a load. */
export interface RateUnder {
  readonly load: LoadPoint;
  readonly at: (concurrency: number) => Speed;
  readonly rate: ReplicaRate;
}

/** A judged layout whose datasheet figures are known, under any load. */
export interface PlannableReplica {
  readonly replica: Replica;
  /** null where not one request fits or even one alone is too slow. */
  readonly under: (reuse: number) => RateUnder | null;
  /** Requests per second at most. */
  readonly mostUnder: (load: LoadPoint) => number | null;
}

/** One replica of any fleet as it is planned: it takes the highest rate that it carries with what it finds at that rate. */
export interface PlannedReplica extends RateUnder {
  /** KV tokens as the curve of the workload counts them at the planned rate. */
  readonly curveTokens: number;
  readonly reuse: Estimate;
  /** Carried at most with that reuse: the planned rate over the planned share; the band is that of speed and reuse together. */
  readonly requestsPerSecond: Estimate;
  /** Of the most that it could carry; below 1 where one request more would cost it the promised mean. */
  readonly held: number;
}

/** Puts any load on a judged layout; null where the datasheet figures of its GPU are unknown. */
export function plannableReplica(judged: JudgedDeployment, rules: PlanRules, knowledge: Knowledge): PlannableReplica | null {
  const { demand, maxTpotMs, asOf } = rules;
  const replica = deployedReplica(judged.deployment, knowledge, asOf);
  if (!replica) return null;
  const limits: ReplicaLimits = { ...sequenceLimits(judged), maxTpotMs };
  const under = (reuse: number): RateUnder | null => {
    const load = loadPointOf(demand, reuse);
    const at = speedModel(replica, load, knowledge);
    const rate = replicaRate(at, load, limits);
    return rate && { load, at, rate };
  };
  return { replica, under, mostUnder: ({ reuse }) => under(reuse)?.rate.requestsPerSecond ?? null };
}

/** Relative gap between two rates from which on they differ. */
const SAME = 1e-9;

/**
 * A replica as every fleet of its kind plans it, whatever the number of replicas: see `plannedRate`.
 *
 * @returns null where it carries nothing
 */
export function plannedReplica(
  judged: JudgedDeployment,
  { under, mostUnder }: PlannableReplica,
  { demand, maxLoad }: PlanRules,
): PlannedReplica | null {
  const { kvTokens } = sequenceLimits(judged);
  const planned = plannedRate({ demand, kvTokens, maxLoad, most: mostUnder });
  const middle = planned && under(planned.load.reuse);
  if (!middle) return null;
  const { curveTokens } = planned;
  const reuse = replicaReuse(demand, curveTokens);
  const most = middle.rate.requestsPerSecond;
  const share = planned.requestsPerSecond / (maxLoad * most);
  const held = share < 1 - SAME ? share : 1;
  const ends = reuse.low === reuse.high ? [] : [reuse.low, reuse.high].map((end) => under(end)?.rate.requestsPerSecond ?? most);
  const speed = through(middle.rate.speed.outputTokensPerSecond, (tokens) => (tokens / demand.outputTokens) * held);
  return {
    ...middle,
    curveTokens,
    reuse,
    held,
    requestsPerSecond: widened(
      speed,
      ends.map((end) => end / most),
    ),
  };
}
