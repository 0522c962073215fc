import { concurrencyLimit } from '../../throughput/capacityQuestion.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import type { LoadPoint } from '../../throughput/loadPoint.ts';
import type { Replica } from '../../throughput/replica.ts';
import { type Speed, speedModel } from '../../throughput/speed.ts';
import { type Demand, loadPointOf, replicaReuse } from '../../workload/loadPoint.ts';
import type { JudgedDeployment } from '../judge.ts';
import { deployedReplica, sequenceLimits } from './deployedReplica.ts';

/** A judged layout under the asked load, ready to be read at any concurrency. */
export interface LoadedReplica {
  readonly judged: JudgedDeployment;
  readonly replica: Replica;
  readonly load: LoadPoint;
  /** Sequences in flight at most, and by what. */
  readonly limit: number;
  readonly limitedBy: 'kv-cache' | 'max-num-seqs';
  readonly at: (concurrency: number) => Speed;
}

/** Puts the load on a judged layout; null where the datasheet figures of its GPU are unknown or it holds not one request. */
export function loadedReplica(judged: JudgedDeployment, demand: Demand, knowledge: Knowledge, asOf: string): LoadedReplica | null {
  const replica = deployedReplica(judged.deployment, knowledge, asOf);
  const limits = sequenceLimits(judged);
  const load = loadPointOf(demand, replicaReuse(demand, limits.kvTokens).value);
  const limit = concurrencyLimit(limits, load);
  if (!replica || limit < 1) return null;
  return {
    judged,
    replica,
    load,
    limit,
    limitedBy: limit < limits.maxSequences ? 'kv-cache' : 'max-num-seqs',
    at: speedModel(replica, load, knowledge),
  };
}
