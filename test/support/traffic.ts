import type { TrafficRequest } from '../../src/workload/traffic.ts';

/** A request of some blocks, by default of 512 tokens and all of them full. */
export function ask(blocks: readonly number[] | null, inputTokens = 512 * (blocks?.length ?? 1)): TrafficRequest {
  return { atMs: 0, inputTokens, outputTokens: 1, blocks, conversation: null };
}
