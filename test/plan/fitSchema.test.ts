import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';
import { fitSchema } from '../../src/report/schema/fit.ts';

const ASKS: readonly Partial<FitQuery>[] = [
  { contextTokens: 262_144 },
  { contextTokens: [8192, 131_072], terms: true, rules: true, gpus: 8 },
  { attentionDp: 32, contextTokens: 8192 },
  { tp: 1, attentionDp: 128, contextTokens: 8192, terms: true },
  { utilization: 1, kvCacheDtype: 'fp8', sequences: 16, contextTokens: 8192 },
];

describe.each(['vllm', 'sglang'])('%s on every GPU', (engine) => {
  it.each(ASKS)('%j keeps the published schema', (ask) => {
    const answer = fit({ gpu: ['all'], engine, ...ask }, loadCatalog());
    expect(() => fitSchema.parse(answer)).not.toThrow();
    for (const { key, budgetBytesPerGpu } of answer.results) expect(budgetBytesPerGpu ?? 0, key).toBeGreaterThanOrEqual(0);
  });
});

describe('a reserve of the engine above the memory of the GPU', () => {
  const { results, answer } = fit({ gpu: ['a100-40'], engine: 'sglang', tp: 1, attentionDp: 64, contextTokens: 8192 }, loadCatalog());
  const [result] = results;

  it('is no room at all, said with both figures', () => {
    expect(result).toMatchObject({
      verdict: 'does-not-fit',
      budgetBytesPerGpu: 0,
      binding: { code: 'engine-reserve-exceeds-memory', source: 'rules/sglang.memory-fraction' },
    });
    expect(result?.binding.message).toMatch(/^SGLang keeps 4\d\.\d\d GiB of each GPU .* all of the 40\.00 GiB that there are$/);
    expect(answer).toContain(result?.binding.message);
  });

  it('is offered only what helps', () => {
    expect(result?.remedy).toMatchObject({ verdict: 'fits', change: { gpus: 32 } });
  });
});

describe('the question as it was understood', () => {
  it('holds numbers where they are numbers', () => {
    const contexts = [32_768, 65_536];
    expect(fit({ gpu: ['h200'], gpus: 8, contextTokens: contexts }, loadCatalog()).query['contextTokens']).toEqual(contexts);
    expect(fit({ gpu: ['h200'], gpus: 8, contextTokens: 8192 }, loadCatalog()).query['contextTokens']).toBe(8192);
  });
});
