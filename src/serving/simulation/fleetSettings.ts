import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import type { TrafficRequest } from '../../workload/traffic.ts';
import type { ReplicaSettings } from './replica.ts';
import type { Routing } from './router.ts';

/** A replica that stops at a time with all that it holds. */
export interface Failure {
  readonly replica: number;
  readonly atMs: number;
  /** Time until it serves again, with an empty KV cache; null where it does not come back. */
  readonly backAfterMs: number | null;
}

/** A fleet of equal replicas. */
export interface FleetSettings extends ReplicaSettings {
  readonly replicas: number;
  readonly routing: Routing;
  readonly failures: readonly Failure[];
  /** Requests that arrive before it count in no percentile and no usage. */
  readonly warmUpMs: number;
}

function checkReuse({ reuse }: FleetSettings): void {
  if (reuse.kind === 'share') checkNumber(reuse.share, 'reuse', { min: 0, max: 1 });
  if (reuse.kind === 'blocks' || reuse.kind === 'conversation')
    checkNumber(reuse.blockTokens, 'tokens of a block', { min: 1, integer: true });
}

function checkFailures({ failures, replicas }: FleetSettings): void {
  for (const { replica, atMs, backAfterMs } of failures) {
    checkNumber(replica, 'replica that fails', { min: 0, max: replicas - 1, integer: true });
    checkNumber(atMs, 'time of a failure', { min: 0 });
    if (backAfterMs !== null) checkNumber(backAfterMs, 'time until a replica is back', { min: 0 });
  }
  const gone = new Set(failures.flatMap(({ replica, backAfterMs }) => (backAfterMs === null ? [replica] : [])));
  if (gone.size === replicas)
    throw new Fault('invalid', 'no replica is left to serve', {
      where: 'failures',
      value: gone.size,
      allowed: 'one replica that comes back',
    });
}

/** Refuses a fleet that cannot run. */
export function checkFleet(fleet: FleetSettings): void {
  checkNumber(fleet.replicas, 'replicas', { min: 1, max: 10_000, integer: true });
  checkNumber(fleet.kvTokens, 'KV cache tokens', { above: 0 });
  checkNumber(fleet.maxSequences, 'max-num-seqs', { min: 1, integer: true });
  checkNumber(fleet.batchTokens, 'max-num-batched-tokens', { min: fleet.maxSequences, integer: true });
  checkNumber(fleet.tokensPerStep, 'tokens per step', { min: 1 });
  checkNumber(fleet.warmUpMs, 'warm-up', { min: 0 });
  checkReuse(fleet);
  checkFailures(fleet);
}

/** Refuses requests that are out of order or have no tokens. */
export function checkRequests(requests: readonly TrafficRequest[]): void {
  let last = 0;
  for (const [at, { atMs, inputTokens, outputTokens }] of requests.entries()) {
    if (!(atMs >= last && inputTokens >= 1 && outputTokens >= 1 && Number.isInteger(inputTokens) && Number.isInteger(outputTokens)))
      throw new Fault('invalid', 'requests are out of order or without tokens', {
        where: `requests[${at}]`,
        value: `${atMs} ms, ${inputTokens} in, ${outputTokens} out`,
        allowed: 'times that do not fall, whole tokens of at least 1',
      });
    last = atMs;
  }
}

/** Whether a request can be served at all: its whole context fits into the KV cache of one replica. */
export function fits({ inputTokens, outputTokens }: TrafficRequest, { kvTokens, tokensPerStep }: FleetSettings): boolean {
  return inputTokens + outputTokens - 1 + (tokensPerStep > 1 ? tokensPerStep : 0) <= kvTokens;
}
