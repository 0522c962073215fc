import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type PrefixReuse, prefixReuse, reuseAt, unlimitedReuse } from '../../../src/workload/reuse/prefixReuse.ts';
import { reuseCurve } from '../../../src/workload/reuse/reuseCurve.ts';
import type { TrafficRequest } from '../../../src/workload/traffic.ts';

/** Public traces; they are not part of the repository. */
const TRACES = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));

function mooncake(name: string): TrafficRequest[] {
  const lines = gunzipSync(readFileSync(`${TRACES}mooncake_${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { timestamp, input_length, output_length, hash_ids } = JSON.parse(line) as Record<string, number> & { hash_ids: number[] };
    return { atMs: timestamp ?? 0, inputTokens: input_length ?? 0, outputTokens: output_length ?? 1, blocks: hash_ids, conversation: null };
  });
}

/** Computed apart from this code: blocks, different ones, unlimited share, and the percentages that 0.15 to 51 M tokens find. */
const GOLDEN = [
  ['conversation', 288_500, 182_790, 0.3736, [4.3, 4.5, 6.7, 21.6, 33.2, 36.2, 37.1]],
  ['synthetic', 121_877, 43_924, 0.6512, [2.8, 8.6, 19.4, 43.2, 63.6, 65.1, 65.1]],
] as const;
const BLOCKS = [300, 1_000, 3_000, 10_000, 30_000, 50_000, 100_000];

describe.skipIf(!existsSync(TRACES)).each(GOLDEN)('the Mooncake %s trace', (name, total, unique, unlimited, shares) => {
  let cached: PrefixReuse | undefined;
  const reuse = () => {
    cached ??= prefixReuse(mooncake(name), 512);
    return cached;
  };

  it('has the published counts and shares', () => {
    expect(reuse()).toMatchObject({ totalBlocks: total, uniqueBlocks: unique });
    expect(unlimitedReuse(reuse())).toBeCloseTo(unlimited, 4);
    expect(BLOCKS.map((blocks) => Number((100 * reuseAt(reuse(), 512 * blocks)).toFixed(1)))).toEqual(shares);
  });

  it("shares its first block among all requests where it is Kimi's", () => {
    const first = new Set(mooncake(name).map(({ blocks }) => blocks?.[0]));
    if (name === 'conversation') expect(first.size).toBe(1);
    else expect(first.size).toBeGreaterThan(1);
  });

  it('is told in 16 points at most', () => {
    const curve = reuseCurve(reuse());
    expect(curve.length).toBeLessThanOrEqual(16);
    expect(curve.at(-1)?.reuse).toBe(unlimitedReuse(reuse()));
  });
});
