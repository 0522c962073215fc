import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/engine/deployment.ts';
import { type KvPool, kvCapacity, kvPool } from '../../src/memory/kvCache.ts';
import { planMemory } from '../../src/memory/plan.ts';
import { stagesOf } from '../../src/memory/stage.ts';
import { GIB } from '../../src/units/bytes.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

function pools(deployment: Deployment): KvPool[] {
  return stagesOf(deployment.model.architecture, deployment.layout.pp).map((stage) => kvPool(deployment, stage));
}

/** Bytes of one token on a rank that holds it, by stage. */
function latents(deployment: Deployment): number[] {
  return pools(deployment).map(({ blockBytes, blockTokens }) => blockBytes / blockTokens);
}

/** What a given memory holds on the first stage. */
function capacityOf(deployment: Deployment, memoryBytes: number) {
  const [pool] = pools(deployment);
  if (!pool) throw new Error('a model has a stage');
  return kvCapacity(deployment, pool, memoryBytes);
}

/** Tokens that a given KV memory per GPU holds over the whole deployment. */
function tokensIn(gib: number, ask: DeploymentAsk): number {
  const deployment = deploymentOf(ask);
  return capacityOf(deployment, gib * GIB).tokens;
}

describe('bytes per token (facts/model-bytes.md section 8)', () => {
  it('70,272 B in bf16 and 35,136 B in FP8 on every TP rank', () => {
    for (const tp of [1, 4, 8, 16]) {
      expect(latents(deploymentOf({ layout: { tp } }))).toEqual([70_272]);
      expect(latents(deploymentOf({ layout: { tp }, kvCacheDtype: 'fp8' }))).toEqual([35_136]);
    }
  });

  it('a pipeline stage keeps the latents of its own layers: 35,712 B on 31 of 61', () => {
    expect(latents(deploymentOf({ layout: { tp: 8, pp: 2 } }))).toEqual([35_712, 34_560]);
  });

  it('DCP divides what one GPU pays for a token; attention DP does not', () => {
    expect(planMemory(deploymentOf({ layout: { tp: 8, dcp: 8 } })).kvBytesPerToken).toBe(70_272 / 8);
    expect(planMemory(deploymentOf({ layout: { attentionDp: 8, ep: 8 } })).kvBytesPerToken).toBe(70_272);
  });

  it('one sequence of 128Ki tokens takes 8.58 GiB in bf16, 256Ki in FP8 as much', () => {
    expect((131_072 * 70_272) / GIB).toBeCloseTo(8.58, 2);
    expect((262_144 * 35_136) / GIB).toBeCloseTo(8.58, 2);
  });
});

/** Logged KV memory against logged tokens: facts/memory-logs.csv, block rounding of 0.1 % allowed. */
const LOGGED: readonly [row: string, gib: number, ask: DeploymentAsk, tokens: number][] = [
  ['K2T-H200-01, vLLM TP8', 46.8, { model: 'kimi-k2-thinking' }, 715_072],
  ['K2T-H200-02, vLLM TP8 with DCP8', 46.8, { model: 'kimi-k2-thinking', layout: { tp: 8, dcp: 8 } }, 5_721_088],
  ['PSAP-056, vLLM 0.18 TP8', 51.63, { model: 'kimi-k2.5', engine: 'vllm@0.18.0' }, 788_928],
  ['K25-MI355X-01, SGLang 0.5.8 TP8', 160.63, { model: 'kimi-k2.5', engine: 'sglang@0.5.8', gpu: 'mi355x' }, 2_454_421],
  ['K25-B300-01, NVFP4 with FP8 KV', 166.02, { model: 'kimi-k2.5', format: 'nvfp4', gpu: 'b300', kvCacheDtype: 'fp8' }, 5_073_376],
];

describe('KV tokens from the memory that logs state', () => {
  it.each(LOGGED)('%s', (_, gib, ask, tokens) => {
    expect(Math.abs(tokensIn(gib, ask) / tokens - 1)).toBeLessThan(0.001);
  });

  it('refusals of logs: 0.64 GiB hold no 16,384 tokens but more than 9,664; 0.86 GiB hold no 32,768', () => {
    expect(tokensIn(0.64, { gpu: 'h100' })).toBeLessThan(16_384);
    expect(tokensIn(0.64, { gpu: 'h100' })).toBeGreaterThanOrEqual(9_664);
    expect(tokensIn(0.86, { gpu: 'h100' })).toBeLessThan(32_768);
  });
});

describe('capacity', () => {
  const deployment = deploymentOf({ layout: { tp: 2, attentionDp: 4, ep: 8 }, contextTokens: 1000 });

  it('counts whole blocks: 1,000 tokens take 63 blocks of 16 on each of the four caches', () => {
    const latent = 70_272;
    expect(capacityOf(deployment, 63 * 16 * latent)).toEqual({ tokens: 4 * 1008, sequences: 4 });
    expect(capacityOf(deployment, 63 * 16 * latent - 1)).toEqual({ tokens: 4 * 992, sequences: 0 });
  });

  it('no memory and less than none hold nothing', () => {
    expect(capacityOf(deployment, 0)).toEqual({ tokens: 0, sequences: 0 });
    expect(capacityOf(deployment, -1e12)).toEqual({ tokens: 0, sequences: 0 });
  });

  it('the limit of the engine holds for each cache', () => {
    const limited = deploymentOf({ layout: { tp: 2, attentionDp: 4, ep: 8 }, contextTokens: 16, maxNumSeqs: 5 });
    expect(capacityOf(limited, 100 * GIB).sequences).toBe(20);
  });

  it('DCP: a block holds dcp times its tokens of one sequence', () => {
    const spread = deploymentOf({ layout: { tp: 8, dcp: 8 }, contextTokens: 129 });
    expect(capacityOf(spread, 2 * 16 * 70_272)).toEqual({ tokens: 256, sequences: 1 });
  });

  it('more memory never holds less, a longer context never more sequences', () => {
    const bytes = fc.integer({ min: -1e9, max: 3e11 });
    const context = fc.integer({ min: 1, max: 262_144 });
    fc.assert(
      fc.property(bytes, bytes, context, context, fc.constantFrom(1, 2, 8), (a, b, c, d, dcp) => {
        const at = (memory: number, contextTokens: number) => capacityOf(deploymentOf({ layout: { tp: 8, dcp }, contextTokens }), memory);
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const [shorter, longer] = [Math.min(c, d), Math.max(c, d)];
        expect(at(more, c).tokens).toBeGreaterThanOrEqual(at(less, c).tokens);
        expect(at(more, c).sequences).toBeGreaterThanOrEqual(at(less, c).sequences);
        expect(at(a, longer).sequences).toBeLessThanOrEqual(at(a, shorter).sequences);
      }),
    );
  });

  it('FP8 holds twice the tokens, give or take a block', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e8, max: 3e11 }), fc.constantFrom('h200', 'b200', 'mi300x', 'l40s'), (memory, gpu) => {
        const bf16 = capacityOf(deploymentOf({ gpu }), memory).tokens;
        const fp8 = capacityOf(deploymentOf({ gpu, kvCacheDtype: 'fp8' }), memory).tokens;
        expect(Math.abs(fp8 - 2 * bf16)).toBeLessThanOrEqual(128);
      }),
    );
  });
});
