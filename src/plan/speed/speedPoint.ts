import { type Estimate, through } from '../../evidence/estimate.ts';
import { replicaGpus } from '../../layout/layout.ts';
import { methodOf } from '../../throughput/capacity.ts';
import { SPEED_FIT } from '../../throughput/knowledge.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { LoadedReplica } from './loadedReplica.ts';
import type { SpeedPoint } from './speedAnswer.ts';

/** The wait of a closed loop beyond what is admitted: `concurrency * output / rate - output * TPOT` (Little's law). */
function queuedWait({ at, limit, load }: LoadedReplica, concurrency: number): Estimate {
  const { outputTokensPerSecond, tpotMs, ttftMs } = at(limit);
  const seconds = (rate: number) => (concurrency * load.outputTokens) / rate;
  return through(outputTokensPerSecond, (rate) => Math.max(ttftMs.value, 1000 * seconds(rate) - load.outputTokens * tpotMs.value));
}

/**
 * Speed of a replica at a concurrency as an answer says it. Beyond what the KV cache or the engine admit the rate stays and requests
 * wait.
 */
export function speedPoint(loaded: LoadedReplica, concurrency: number): SpeedPoint {
  const { at, limit, load, replica } = loaded;
  const queued = concurrency > limit;
  const speed = at(Math.min(concurrency, limit));
  const { tpotMs, outputTokensPerSecond, situation } = speed;
  const total = tokensPerRequest(load) / load.outputTokens;
  return {
    concurrency,
    ttftMs: queued ? queuedWait(loaded, concurrency) : speed.ttftMs,
    tpotMs,
    outputTokensPerSecond,
    totalTokensPerSecond: through(outputTokensPerSecond, (rate) => rate * total),
    outputTokensPerSecondPerGpu: through(outputTokensPerSecond, (rate) => rate / replicaGpus(replica.layout)),
    tokensPerSecondPerUser: through(tpotMs, (ms) => 1000 / ms),
    basis: tpotMs.basis,
    situation,
    method: methodOf(speed, replica),
    source: speed.curve?.source ?? SPEED_FIT,
    queued,
  };
}
