import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';

const contexts = [32_768, 65_536, 131_072, 262_144];
const { contextMap = [], results } = fit({ gpu: ['a100', 'h200'], contextTokens: contexts }, loadCatalog());

describe('the map context × KV cache dtype → sequences', () => {
  it('has a row for every GPU type, context and dtype', () => {
    const rows = contextMap.map(({ gpu, contextTokens, kvCacheDtype }) => `${gpu} ${contextTokens} ${kvCacheDtype}`);
    expect(rows).toEqual(
      ['a100-80-sxm', 'h200-sxm'].flatMap((gpu) => contexts.flatMap((tokens) => [`${gpu} ${tokens} bf16`, `${gpu} ${tokens} fp8`])),
    );
  });

  it('stands on the layout that is offered first for the longest context', () => {
    const best = (gpu: string) => results.find((result) => result.gpu === gpu && result.verdict === 'fits');
    for (const { gpu, gpus, layout } of contextMap) expect({ gpus, layout }).toEqual({ gpus: best(gpu)?.gpus, layout: best(gpu)?.layout });
  });

  it('agrees with the question asked for one context alone', () => {
    for (const row of contextMap) {
      const { tp, pp, dp, ep, dcp, attentionDp } = row.layout;
      const alone = fit(
        {
          gpu: [row.gpu],
          gpus: row.gpus,
          tp,
          pp,
          dp,
          ep,
          dcp,
          attentionDp,
          contextTokens: row.contextTokens,
          kvCacheDtype: row.kvCacheDtype,
        },
        loadCatalog(),
      );
      expect(alone.results[0]).toMatchObject({ verdict: row.verdict, sequences: row.sequences });
    }
  });

  it('falls with the context, and FP8 holds about twice as many; on A100 it is invalid', () => {
    const of = (gpu: string, dtype: string) => contextMap.filter((row) => row.gpu === gpu && row.kvCacheDtype === dtype);
    const bf16 = of('h200-sxm', 'bf16').map(({ sequences }) => sequences?.value ?? 0);
    const fp8 = of('h200-sxm', 'fp8').map(({ sequences }) => sequences?.value ?? 0);
    expect(bf16).toEqual([...bf16].sort((a, b) => b - a));
    for (const [index, few] of bf16.entries()) expect(Math.abs((fp8[index] ?? 0) - 2 * few)).toBeLessThanOrEqual(1);
    expect(of('a100-80-sxm', 'fp8').map(({ verdict, sequences }) => [verdict, sequences])).toEqual(contexts.map(() => ['invalid', null]));
  });

  it('is absent where one context is asked', () => {
    expect(fit({ gpu: ['h200'], gpus: 8, contextTokens: [131_072] }, loadCatalog()).contextMap).toBeUndefined();
  });
});
