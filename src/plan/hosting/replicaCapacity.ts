import type { Estimate } from '../../evidence/estimate.ts';
import { plannedRate } from '../../serving/plannedRate.ts';
import { assumedCapacity, capacity } from '../../throughput/capacity.ts';
import type { Capacity, NoMeasurement } from '../../throughput/capacityQuestion.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import { loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import type { JudgedDeployment } from '../judge.ts';
import { sequenceLimits } from '../speed/deployedReplica.ts';
import { plannableReplica, plannedReplica } from '../speed/plannedReplica.ts';
import type { HostingQuestion } from './hostingQuestion.ts';

/** What one replica finds in its KV cache and sustains, at the load that is planned for it. */
export interface ReplicaCapacity {
  readonly kvTokens: number;
  /** The same as the curve of the workload counts them at the planned rate. */
  readonly curveTokens: number;
  readonly reuse: Estimate;
  readonly load: LoadPoint;
  readonly capacity: Capacity | NoMeasurement;
  /** Of the most that it could carry; below 1 where one request more would cost it the promised time per token. */
  readonly held: number;
}

/** With a speed as the user states it, whatever is found. */
function statedCapacity(tokensPerSecond: Estimate, { demand, maxLoad }: HostingQuestion, kvTokens: number): ReplicaCapacity {
  const stated = assumedCapacity(tokensPerSecond, loadPointOf(demand, 0));
  const planned = plannedRate({ demand, kvTokens, maxLoad, most: () => stated.requestsPerSecond.value });
  const curveTokens = planned?.curveTokens ?? kvTokens;
  const reuse = replicaReuse(demand, curveTokens);
  return { kvTokens, curveTokens, reuse, load: loadPointOf(demand, reuse.value), capacity: stated, held: 1 };
}

/**
 * The capacity of a replica on one judged layout, with the prefix reuse that it finds at the load that is planned for it: the same for
 * fleets of every size. The band of the reuse widens that of the capacity.
 *
 * @param knowledge what is known of speed on the day of the question
 */
export function replicaCapacity(question: HostingQuestion, judged: JudgedDeployment, knowledge: Knowledge): ReplicaCapacity {
  const { demand, tokensPerSecond, maxTpotMs } = question;
  const limits = sequenceLimits(judged);
  const { kvTokens } = limits;
  if (tokensPerSecond) return statedCapacity(tokensPerSecond, question, kvTokens);
  const plannable = plannableReplica(judged, question, knowledge);
  const planned = plannable && plannedReplica(judged, plannable, question);
  const { curveTokens, reuse, held } = planned ?? { curveTokens: kvTokens, reuse: replicaReuse(demand, kvTokens), held: 1 };
  const load = loadPointOf(demand, reuse.value);
  const gpuName = judged.deployment.gpu.name;
  const found = capacity({ ...limits, replica: plannable?.replica ?? null, gpuName, load, maxTpotMs, knowledge });
  const placed = { kvTokens, curveTokens, reuse, load, held };
  if (found.kind === 'no-measurement' || !planned) return { ...placed, capacity: found };
  const share = (value: number) => `${Math.round(value * 100)} %`;
  const range = reuse.low === reuse.high ? '' : `; widened for a prefix reuse of ${share(reuse.low)} to ${share(reuse.high)}`;
  const { requestsPerSecond } = planned;
  return { ...placed, capacity: { ...found, requestsPerSecond, method: `${found.method}${range}` } };
}
