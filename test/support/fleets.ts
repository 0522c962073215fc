import type { FleetSettings } from '../../src/serving/simulation/fleetSettings.ts';
import type { Batch, StepClock } from '../../src/serving/simulation/stepClock.ts';
import type { TrafficRequest } from '../../src/workload/traffic.ts';

/** A clock that is straight in all that a batch holds, seconds. */
export function straightClock(parts: {
  fixed?: number;
  sequence?: number;
  context?: number;
  prefill?: number;
  behind?: number;
}): StepClock {
  const { fixed = 0, sequence = 0, context = 0, prefill = 0, behind = 0 } = parts;
  return {
    affineInContext: true,
    seconds: (batch: Readonly<Batch>) =>
      fixed +
      sequence * batch.decodeSequences +
      context * batch.contextTokens +
      batch.prefillTokens * (prefill + behind * batch.prefillContextTokens),
  };
}

/** One replica without limits that matter, one millisecond a step, with parts replaced. */
export function fleet(more: Partial<FleetSettings> = {}): FleetSettings {
  return {
    clock: straightClock({ fixed: 0.001 }),
    kvTokens: 1e15,
    maxSequences: 64,
    batchTokens: 1e15,
    tokensPerStep: 1,
    reuse: { kind: 'none' },
    replicas: 1,
    routing: { kind: 'round-robin' },
    failures: [],
    warmUpMs: 0,
    ...more,
  };
}

export function request(
  atMs: number,
  inputTokens: number,
  outputTokens: number,
  more: Partial<Pick<TrafficRequest, 'blocks' | 'conversation'>> = {},
): TrafficRequest {
  return { atMs, inputTokens, outputTokens, blocks: null, conversation: null, ...more };
}
