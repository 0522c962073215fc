import { plannedRate } from '../../serving/plannedRate.ts';
import { type MostOutput, mostOutput } from '../../throughput/capacity.ts';
import { concurrencyLimit } from '../../throughput/capacityQuestion.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import type { Replica } from '../../throughput/replica.ts';
import { type Speed, speedModel } from '../../throughput/speed.ts';
import { loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import type { JudgedDeployment } from '../judge.ts';
import { sequenceLimits } from './deployedReplica.ts';
import { plannableReplica } from './plannedReplica.ts';
import type { SpeedQuestion } from './speedQuestion.ts';

/** A judged layout under the asked load, ready to be read at any concurrency. */
export interface LoadedReplica {
  readonly judged: JudgedDeployment;
  readonly replica: Replica;
  /** With the prefix reuse that the replica finds when it carries as much as it can. */
  readonly load: LoadPoint;
  /** Sequences in flight at most, and by what. */
  readonly limit: number;
  readonly limitedBy: 'kv-cache' | 'max-num-seqs';
  readonly at: (concurrency: number) => Speed;
  /** Within the time per token that is asked. */
  readonly most: MostOutput<'tpot'>;
}

/** Puts the load on a judged layout; null where the datasheet figures of its GPU are unknown or it holds not one request. */
export function loadedReplica(judged: JudgedDeployment, question: SpeedQuestion, knowledge: Knowledge): LoadedReplica | null {
  const { demand, maxTpotMs, asOf } = question;
  const plannable = plannableReplica(judged, { demand, maxTpotMs, maxLoad: 1, asOf }, knowledge);
  const limits = sequenceLimits(judged);
  const limit = concurrencyLimit(limits, loadPointOf(demand, 0));
  if (!plannable || limit < 1) return null;
  const { replica, mostUnder } = plannable;
  const planned = plannedRate({ demand, kvTokens: limits.kvTokens, maxLoad: 1, most: mostUnder });
  const load = planned?.load ?? loadPointOf(demand, replicaReuse(demand, limits.kvTokens).value);
  const at = speedModel(replica, load, knowledge);
  return {
    judged,
    replica,
    load,
    limit,
    limitedBy: limit < limits.maxSequences ? 'kv-cache' : 'max-num-seqs',
    at,
    most: mostOutput(at, limit, ({ tpotMs }) => (maxTpotMs !== null && tpotMs.value > maxTpotMs ? 'tpot' : null)),
  };
}
