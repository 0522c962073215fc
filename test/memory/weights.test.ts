import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/engine/deployment.ts';
import { stagesOf } from '../../src/memory/stage.ts';
import { extraBytes, stageWeightBytes } from '../../src/memory/weights.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

function weightsOf(deployment: Deployment): number[] {
  return stagesOf(deployment.model.architecture, deployment.layout.pp).map((stage) => stageWeightBytes(deployment, stage));
}

function extra(ask: DeploymentAsk, id: string): number | undefined {
  const deployment = deploymentOf(ask);
  const [stage] = stagesOf(deployment.model.architecture, 1);
  if (!stage) throw new Error('a model has a stage');
  return extraBytes(deployment, stage).find((bytes) => bytes.id === id)?.bytes;
}

const KV_UP = 1_023_410_176;
const wide = (ranks: number) => ({ attentionDp: ranks, ep: ranks });

/** facts/model-bytes.md section 7, column B: weights as one GPU holds them on vLLM. */
const VLLM: readonly [name: string, ask: DeploymentAsk, bytes: number][] = [
  ['TP4', { layout: { tp: 4 } }, 150_578_635_744],
  ['TP4, mm-encoder data', { layout: { tp: 4 }, encoderMode: 'data' }, 151_195_241_440],
  ['TP8', { layout: { tp: 8 } }, 76_472_616_928],
  ['TP8, mm-encoder data', { layout: { tp: 8 }, encoderMode: 'data' }, 77_191_990_240],
  ['TP16', { layout: { tp: 16 } }, 39_419_607_520],
  ['TP16, mm-encoder data', { layout: { tp: 16 }, encoderMode: 'data' }, 40_190_364_640],
  ['TP32', { layout: { tp: 32 } }, 20_893_102_816],
  ['TP32, mm-encoder data', { layout: { tp: 32 }, encoderMode: 'data' }, 21_689_551_840],
  ['TP8 + EP8', { layout: { tp: 8, ep: 8 } }, 76_472_616_928],
  ['DP8 attention + EP8', { layout: wide(8) }, 95_798_971_360],
  ['DP16 + EP16', { layout: wide(16) }, 60_126_415_840],
  ['DP24 + EP24', { layout: wide(24) }, 48_235_564_000],
  ['DP32 + EP32', { layout: wide(32) }, 42_290_138_080],
];

describe('weights per GPU on vLLM (facts/model-bytes.md section 7)', () => {
  it.each(VLLM)('%s', (_, ask, bytes) => {
    expect(weightsOf(deploymentOf(ask))).toEqual([bytes]);
  });

  it('TP64: Marlin pads expert shards of 32 columns to 64, so the experts weigh as at TP32', () => {
    const unpadded = 11_629_850_464;
    const expertShard = 570_760_888_320 / 64;
    expect(weightsOf(deploymentOf({ layout: { tp: 64 } }))).toEqual([unpadded + expertShard]);
    expect(weightsOf(deploymentOf({ layout: { tp: 64 }, gpu: 'mi300x' }))).toEqual([unpadded]);
  });

  it('TP8×PP2: stages of 31 and 30 layers hold 38.5 and 38.1 GB', () => {
    const [first = 0, second = 0] = weightsOf(deploymentOf({ layout: { tp: 8, pp: 2 } }));
    expect([(first / 1e9).toFixed(1), (second / 1e9).toFixed(1)]).toEqual(['38.5', '38.1']);
  });

  it('K2.5-NVFP4 at TP8 with a data-mode encoder: 76,646,029,975 B (section 2)', () => {
    expect(weightsOf(deploymentOf({ model: 'kimi-k2.5', format: 'nvfp4', gpu: 'b200', encoderMode: 'data' }))).toEqual([76_646_029_975]);
  });

  it('with TP, attention DP and EP the shared experts stay whole on every rank (section 7, sequence-parallel MoE)', () => {
    const split = deploymentOf({ layout: { tp: 4, attentionDp: 2, ep: 1 } });
    const spread = deploymentOf({ layout: { tp: 4, attentionDp: 2, ep: 8 } });
    const shared = 5_284_823_040;
    expect(weightsOf(spread)[0]).toBe((weightsOf(split)[0] ?? 0) - shared / 4 + shared);
  });
});

describe('weights per GPU on SGLang (facts/model-bytes.md section 7)', () => {
  it('DP8 attention + EP8: the rest stays split, and whole W_UK and W_UV stand beside kv_b', () => {
    expect(weightsOf(deploymentOf({ engine: 'sglang', layout: wide(8) }))).toEqual([86_370_700_256 + KV_UP]);
  });

  it.each([4, 8, 16])('TP%i adds copies of kv_b divided by TP', (tp) => {
    const [vllm = 0] = weightsOf(deploymentOf({ layout: { tp } }));
    expect(weightsOf(deploymentOf({ engine: 'sglang', layout: { tp } }))).toEqual([vllm + KV_UP / tp]);
  });

  it('keeps index placeholders on ROCm: 1,368,391,680 B at TP8, 1,415,577,600 B at TP4, none on NVIDIA', () => {
    const placeholders = (gpu: string, tp: number) => extra({ engine: 'sglang', gpu, layout: { tp } }, 'expertIndexPlaceholders');
    expect(placeholders('mi355x', 8)).toBe(1_368_391_680);
    expect(placeholders('mi300x', 4)).toBe(1_415_577_600);
    expect(placeholders('h200', 8)).toBeUndefined();
  });
});

describe('weights against start-up logs (facts/model-bytes.md section 7)', () => {
  const gib = (deployment: Deployment) => (weightsOf(deployment)[0] ?? 0) / 2 ** 30;

  it('K2.5 INT4 TP8 on vLLM, data-mode encoder: 72.02 GiB logged, 0.13 GiB of load noise', () => {
    expect(72.02 - gib(deploymentOf({ model: 'kimi-k2.5', encoderMode: 'data' }))).toBeCloseTo(0.13, 2);
  });

  it('K2.5 TP8 on SGLang 0.5.8, MI355X: 73.58 GiB logged, 0.30 GiB of load noise', () => {
    const logged = deploymentOf({ model: 'kimi-k2.5', engine: 'sglang@0.5.8', gpu: 'mi355x', encoderMode: 'data' });
    expect(73.58 - gib(logged)).toBeCloseTo(0.3, 2);
  });

  it('an FP8 KV up-projection is held in bf16 as well: two bytes per weight over TP', () => {
    expect(extra({ model: 'kimi-k2-instruct', layout: { tp: 16 } }, 'kvUpBf16')).toBe(KV_UP / 16);
    expect(extra({ layout: { tp: 16 } }, 'kvUpBf16')).toBeUndefined();
  });
});
