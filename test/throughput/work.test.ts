import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { Layout } from '../../src/layout/layout.ts';
import { traffic } from '../../src/model/traffic.ts';
import { type Machine, machineOf, peakTflops } from '../../src/throughput/machine.ts';
import { stepTimes, waitTimes, workOf } from '../../src/throughput/work.ts';

const catalog = loadCatalog();

function flow(model: string, format: string) {
  const found = catalog.models.find(({ id }) => id === model);
  const checkpoint = found?.checkpoints.find((each) => each.format === format);
  if (!found || !checkpoint) throw new Error(`the catalog lacks ${model} ${format}`);
  return traffic(found, checkpoint);
}

const TP8: Layout = { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 };
const h200 = catalog.gpus.find(({ id }) => id === 'h200-sxm');
const found = h200 && machineOf(h200, 'int4', TP8, 2);
if (!h200 || !found) throw new Error('h200-sxm lacks bandwidth or peak');
const machine: Machine = found;
const k27 = flow('kimi-k2.7-code', 'int4');
const LOAD = { inputTokens: 8192, outputTokens: 1024, reuse: 0 };

describe('peakTflops', () => {
  it('multiplies INT4 weights in 16 bits, FP8 and FP4 at their own rates where the GPU has them', () => {
    expect(peakTflops(h200, 'int4')?.value).toBe(989);
    expect(peakTflops(h200, 'fp8')?.value).toBe(1979);
    expect(peakTflops(h200, 'nvfp4')?.value).toBe(989);
  });
});

describe('workOf', () => {
  it('adds up by hand for 8×H200 at 8192/1024, concurrency 64', () => {
    const work = workOf(k27, machine, LOAD, 64);
    // 284.2 of 384 experts in each of 60 layers, 443.5 GB of weights over 8 GPUs; 64 * 8704 tokens * 70,272 B on every one of them.
    expect(work.distinctExperts).toBeCloseTo(284.2, 1);
    expect(work.weightBytesPerGpu / 1e9).toBeCloseTo(443.5 / 8, 1);
    expect(work.kvBytesPerGpu).toBe(64 * 8704 * 70_272);
    // Each step the prompts of 63 / 1024 other requests.
    expect(work.prefillTokens).toBe((63 * 8192) / 1024);
    expect(work.promptFlops).toBe(8192 * k27.prefillFlopsPerToken);
    expect(work.promptAttentionFlops).toBe(8192 * 2_498_560 * 4096);
    // Two all-reduces of 16-bit hidden states in each of 61 layers.
    expect(work.collectiveBytes).toBe(64 * 2 * 61 * 7168 * 2);
    const times = stepTimes(work, machine, LOAD);
    expect(times[0]).toBe(61);
    expect(times[2]).toBeCloseTo((1000 * work.kvBytesPerGpu) / 4.8e12, 10);
    expect(times[4]).toBeCloseTo((1000 * 63 * (work.promptFlops + work.promptAttentionFlops)) / 1024 / (8 * 989e12), 10);
  });

  it('divides an MLA cache by DCP, stages and attention DP and repeats it over TP; a GQA cache is split by its heads too', () => {
    const kv = (of: typeof k27, more: object) => workOf(of, { ...machine, layout: { ...TP8, ...more } }, LOAD, 64).kvBytesPerGpu;
    expect(kv(k27, { tp: 4 })).toBe(kv(k27, {}));
    for (const way of ['dcp', 'pp', 'attentionDp']) expect(kv(k27, { [way]: 2 })).toBe(kv(k27, {}) / 2);
    const llama = flow('llama-3.1-70b', 'fp8');
    expect(kv(llama, { tp: 4 })).toBe(2 * kv(llama, {}));
    // 8 KV heads: 16 ways split no further.
    expect(kv(llama, { tp: 16 })).toBe(kv(llama, {}));
  });

  it('reads no more than the window of layers that have one', () => {
    const gptOss = flow('gpt-oss-120b', 'mxfp4');
    const kv = (inputTokens: number) => workOf(gptOss, machine, { ...LOAD, inputTokens }, 1).kvBytesPerGpu;
    // Half of its layers see 128 tokens: doubling a long context adds to the others alone.
    expect(kv(64_000) / kv(32_000)).toBeLessThan(2);
    expect(kv(64_000) - kv(32_000)).toBeCloseTo((32_000 * gptOss.kvElementsPerToken * 2) / 8, -3);
  });

  it('needs no other prompts and no waiting for others with one sequence', () => {
    const work = workOf(k27, machine, LOAD, 1);
    expect(work.prefillTokens).toBe(0);
    expect(waitTimes(work, machine, LOAD, 10, 8192)).toMatchObject({ 0: 1, 2: 0, 3: 10, 4: 0 });
    expect(waitTimes(work, machine, LOAD, 10, 2048)[3]).toBe(40);
  });

  it('grows with sequences, longer requests and less reuse, in every term', () => {
    const tokens = fc.integer({ min: 1, max: 200_000 });
    const share = fc.integer({ min: 0, max: 1000 }).map((perMille) => perMille / 1000);
    fc.assert(
      fc.property(tokens, tokens, share, fc.integer({ min: 1, max: 512 }), (inputTokens, outputTokens, reuse, concurrency) => {
        const at = (load: { inputTokens: number; reuse: number }, n = concurrency) =>
          stepTimes(workOf(k27, machine, { ...load, outputTokens }, n), machine, { ...load, outputTokens });
        const base = at({ inputTokens, reuse });
        for (const more of [
          at({ inputTokens, reuse }, concurrency + 1),
          at({ inputTokens: inputTokens + 1, reuse }),
          at({ inputTokens, reuse: reuse / 2 }),
        ])
          more.forEach((term, place) => {
            expect(term).toBeGreaterThanOrEqual((base[place] ?? 0) * (1 - 1e-12));
          });
      }),
    );
  });
});
