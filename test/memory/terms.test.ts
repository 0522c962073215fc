import { describe, expect, it } from 'vitest';
import type { Term } from '../../src/evidence/term.ts';
import { planMemory } from '../../src/memory/plan.ts';
import { memoryTerms } from '../../src/memory/terms.ts';
import { type DeploymentAsk, deploymentOf } from '../support/deployments.ts';
import { checkTerms } from '../support/termCheck.ts';

/** One deployment of every kind of arithmetic. */
const DEPLOYMENTS: Readonly<Record<string, DeploymentAsk>> = {
  'vLLM TP8': {},
  'vLLM TP8, data-mode encoder': { encoderMode: 'data' },
  'vLLM TP64 with Marlin padding': { layout: { tp: 64 } },
  'vLLM TP8×PP2': { gpu: 'a100', layout: { tp: 8, pp: 2 } },
  'vLLM TP4×PP3, tightest in the middle': { layout: { tp: 4, pp: 3 }, model: 'kimi-k2-thinking' },
  'vLLM DCP': { layout: { tp: 8, dcp: 4 }, kvCacheDtype: 'fp8' },
  'vLLM attention DP': { layout: { attentionDp: 8, ep: 8 } },
  'vLLM attention DP, EP that leaves a remainder': { layout: { attentionDp: 40, ep: 40 } },
  'vLLM TP4 × attention DP 2, sequence-parallel experts': { layout: { tp: 4, attentionDp: 2, ep: 8 }, sequences: 4 },
  'vLLM copies with a limit on sequences': { layout: { tp: 8, dp: 3 }, maxNumSeqs: 7, contextTokens: 5000 },
  'vLLM on AMD': { gpu: 'mi300x', engine: 'vllm@0.16.0' },
  'vLLM, FP8 checkpoint': { model: 'kimi-k2-instruct', layout: { tp: 16 } },
  'vLLM, NVFP4 with shared experts and dense layer': { model: 'kimi-k2.5', format: 'nvfp4', gpu: 'b200', encoderMode: 'data' },
  'vLLM, MXFP4': { format: 'mxfp4', gpu: 'mi355x', layout: { tp: 4 } },
  'vLLM, nothing left': { gpu: 'h100', layout: { tp: 4 } },
  'SGLang TP8': { engine: 'sglang' },
  'SGLang attention DP': { engine: 'sglang', layout: { tp: 2, attentionDp: 4, ep: 8 } },
  'SGLang on ROCm with AITER': { engine: 'sglang', gpu: 'mi300x', layout: { tp: 4 } },
  'SGLang on ROCm, 0.5.8, fraction asked': { engine: 'sglang@0.5.8', gpu: 'mi355x', utilization: 0.8, encoderMode: 'data' },
  'SGLang, FP8 checkpoint over PP': { engine: 'sglang', model: 'kimi-k2-instruct', layout: { tp: 8, pp: 2 } },
};

function termsOf(ask: DeploymentAsk) {
  const deployment = deploymentOf(ask);
  const plan = planMemory(deployment);
  const terms = memoryTerms(deployment, plan);
  const get = (id: string): Term => {
    const term = terms.find((one) => one.id === id);
    if (!term) throw new Error(`no term ${id}`);
    return term;
  };
  return { plan, terms, get };
}

describe.each(Object.entries(DEPLOYMENTS))('terms of %s', (_, ask) => {
  const { plan, terms, get } = termsOf(ask);

  it('every formula evaluates, with units, to the value that the code computed', () => {
    checkTerms(terms);
    expect(terms.filter(({ kind }) => kind === 'formula').length).toBeGreaterThan(15);
  });

  it('carry the figures of the plan, ends included', () => {
    const figures = [
      'weightBytesPerGpu',
      'budgetBytesPerGpu',
      'overheadBytesPerGpu',
      'kvMemoryBytesPerGpu',
      'kvBytesPerToken',
      'kvTokens',
      'sequences',
    ] as const;
    for (const id of figures) {
      const figure = plan[id];
      const { low, value, high } = get(id);
      if (typeof figure === 'number') expect(value, id).toBe(figure);
      else
        expect({ low: low ?? value, value, high: high ?? value }, id).toMatchObject({
          low: figure.low,
          value: figure.value,
          high: figure.high,
        });
    }
  });

  it('the parts of the weights add up, and weights, overhead and KV memory to the budget', () => {
    const parts = terms.filter(({ id }) => id.startsWith('weights_')).reduce((sum, { value }) => sum + value, 0);
    expect(Math.ceil(parts - 1e-3)).toBe(get('weightBytesPerGpu').value);
    expect(get('weightBytesPerGpu').value + get('overheadBytesPerGpu').value + get('kvMemoryBytesPerGpu').value).toBe(
      get('budgetBytesPerGpu').value,
    );
  });
});

describe('sources of terms', () => {
  it('the memory, the fraction and the overhead name where they were read', () => {
    const { get } = termsOf({});
    expect(get('engineVisibleBytes')).toMatchObject({ kind: 'input', source: 'gpus/h200-sxm#torch' });
    expect(get('memoryFraction')).toMatchObject({ kind: 'input', source: 'engines/vllm#fraction' });
    expect(get('overhead_sampler')).toMatchObject({ kind: 'lookup', source: 'sources#startup-logs' });
    expect(termsOf({ engine: 'sglang' }).get('overheadBytesPerGpu')).toMatchObject({ kind: 'input', source: 'engines/sglang#overhead' });
  });

  it('what the user set says so', () => {
    const { get } = termsOf({ utilization: 0.9, maxNumSeqs: 64 });
    expect(get('memoryFraction')).toMatchObject({ source: 'user' });
    expect(get('maxNumSeqs')).toMatchObject({ source: 'user' });
  });
});
