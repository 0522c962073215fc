import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { traffic } from '../../src/model/traffic.ts';
import { curvesOf, tpotAt } from '../../src/throughput/curve.ts';
import { machineOf, STEP_SECONDS, stepTime } from '../../src/throughput/stepTime.ts';

const catalog = loadCatalog();
const model = catalog.models.find(({ id }) => id === 'kimi-k2.7-code');
const int4 = model?.checkpoints.find(({ format }) => format === 'int4');
const h200 = catalog.gpus.find(({ id }) => id === 'h200-sxm');
if (!model || !int4 || !h200) throw new Error('the catalog lacks kimi-k2.7-code or h200-sxm');
const k27 = traffic(model, int4);
const TP8 = { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 };
const machine = machineOf(h200, TP8, 2);
if (!machine) throw new Error('h200-sxm lacks bandwidth or peak');

describe('stepTime', () => {
  it('adds up by hand for 8×H200 at 8192/1024, concurrency 64', () => {
    const step = stepTime(k27, machine, { inputTokens: 8192, outputTokens: 1024, reuse: 0 }, 64);
    // 443.5 GB of weights over 8 GPUs; 64 * 8704 tokens * 70,272 B on every one of them.
    expect(step.weightBytesPerGpu / 1e9).toBeCloseTo(443.5 / 8, 1);
    expect(step.kvBytesPerGpu).toBe(64 * 8704 * 70_272);
    expect(step.memorySeconds).toBeCloseTo((step.weightBytesPerGpu + step.kvBytesPerGpu) / (0.6 * 4.8e12), 12);
    expect(step.prefillTokens).toBe(512);
    expect(step.prefillSeconds).toBeCloseTo((512 * (k27.prefillFlopsPerToken + 2_498_560 * 4096)) / (0.35 * 8 * 989e12), 6);
    expect(step.seconds).toBeCloseTo(STEP_SECONDS + step.memorySeconds + step.prefillSeconds, 12);
  });

  it('divides the KV cache by DCP, stages and attention DP, and replicates it over TP', () => {
    const load = { inputTokens: 8192, outputTokens: 1024, reuse: 0 };
    const kv = (more: object) => stepTime(k27, { ...machine, layout: { ...TP8, ...more } }, load, 64).kvBytesPerGpu;
    expect(kv({ tp: 4 })).toBe(kv({}));
    for (const way of ['dcp', 'pp', 'attentionDp']) expect(kv({ [way]: 2 })).toBe(kv({}) / 2);
  });

  it('takes longer with more sequences, longer requests and less reuse', () => {
    const tokens = fc.integer({ min: 1, max: 200_000 });
    const share = fc.integer({ min: 0, max: 1000 }).map((perMille) => perMille / 1000);
    fc.assert(
      fc.property(tokens, tokens, share, fc.integer({ min: 1, max: 512 }), (inputTokens, outputTokens, reuse, concurrency) => {
        const seconds = (load: { inputTokens: number; reuse: number }, n = concurrency) =>
          stepTime(k27, machine, { ...load, outputTokens }, n).seconds;
        const base = seconds({ inputTokens, reuse });
        expect(seconds({ inputTokens, reuse }, concurrency + 1)).toBeGreaterThan(base);
        expect(seconds({ inputTokens: inputTokens + 1, reuse })).toBeGreaterThan(base);
        expect(seconds({ inputTokens, reuse: reuse / 2 })).toBeGreaterThanOrEqual(base);
      }),
    );
  });

  it('is within a factor of two of every trusted Kimi point of H200 and B200 with vLLM', () => {
    const errors = curvesOf(catalog.measurements)
      .filter(({ gpu, engine, tp }) => (gpu === 'h200-sxm' || gpu === 'b200-sxm') && engine === 'vllm' && tp > 0)
      .flatMap((curve) => {
        const gpu = catalog.gpus.find(({ id }) => id === curve.gpu);
        const checkpoint = model.checkpoints.find(({ format }) => format === curve.format);
        const layout = { ...TP8, tp: curve.tp, pp: curve.pp };
        const own = gpu && machineOf(gpu, layout, 2);
        if (!own || !checkpoint) return [];
        return curve.points.flatMap((point) => {
          const measured = tpotAt(curve, point.concurrency);
          return measured === null
            ? []
            : [(stepTime(traffic(model, checkpoint), own, curve.shape, point.concurrency).seconds * 1000) / measured - 1];
        });
      })
      .map(Math.abs)
      .sort((a, b) => a - b);
    console.log(
      `step-time model on ${errors.length} H200 and B200 points: median error ${((errors[errors.length >> 1] ?? 0) * 100).toFixed(0)} %, worst ${((errors.at(-1) ?? 0) * 100).toFixed(0)} %`,
    );
    expect(errors.length).toBeGreaterThan(10);
    expect(errors[errors.length >> 1]).toBeLessThan(0.3);
    expect(errors.at(-1)).toBeLessThan(1);
  });
});
