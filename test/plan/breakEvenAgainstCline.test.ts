import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { breakEven } from '../../src/plan/breakEven/breakEven.ts';

/**
 * 8×B200, FP4, TP8, agentic coding (13K fresh + 71K reused + 1K output): 390 output tok/s per node at batch 16, 27 tok/s per stream,
 * 32 K processed tok/s; the KV cache collapses past batch 36. arafatkatze.github.io/inference-math, 2026-06-09 (facts/workloads.md section 7).
 */
const PUBLISHED = { outputTokensPerSecond: 390, tokensPerSecondPerStream: 27, processedTokensPerSecond: 32_000, cliff: 36 };

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

function kplan(kvCacheDtype: string, maxNumSeqs?: number) {
  const [fleet] = breakEven(
    {
      gpu: ['b200'],
      format: 'nvfp4',
      tp: 8,
      workload: 'agentic-coding-cline-k26',
      kvCacheDtype,
      ...(maxNumSeqs === undefined ? {} : { maxNumSeqs }),
    },
    loadCatalog(),
  ).offers;
  if (!fleet?.requestsPerSecond) throw new Error('no capacity');
  const { low, value, high } = fleet.requestsPerSecond;
  return {
    ...fleet,
    low: low * 1000,
    value: value * 1000,
    high: high * 1000,
    processed: value * 85_000,
    perStream: 1000 / (fleet.tpotMs?.value ?? Number.NaN),
  };
}

function blog(reuse: number): string {
  const [fleet] = breakEven({ gpu: ['b200'], format: 'nvfp4', tp: 8, inputTokens: 67_000, outputTokens: 400, reuse }, loadCatalog()).offers;
  const { low, value, high } = fleet?.requestsPerSecond ?? { low: Number.NaN, value: Number.NaN, high: Number.NaN };
  return [low, value, high].map((requests) => (requests * 67_400).toFixed(0)).join(' ');
}

describe('8×B200 NVFP4 on the published agentic load', () => {
  it('stands beside the published figures', () => {
    const [batch16, full, bf16] = [kplan('fp8', 16), kplan('fp8'), kplan('bf16')];
    const row = (name: string, published: number | string, own: number | string) =>
      `${name.padEnd(44)}${String(published).padStart(10)}${String(own).padStart(26)}`;
    console.log(
      [
        row('8×B200 NVFP4 TP8, 84k in / 1k out', 'published', 'kplan (low to high)'),
        row(
          'output tok/s per node at batch 16',
          PUBLISHED.outputTokensPerSecond,
          `${batch16.value.toFixed(0)} (${batch16.low.toFixed(0)} to ${batch16.high.toFixed(0)})`,
        ),
        row('tok/s per stream at batch 16', PUBLISHED.tokensPerSecondPerStream, batch16.perStream.toFixed(1)),
        row('processed tok/s per node at batch 16', PUBLISHED.processedTokensPerSecond, batch16.processed.toFixed(0)),
        row('batch at which the KV cache is full, FP8', PUBLISHED.cliff, String(full.concurrency)),
        row('batch at which the KV cache is full, BF16', '', String(bf16.concurrency)),
        batch16.capacityMethod,
        '',
        'vLLM blog, 2026-08-07: 67k in (median) / about 400 out, plain TP stops at 14,904 processed tok/s, reuse not stated',
        ...[0, 0.5, 0.9].map((reuse) => row(`  kplan at reuse ${reuse}`, '', blog(reuse))),
      ].join('\n'),
    );
    const rounded = [batch16.value, batch16.low, batch16.high].map((figure) => Number(figure.toPrecision(2)));
    expect(README).toContain(`kplan says ${rounded[0]}, with a band from ${rounded[1]} to ${rounded[2]}.`);
    expect(batch16.concurrency).toBe(16);
    expect(batch16.low).toBeLessThan(PUBLISHED.outputTokensPerSecond);
    expect(batch16.high).toBeGreaterThan(PUBLISHED.outputTokensPerSecond);
    expect(batch16.value / PUBLISHED.outputTokensPerSecond).toBeLessThan(2);
    expect(batch16.processed / PUBLISHED.processedTokensPerSecond).toBeGreaterThan(0.5);
    expect(Math.abs((full.concurrency ?? 0) - PUBLISHED.cliff) / PUBLISHED.cliff).toBeLessThan(0.25);
  });
});
