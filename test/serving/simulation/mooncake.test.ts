import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/serving/simulation/simulate.ts';
import type { TrafficRequest } from '../../../src/workload/traffic.ts';
import { fleet, request, straightClock } from '../../support/fleets.ts';

const TRACE = new URL('../../../../shared/traces/mooncake_conversation.jsonl.gz', import.meta.url);
const BLOCK_TOKENS = 512;

function readTrace(): TrafficRequest[] {
  const lines = gunzipSync(readFileSync(TRACE)).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const { timestamp, input_length, output_length, hash_ids } = JSON.parse(line);
    return request(timestamp, input_length, output_length, { blocks: hash_ids });
  });
}

/** Share of input tokens found by a replica that is never busy, so that only the KV cache decides. */
function reuseWith(kvTokens: number, requests: readonly TrafficRequest[]): number {
  const instant = { clock: straightClock({ fixed: 1e-9 }), maxSequences: 1 };
  const { records } = simulate(fleet({ ...instant, kvTokens, reuse: { kind: 'blocks', blockTokens: BLOCK_TOKENS } }), requests);
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  return total(records.reusedTokens) / (total(records.reusedTokens) + total(records.prefilledTokens));
}

describe.skipIf(!existsSync(TRACE))('prefix reuse of the Mooncake conversation trace', () => {
  const requests = existsSync(TRACE) ? readTrace() : [];

  // shared/facts/workloads.md, section 5: ideal LRU by block, computed from the same trace
  it.each([
    [1e12, 0.3736],
    [15e6, 0.332],
    [5e6, 0.216],
    [1.5e6, 0.067],
    [0.5e6, 0.045],
  ])('with %d tokens of KV cache is that of an ideal LRU: %f', (kvTokens, expected) => {
    expect(Math.abs(reuseWith(kvTokens, requests) - expected)).toBeLessThan(0.0015);
  });
});
