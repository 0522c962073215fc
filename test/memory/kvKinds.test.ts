import { describe, expect, it } from 'vitest';
import { kvCapacity, kvPool } from '../../src/memory/kvCache.ts';
import { kvLayers } from '../../src/memory/kvLayers.ts';
import { stagesOf } from '../../src/memory/stage.ts';
import { GIB } from '../../src/units/bytes.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

function poolOf(ask: DeploymentAsk) {
  const deployment = deploymentOf(ask);
  const [stage] = stagesOf(deployment.model.architecture, 1);
  if (!stage) throw new Error('a model has a stage');
  return { deployment, pool: kvPool(deployment, stage), kinds: kvLayers(deployment, stage) };
}

/** Bytes of one token on one rank over all layers that keep the whole context. */
function bytesPerToken(ask: DeploymentAsk): number {
  return poolOf(ask).kinds.reduce((sum, { layers, bytesPerToken: each, window }) => sum + (window === null ? layers * each : 0), 0);
}

/** Bytes per token and GPU: facts/model-bytes.md section 8 and facts/memory-logs.md section 3. */
const BYTES: readonly [what: string, ask: DeploymentAsk, bytes: number][] = [
  ['DeepSeek-R1, MLA in bf16', { model: 'deepseek-r1', layout: { tp: 8 } }, 70_272],
  ['DeepSeek-V3.2, latent and indexer in bf16', { model: 'deepseek-v3.2' }, 78_324],
  ['DeepSeek-V3.2, FP8 on Hopper is the mixed layout', { model: 'deepseek-v3.2', kvCacheDtype: 'fp8' }, 48_068],
  ['DeepSeek-V3.2, FP8 on B200 is plain', { model: 'deepseek-v3.2', gpu: 'b200', kvCacheDtype: 'fp8' }, 43_188],
  ['GLM-5.1, fp8_ds_mla', { model: 'glm-5.1', kvCacheDtype: 'fp8_ds_mla' }, 61_464],
  ['GLM-5.1 with its draft layer', { model: 'glm-5.1', kvCacheDtype: 'fp8_ds_mla', draft: 'mtp' }, 62_252],
  ['GLM-5 on SGLang, bf16', { model: 'glm-5', engine: 'sglang' }, 100_152],
  ['Kimi-K2.6 with an Eagle 3 layer, FP8', { model: 'kimi-k2.6', kvCacheDtype: 'fp8', draft: 'eagle3' }, 35_712],
  ['Qwen3-235B, whole model', { model: 'qwen3-235b-a22b', layout: { tp: 1 } }, 192_512],
  ['Qwen3-235B at TP8: four KV heads, one on each rank', { model: 'qwen3-235b-a22b', layout: { tp: 8 } }, 48_128],
  ['MiniMax-M2.5 at TP4', { model: 'minimax-m2.5', layout: { tp: 4 } }, 63_488],
  ['Llama-3.3-70B, whole model', { model: 'llama-3.3-70b', layout: { tp: 1 } }, 327_680],
  ['Llama-3.1-405B, whole model', { model: 'llama-3.1-405b', layout: { tp: 1 } }, 516_096],
  ['gpt-oss-120b, full layers alone', { model: 'gpt-oss-120b', layout: { tp: 1 } }, 36_864],
  ['Qwen3-Next-80B, attention layers alone', { model: 'qwen3-next-80b-a3b', layout: { tp: 1 } }, 24_576],
];

describe('KV bytes per token of every kind of attention', () => {
  it.each(BYTES)('%s', (_, ask, bytes) => {
    expect(bytesPerToken(ask)).toBe(bytes);
  });

  it('a linear layer keeps a state of fixed size: 39.5 MB a sequence in Qwen3-Next, divided by TP', () => {
    const state = (tp: number) =>
      poolOf({ model: 'qwen3-next-80b-a3b', layout: { tp } }).kinds.reduce((sum, kind) => sum + kind.layers * kind.stateBytes, 0);
    expect(state(1)).toBe(36 * (49_152 + 1_048_576));
    expect(state(2)).toBe(state(1) / 2);
  });

  it('three drafted tokens: a longer convolution tail, and four states of each linear layer (a logged Qwen3.6 with MTP, vLLM 0.25.1)', () => {
    const spark = { model: 'qwen3.6-35b-a3b', layout: { tp: 1 }, contextTokens: 262_144 } as const;
    const { deployment, pool } = poolOf({ ...spark, draft: 'mtp', draftTokens: 3 });
    expect(pool).toMatchObject({ blockTokens: 1072, blocksPerSequence: 257 });
    expect(kvCapacity(deployment, pool, 3300 * pool.blockBytes).tokens).toBe(3_366_051);
    expect(poolOf(spark).pool.blocksPerSequence).toBeLessThan(257);
  });
});

/** Logged KV memory and concurrency of models with sliding or chunked windows: facts/memory-logs.csv. */
const CONCURRENCY: readonly [row: string, gib: number, ask: DeploymentAsk, concurrency: number][] = [
  ['GPTOSS-H200-TP2-s64', 88.77, { model: 'gpt-oss-120b', layout: { tp: 2 }, contextTokens: 2068, batchTokens: 8192 }, 1238.38],
  ['GPTOSS-H200-TP4-s64', 106.25, { model: 'gpt-oss-120b', layout: { tp: 4 }, contextTokens: 2068, batchTokens: 8192 }, 2964.27],
  ['GPTOSS-H200-TP8-s64', 114.84, { model: 'gpt-oss-120b', layout: { tp: 8 }, contextTokens: 2068, batchTokens: 8192 }, 6407.97],
  [
    'vLLM 0.22.0, 8k in and 1k out, TP1',
    57.24,
    { model: 'gpt-oss-120b', layout: { tp: 1 }, contextTokens: 9472, batchTokens: 8192 },
    93.62,
  ],
  [
    'PSAP-047, Gemma 4: full layers have half the bytes of sliding ones',
    65.56,
    { model: 'gemma-4-31b', layout: { tp: 1 }, contextTokens: 8192, batchTokens: 8192 },
    9.52,
  ],
  ['PSAP-023, Qwen3.5 with linear states', 62.77, { model: 'qwen3.5-122b-a10b', layout: { tp: 2 }, contextTokens: 8192 }, 373.71],
  [
    'PSAP-060, Nemotron 3 with Mamba states',
    64.07,
    { model: 'nemotron-3-super-120b-a12b', layout: { tp: 2 }, kvCacheDtype: 'fp8', contextTokens: 262_144 },
    109.11,
  ],
  ['PSAP-014, Llama 4 in chunks', 70.89, { model: 'llama-4-maverick', kvCacheDtype: 'fp8', contextTokens: 8192 }, 756.2],
];

describe('hybrid pools against logs: concurrency at the longest sequence', () => {
  it.each(CONCURRENCY)('%s', (_, gib, ask, concurrency) => {
    const { pool } = poolOf(ask);
    expect(pool.hybrid).toBe(true);
    const blocks = Math.floor((gib * GIB) / pool.blockBytes);
    expect(Math.abs(blocks / pool.blocksPerSequence / concurrency - 1)).toBeLessThan(0.001);
  });

  it('a window is reserved for what one step brings in: a small step leaves room for more sequences', () => {
    const at = (batchTokens: number) => {
      const { deployment, pool } = poolOf({ model: 'gpt-oss-120b', contextTokens: 65_536, batchTokens, maxNumSeqs: 1e6 });
      return kvCapacity(deployment, pool, 50 * GIB).sequences;
    };
    expect(at(2048)).toBeGreaterThan(at(16_384));
  });

  it('SGLang keeps windowed layers for 0.8 of the tokens (log of a two-pool cache: 26,397 of 32,997)', () => {
    const { pool } = poolOf({ model: 'gpt-oss-120b', engine: 'sglang', layout: { tp: 1 } });
    expect(pool.blockBytes).toBe(36_864 + 0.8 * 36_864);
  });

  it('tokens of a hybrid are its concurrency times the context, as engines print them', () => {
    const { deployment, pool } = poolOf({ model: 'gpt-oss-120b', layout: { tp: 8 }, contextTokens: 2068, batchTokens: 8192 });
    const { tokens } = kvCapacity(deployment, pool, 114.84 * GIB);
    expect(Math.abs(tokens / 13_251_688 - 1)).toBeLessThan(0.001);
  });
});
