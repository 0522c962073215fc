import { admittedSequences } from '../../engine/maxSequences.ts';
import { type Estimate, estimate } from '../../evidence/estimate.ts';
import { kvElementBytes } from '../../memory/kvLayers.ts';
import { traffic } from '../../model/traffic.ts';
import { assumedCapacity, capacity } from '../../throughput/capacity.ts';
import type { Capacity, NoMeasurement } from '../../throughput/capacityQuestion.ts';
import type { Curve } from '../../throughput/curve.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import { loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import type { JudgedDeployment } from '../judge.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';

/** What one replica finds in its KV cache and sustains. */
export interface ReplicaCapacity {
  readonly kvTokens: number;
  readonly reuse: Estimate;
  readonly load: LoadPoint;
  readonly capacity: Capacity | NoMeasurement;
}

function capacityAt(
  question: BreakEvenQuestion,
  judged: JudgedDeployment,
  load: LoadPoint,
  curves: readonly Curve[],
): Capacity | NoMeasurement {
  if (question.tokensPerSecond) return assumedCapacity(question.tokensPerSecond, load);
  const { model, checkpoint, gpu, release, layout, kvCacheDtype } = judged.deployment;
  return capacity({
    gpu,
    format: checkpoint.format,
    engine: release.engine.id,
    engineVersion: release.version,
    layout,
    traffic: traffic(model, checkpoint),
    kvBytesPerElement: kvElementBytes(kvCacheDtype),
    kvTokens: judged.memory?.kvTokens.value ?? 0,
    maxSequences: admittedSequences(judged.deployment).value * layout.attentionDp,
    load,
    maxTpotMs: question.maxTpotMs,
    curves,
    asOf: question.asOf,
  });
}

/** Widens a band by a second, independent doubt: the logarithms of both factors add in quadrature. */
function widened({ low, value, high, basis }: Estimate, least: number, most: number): Estimate {
  const factor = (a: number, b: number) => Math.exp(Math.hypot(Math.log(a), Math.log(b)));
  return estimate(
    basis,
    value / factor(value / low, Math.max(1, value / least)),
    value,
    value * factor(high / value, Math.max(1, most / value)),
  );
}

/**
 * The capacity of a replica on one judged layout; the band of the prefix reuse widens that of the capacity.
 *
 * @param curves of the model's family, as known on the day of the question
 */
export function replicaCapacity(question: BreakEvenQuestion, judged: JudgedDeployment, curves: readonly Curve[]): ReplicaCapacity {
  const kvTokens = judged.memory?.kvTokens.value ?? 0;
  const reuse = replicaReuse(question.demand, kvTokens);
  const at = (share: number) => capacityAt(question, judged, loadPointOf(question.demand, share), curves);
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
