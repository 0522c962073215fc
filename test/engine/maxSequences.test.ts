import { describe, expect, it } from 'vitest';
import { admittedSequences } from '../../src/engine/maxSequences.ts';
import { planMemory } from '../../src/memory/plan.ts';
import { deploymentOf } from '../support/deployments.ts';

const limit = (engine: string, gpu: string) => admittedSequences(deploymentOf({ engine, gpu })).value;

describe('default limit on sequences per step (facts/engines.md section 2)', () => {
  it.each([
    ['b300', 1024],
    ['h200', 1024],
    ['h100', 1024],
    ['h20', 1024],
    ['mi300x', 1024],
    ['a100', 256],
    ['a100-80-pcie', 256],
    ['a100-40', 256],
    ['l40s', 256],
    ['rtx-4090', 256],
    ['gaudi3', 256],
  ])('vLLM on %s: %i', (gpu, value) => {
    expect(limit('vllm', gpu)).toBe(value);
  });

  it.each([
    ['h200', 512],
    ['a100', 512],
    ['l40s', 160],
    ['rtx-4090', 80],
  ])('SGLang on %s: %i, the largest decode graph (section 3)', (gpu, value) => {
    expect(limit('sglang', gpu)).toBe(value);
  });

  it('what is asked goes before it, and each names its source', () => {
    expect(admittedSequences(deploymentOf({ gpu: 'a100', maxNumSeqs: 7 }))).toEqual({ value: 7, source: 'user' });
    expect(admittedSequences(deploymentOf({ gpu: 'a100' })).source).toBe('engines/vllm#sequences');
  });

  it('caps what the KV cache would hold: short contexts on A100 and on H100', () => {
    const sequences = (gpu: string) => planMemory(deploymentOf({ gpu, layout: { tp: 8, pp: 2 }, contextTokens: 512 })).sequences.value;
    expect([sequences('a100'), sequences('h100')]).toEqual([256, 1024]);
  });
});
