import { describe, expect, it } from 'vitest';
import { betterFraction, memoryFraction } from '../../src/engine/memoryFraction.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';

const fraction = (ask: DeploymentAsk) => memoryFraction(deploymentOf(ask));

describe('vLLM gpu_memory_utilization (facts/engines.md section 1)', () => {
  it.each([
    ['0.15.0', 0.9],
    ['0.20.2', 0.9],
    ['0.21.0', 0.92],
    ['0.25.0', 0.92],
    ['0.27.0', 0.92],
  ])('%s: %d by default', (version, value) => {
    expect(fraction({ engine: `vllm@${version}` }).value).toBe(value);
  });

  it('an explicit fraction is taken as it is, and the user is its source', () => {
    expect(fraction({ utilization: 0.95 })).toMatchObject({ value: 0.95, source: 'user' });
  });

  it('the default names its source', () => {
    expect(fraction({}).source).toBe('engines/vllm#fraction');
  });
});

/** facts/engines.md section 3, computed defaults for K2.5-class vision models; AITER rows from the same paragraph. */
const SGLANG: readonly [name: string, ask: DeploymentAsk, value: number][] = [
  ['H100 TP8', { gpu: 'h100', layout: { tp: 8 } }, 0.727],
  ['H200 TP8', { gpu: 'h200', layout: { tp: 8 } }, 0.806],
  ['B200 TP8', { gpu: 'b200', layout: { tp: 8 } }, 0.768],
  ['B300 TP8', { gpu: 'b300', layout: { tp: 8 } }, 0.815],
  ['GB300 TP4', { gpu: 'gb300', layout: { tp: 4 } }, 0.82],
  ['MI300X TP4, context 8,192', { gpu: 'mi300x', layout: { tp: 4 }, contextTokens: 8192 }, 0.78],
  ['MI300X TP4, AITER above 8,192', { gpu: 'mi300x', layout: { tp: 4 }, contextTokens: 8193 }, 0.663],
  ['MI355X TP4, context 8,192', { gpu: 'mi355x', layout: { tp: 4 }, contextTokens: 8192 }, 0.823],
  ['MI355X TP4, AITER above 8,192', { gpu: 'mi355x', layout: { tp: 4 }, contextTokens: 131_072 }, 0.7],
];

describe('SGLang mem_fraction_static (facts/engines.md section 3)', () => {
  it.each(SGLANG)('%s', (_, ask, value) => {
    const { value: computed } = fraction({ engine: 'sglang', ...ask });
    expect(computed.toFixed(3)).toBe(value.toFixed(3));
  });

  it('MI355X TP8 at 0.5.8 without the MLA graph term: 0.908, times 0.9097 for vision = 0.826 (start-up log K25-MI355X-01)', () => {
    const ask = { engine: 'sglang@0.5.8', gpu: 'mi355x', layout: { tp: 8 } };
    expect(fraction({ ...ask, model: 'kimi-k2-thinking' }).value).toBe(0.908);
    expect(fraction({ ...ask, model: 'kimi-k2.5' }).value.toFixed(3)).toBe('0.826');
  });

  it('H200 with attention DP over all ranks: 0.758 before the vision factor', () => {
    expect(fraction({ engine: 'sglang', model: 'kimi-k2-thinking', layout: { attentionDp: 8, ep: 8 } }).value).toBe(0.758);
  });

  it('an explicit fraction is multiplied by 0.85 under AITER and long contexts: 0.8 becomes 0.68 on MI300X TP4', () => {
    const ask = { engine: 'sglang', utilization: 0.8, layout: { tp: 4 } };
    expect(fraction({ ...ask, gpu: 'mi300x' }).value).toBeCloseTo(0.68, 12);
    expect(fraction({ ...ask, gpu: 'mi300x', contextTokens: 8192 }).value).toBe(0.8);
    expect(fraction({ ...ask, gpu: 'b300' }).value).toBe(0.8);
  });
});

describe('a reserve above the memory', () => {
  it('leaves a fraction of nothing, never a negative one', () => {
    const ask = { engine: 'sglang', gpu: 'rtx-4090', layout: { tp: 1, attentionDp: 128, ep: 128 } };
    expect(fraction(ask)).toMatchObject({ value: 0, source: 'rules/sglang.memory-fraction' });
    const { reserve } = fraction(ask);
    expect(reserve && reserve.bytes > reserve.ofBytes).toBe(true);
  });
});

describe('a fraction worth trying instead', () => {
  const better = (ask: DeploymentAsk) => betterFraction(deploymentOf(ask));

  it('vLLM: 0.95 up to there', () => {
    expect([better({}), better({ utilization: 0.95 }), better({ utilization: 0.97 })]).toEqual([0.95, null, null]);
  });

  it('SGLang: its own, where another one is asked, and never above it', () => {
    const ask = { engine: 'sglang', gpu: 'h200' };
    expect([better(ask), better({ ...ask, utilization: 0.5 }), better({ ...ask, utilization: 0.95 })]).toEqual([null, 0.806, 0.806]);
    expect(better({ ...ask, utilization: 0.806 })).toBeNull();
    expect(0.806).toBeLessThanOrEqual(fraction(ask).value);
  });
});
