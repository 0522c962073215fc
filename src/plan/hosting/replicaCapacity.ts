import { combinedFactor, type Estimate, estimate } from '../../evidence/estimate.ts';
import { assumedCapacity, capacity } from '../../throughput/capacity.ts';
import type { Capacity, NoMeasurement } from '../../throughput/capacityQuestion.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import { loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import type { JudgedDeployment } from '../judge.ts';
import { deployedReplica, sequenceLimits } from '../speed/deployedReplica.ts';
import type { HostingQuestion } from './hostingQuestion.ts';

/** What one replica finds in its KV cache and sustains. */
export interface ReplicaCapacity {
  readonly kvTokens: number;
  readonly reuse: Estimate;
  readonly load: LoadPoint;
  readonly capacity: Capacity | NoMeasurement;
}

function capacityAt(question: HostingQuestion, judged: JudgedDeployment, load: LoadPoint, knowledge: Knowledge): Capacity | NoMeasurement {
  if (question.tokensPerSecond) return assumedCapacity(question.tokensPerSecond, load);
  return capacity({
    replica: deployedReplica(judged.deployment, knowledge, question.asOf),
    gpuName: judged.deployment.gpu.name,
    ...sequenceLimits(judged),
    load,
    maxTpotMs: question.maxTpotMs,
    knowledge,
  });
}

/** Widens a band by a second, independent doubt: the logarithms of both factors add in quadrature. */
function widened({ low, value, high, basis }: Estimate, least: number, most: number): Estimate {
  return estimate(
    basis,
    value / combinedFactor(value / low, Math.max(1, value / least)),
    value,
    value * combinedFactor(high / value, Math.max(1, most / value)),
  );
}

/**
 * The capacity of a replica on one judged layout; the band of the prefix reuse widens that of the capacity.
 *
 * @param knowledge what is known of speed on the day of the question
 */
export function replicaCapacity(question: HostingQuestion, judged: JudgedDeployment, knowledge: Knowledge): ReplicaCapacity {
  const kvTokens = judged.memory?.kvTokens.value ?? 0;
  const reuse = replicaReuse(question.demand, kvTokens);
  const at = (share: number) => capacityAt(question, judged, loadPointOf(question.demand, share), knowledge);
  const middle = at(reuse.value);
  const load = loadPointOf(question.demand, reuse.value);
  if (middle.kind === 'no-measurement' || question.tokensPerSecond || reuse.low === reuse.high)
    return { kvTokens, reuse, load, capacity: middle };
  const ends = [at(reuse.low), at(reuse.high)].map((end) =>
    end.kind === 'no-measurement' ? middle.requestsPerSecond.value : end.requestsPerSecond.value,
  );
  const requestsPerSecond = widened(middle.requestsPerSecond, Math.min(...ends), Math.max(...ends));
  const share = (value: number) => `${Math.round(value * 100)} %`;
  const method = `${middle.method}; widened for a prefix reuse of ${share(reuse.low)} to ${share(reuse.high)}`;
  return { kvTokens, reuse, load, capacity: { ...middle, requestsPerSecond, method } };
}
