import { describe, expect, it } from 'vitest';
import { attentionBackend, vllmAiterTakes } from '../../src/engine/attentionBackend.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

/** facts/engines.md section 8: the first kernel of each GPU that takes the KV cache dtype, and its block. */
const CHOICES: readonly [name: string, ask: DeploymentAsk, backend: string, blockTokens: number][] = [
  ['A100 (SM 8.0)', { gpu: 'a100' }, 'TRITON_MLA', 16],
  ['L40S (SM 8.9), FP8 KV', { gpu: 'l40s', kvCacheDtype: 'fp8' }, 'TRITON_MLA', 16],
  ['H200 (SM 9.0)', { gpu: 'h200' }, 'FLASH_ATTN_MLA', 16],
  ['H200 (SM 9.0), FP8 KV', { gpu: 'h200', kvCacheDtype: 'fp8' }, 'FLASHMLA', 64],
  ['B200 (SM 10.0)', { gpu: 'b200' }, 'FLASHINFER_MLA', 64],
  ['B300 (SM 10.3), FP8 KV', { gpu: 'b300', kvCacheDtype: 'fp8' }, 'FLASHINFER_MLA', 64],
  ['RTX PRO 6000 (SM 12.0)', { gpu: 'rtx-pro-6000-server' }, 'TRITON_MLA', 16],
  ['MI300X TP8 on 0.25', { gpu: 'mi300x' }, 'ROCM_AITER_MLA', 16],
  ['MI300X TP8 on 0.16', { gpu: 'mi300x', engine: 'vllm@0.16.0' }, 'TRITON_MLA', 16],
  ['MI300X TP4 on 0.16', { gpu: 'mi300x', engine: 'vllm@0.16.0', layout: { tp: 4 } }, 'ROCM_AITER_MLA', 16],
  ['MI300X with DCP', { gpu: 'mi300x', layout: { tp: 8, dcp: 2 } }, 'TRITON_MLA', 16],
  ['SGLang on H200', { engine: 'sglang' }, 'fa3', 1],
  ['SGLang on B200', { engine: 'sglang', gpu: 'b200' }, 'flashinfer', 1],
  ['SGLang on A100', { engine: 'sglang', gpu: 'a100' }, 'triton', 1],
  ['SGLang on MI355X TP4, 16 heads', { engine: 'sglang', gpu: 'mi355x', layout: { tp: 4 } }, 'aiter', 1],
  ['SGLang on MI355X TP8, 8 heads', { engine: 'sglang', gpu: 'mi355x' }, 'triton', 1],
];

describe('MLA decode kernel and block (facts/engines.md section 8)', () => {
  it.each(CHOICES)('%s', (_, ask, name, blockTokens) => {
    expect(attentionBackend(deploymentOf(ask))).toEqual({ name, blockTokens });
  });
});

describe('heads per rank that AITER takes (facts/engines.md section 10)', () => {
  it.each([
    ['0.16.0', 8, false],
    ['0.16.9', 16, true],
    ['0.16.9', 128, true],
    ['0.16.9', 32, false],
    ['0.17.0', 8, true],
    ['0.25.0', 32, true],
    ['0.25.0', 24, false],
  ])('vLLM %s, %i heads: %s', (version, heads, taken) => {
    expect(vllmAiterTakes(heads, version)).toBe(taken);
  });
});
