import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/engine/deployment.ts';
import { budgetBytes, memoryVerdict, planMemory } from '../../src/memory/plan.ts';
import { GIB } from '../../src/units/bytes.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

const RANK = { 'does-not-fit': 0, marginal: 1, fits: 2 } as const;
const rank = (deployment: Deployment) => RANK[memoryVerdict(planMemory(deployment), deployment.sequences)];

/** Deployments over both vendors and engines, with every kind of layout. */
const deployment = fc
  .record({
    gpu: fc.constantFrom('h100', 'h200', 'b200', 'b300', 'a100', 'mi300x', 'mi355x'),
    engine: fc.constantFrom('vllm', 'vllm@0.18.0', 'sglang'),
    layout: fc.constantFrom(
      { tp: 4 },
      { tp: 8 },
      { tp: 16 },
      { tp: 8, pp: 2 },
      { tp: 8, dcp: 8 },
      { tp: 2, attentionDp: 4, ep: 8 },
      { tp: 8, dp: 2 },
    ),
    contextTokens: fc.integer({ min: 1, max: 262_144 }),
    sequences: fc.integer({ min: 1, max: 64 }),
    encoderMode: fc.constantFrom('weights' as const, 'data' as const),
  })
  .map(deploymentOf);

describe('the budget of one GPU (facts/engines.md sections 1 and 2)', () => {
  it('is ceil(torch total × fraction): 8 × H100 at 0.90 have 71.26 GiB each (log K25-H100-01)', () => {
    expect(budgetBytes(deploymentOf({ gpu: 'h100', engine: 'vllm@0.15.0' })) / GIB).toBeCloseTo(71.26, 2);
    expect(budgetBytes(deploymentOf({ gpu: 'h200' }))).toBe(Math.ceil(139.8 * 2 ** 30 * 0.92));
  });

  it('never comes from the figure on the box', () => {
    const { gpu } = deploymentOf({ gpu: 'h100' });
    expect(budgetBytes(deploymentOf({ gpu: 'h100', utilization: 1 }))).toBe(Math.ceil((gpu.torchTotalGiB?.value ?? 0) * GIB));
  });
});

describe('logged KV memory lies inside the band (facts/memory-logs.csv)', () => {
  it.each<[row: string, ask: DeploymentAsk, gib: number]>([
    [
      'K25-H100-03',
      { gpu: 'h100', model: 'kimi-k2.5', engine: 'vllm@0.15.0', utilization: 0.95, encoderMode: 'data', maxNumSeqs: 64 },
      0.64,
    ],
    ['K25-H100-01', { gpu: 'h100', model: 'kimi-k2.5', engine: 'vllm@0.15.0', encoderMode: 'data', maxNumSeqs: 64 }, -3.32],
    ['PSAP-056', { model: 'kimi-k2.5', engine: 'vllm@0.18.0', utilization: 0.92, encoderMode: 'data' }, 51.63],
    ['K2T-H200-01, a nightly after 0.11.0', { model: 'kimi-k2-thinking', engine: 'vllm@0.11.1' }, 46.8],
    ['K25-MI355X-01', { gpu: 'mi355x', model: 'kimi-k2.5', engine: 'sglang@0.5.8', encoderMode: 'data' }, 160.63],
  ])('%s', (_, ask, gib) => {
    const { low, high } = planMemory(deploymentOf(ask)).kvMemoryBytesPerGpu;
    expect(gib).toBeGreaterThan(low / GIB - 0.3);
    expect(gib).toBeLessThan(high / GIB);
  });
});

describe('a memory plan', () => {
  it('weights + overhead + KV memory = budget, at every end of the band', () => {
    fc.assert(
      fc.property(deployment, (one) => {
        const { weightBytesPerGpu, overheadBytesPerGpu, kvMemoryBytesPerGpu, budgetBytesPerGpu } = planMemory(one);
        expect(weightBytesPerGpu + overheadBytesPerGpu.value + kvMemoryBytesPerGpu.value).toBe(budgetBytesPerGpu);
        expect(weightBytesPerGpu + overheadBytesPerGpu.high + kvMemoryBytesPerGpu.low).toBe(budgetBytesPerGpu);
        expect(weightBytesPerGpu + overheadBytesPerGpu.low + kvMemoryBytesPerGpu.high).toBe(budgetBytesPerGpu);
      }),
    );
  });

  it('keeps low ≤ value ≤ high in every band', () => {
    fc.assert(
      fc.property(deployment, (one) => {
        const plan = planMemory(one);
        for (const { low, value, high } of [plan.overheadBytesPerGpu, plan.kvMemoryBytesPerGpu, plan.kvTokens, plan.sequences]) {
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  it('is that of the stage which runs out first', () => {
    const plan = planMemory(deploymentOf({ gpu: 'a100', layout: { tp: 8, pp: 2 } }));
    expect(plan).toMatchObject({ stage: 0, kvBytesPerToken: 31 * 576 * 2 });
  });

  it('attention DP: every rank has a cache of its own, and the node holds all of them', () => {
    const one = planMemory(deploymentOf({ layout: { attentionDp: 8, ep: 8 } }));
    const perRank = Math.floor(one.kvMemoryBytesPerGpu.value / (70_272 * 16)) * 16;
    expect(one.kvTokens.value).toBe(8 * perRank);
  });
});

describe('verdicts', () => {
  it('more context never needs less memory: no verdict improves and no more sequences fit', () => {
    fc.assert(
      fc.property(deployment, fc.integer({ min: 1, max: 262_144 }), (one, more) => {
        const longer = { ...one, contextTokens: Math.min(262_144, one.contextTokens + more) };
        expect(rank(longer)).toBeLessThanOrEqual(rank(one));
        expect(planMemory(longer).sequences.value).toBeLessThanOrEqual(planMemory(one).sequences.value);
      }),
    );
  });

  it('a larger memory fraction never worsens the verdict', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(deployment, share, share, (one, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(rank({ ...one, utilization: more })).toBeGreaterThanOrEqual(rank({ ...one, utilization: less }));
      }),
    );
  });

  it('more sequences never fit better', () => {
    fc.assert(
      fc.property(deployment, fc.integer({ min: 1, max: 64 }), (one, more) => {
        expect(rank({ ...one, sequences: one.sequences + more })).toBeLessThanOrEqual(rank(one));
      }),
    );
  });

  it('an FP8 KV cache never fits worse than a BF16 one', () => {
    fc.assert(
      fc.property(deployment, (one) => {
        const fp8 = { ...one, kvCacheDtype: 'fp8' as const };
        expect(planMemory(fp8).kvTokens.value).toBeGreaterThanOrEqual(planMemory(one).kvTokens.value);
      }),
    );
  });
});
