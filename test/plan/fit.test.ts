import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitAnswer } from '../../src/plan/fit/fitAnswer.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';
import { leavesBeyondJson, leavesOf } from '../support/walk.ts';

const catalog = loadCatalog();
const ask = (query: Partial<FitQuery>) => fit({ gpu: ['all'], ...query }, catalog);

/** Whole answers over every GPU, kept to look at from several sides. */
const ANSWERS: Readonly<Record<string, FitAnswer>> = {
  'vLLM at 256k with terms and rules': ask({ contextTokens: 262_144, terms: true, rules: true }),
  'SGLang at 128k with terms': ask({ engine: 'sglang', contextTokens: 131_072, terms: true }),
  'FP8 KV, 16 sequences, 8 GPUs': ask({ gpus: 8, kvCacheDtype: 'fp8', sequences: 16, contextTokens: 131_072, terms: true }),
  'NVFP4 at a range of contexts': ask({ format: 'nvfp4', contextTokens: [32_768, 262_144] }),
  'an engine that is too old': ask({ engine: 'vllm@0.9', contextTokens: 8192 }),
};

describe.each(Object.entries(ANSWERS))('%s', (_, answer) => {
  it('is one document that JSON carries without loss', () => {
    expect(leavesBeyondJson(answer)).toEqual([]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it('answers for every GPU, each result under a key of its own', () => {
    expect(new Set(answer.results.map(({ gpu }) => gpu))).toEqual(new Set(catalog.gpus.map(({ id }) => id)));
    expect(new Set(answer.results.map(({ key }) => key)).size).toBe(answer.results.length);
  });

  it('names no source that it does not state, and states none that it does not name', () => {
    const named = leavesOf([answer.results, answer.assumptions])
      .filter(({ path }) => path.endsWith('.source') && !path.includes('.rules.'))
      .map(({ value }) => String(value));
    const stated = Object.keys(answer.sources);
    expect(named.filter((id) => !stated.includes(id) && id !== 'user' && id !== 'kplan')).toEqual([]);
    for (const { ref, date } of Object.values(answer.sources)) expect([ref.length > 0, /^\d{4}-\d{2}/.test(date)]).toEqual([true, true]);
  });

  it('every layout that has terms adds up to its budget', () => {
    for (const { key, terms, budgetBytesPerGpu } of answer.results) {
      if (!terms) continue;
      const value = (id: string) => terms.find((term) => term.id === id)?.value ?? Number.NaN;
      expect(value('weightBytesPerGpu') + value('overheadBytesPerGpu') + value('kvMemoryBytesPerGpu'), key).toBe(budgetBytesPerGpu);
    }
  });

  it('a result without figures is invalid, and the other way round', () => {
    for (const { verdict, kvTokens, weightBytesPerGpu, binding } of answer.results) {
      expect(kvTokens === null).toBe(verdict === 'invalid');
      expect(weightBytesPerGpu === null).toBe(verdict === 'invalid');
      expect(binding.message.length).toBeGreaterThan(0);
    }
  });

  it('ends its sentence and puts no number in it that is none', () => {
    expect(answer.answer).toMatch(/\.$/);
    expect(answer.answer).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('what is asked for', () => {
  it('with terms, every valid result has them; without, none has', () => {
    const { results } = ask({ contextTokens: 262_144, terms: true });
    expect(results.every(({ verdict, terms }) => (verdict === 'invalid') === (terms === undefined))).toBe(true);
    expect(ask({ gpus: 8 }).results.every(({ terms, rules }) => terms === undefined && rules === undefined)).toBe(true);
  });

  it('fleets: every size from the smallest that could hold the weights up to four nodes', () => {
    const sizes = new Set(ask({ gpu: ['h200'], contextTokens: 8192 }).results.map(({ gpus }) => gpus));
    expect([...sizes]).toEqual([8, 16, 24, 32]);
  });

  it('all formats: warned of only where it holds for each of them', () => {
    const { warnings, results } = fit({ gpu: ['h200:8'], format: 'all', contextTokens: 8192 }, loadCatalog());
    expect(results.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(['fits', 'invalid']));
    expect(warnings).toEqual([]);
  });

  it('a count, in the name or beside it, is kept exactly', () => {
    expect(new Set(ask({ gpu: ['h200:16'] }).results.map(({ gpus }) => gpus))).toEqual(new Set([16]));
    expect(new Set(ask({ gpu: ['h200', 'b200'], gpus: 12 }).results.map(({ gpus }) => gpus))).toEqual(new Set([12]));
  });

  it.each([
    [{ pp: 5 }, 10],
    [{ dp: 7 }, 14],
    [{ attentionDp: 24 }, 24],
    [{ attentionDp: 48 }, 48],
  ])('ways that divide no usual fleet round it up: %j', (ways, smallest) => {
    const { results } = ask({ gpu: ['h200'], contextTokens: 8192, ...ways });
    expect(results[0]?.gpus).toBe(smallest);
    for (const { layout } of results) expect(layout).toMatchObject(ways);
  });

  it('a GPU that nobody serves the model on is invalid with the reason, not absent', () => {
    const [result] = ask({ gpu: ['tpu-v7'] }).results;
    expect(result).toMatchObject({ verdict: 'invalid', binding: { code: 'vllm.gpu-vendor', source: 'rules/vllm.gpu-vendor' } });
  });

  it('a GPU whose memory no engine ever printed is refused, with the profile as source', () => {
    const gpus = catalog.gpus.filter(({ id }) => id === 'h200-sxm').map((gpu) => ({ ...gpu, torchTotalGiB: null }));
    const { results, sources } = fit({ gpu: ['h200'], contextTokens: 8192 }, { ...catalog, gpus });
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ verdict: 'invalid', binding: { code: 'gpu.memory-unknown', source: 'gpus/h200-sxm#spec' } });
    expect(sources['gpus/h200-sxm#spec']).toBeDefined();
  });

  it('SGLang counts attention DP within TP: --tp 8 --attention-dp 8 are eight GPUs', () => {
    const { results } = ask({ gpu: ['h200'], engine: 'sglang', tp: 8, attentionDp: 8, contextTokens: 131_072 });
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ gpus: 8, layout: { tp: 1, attentionDp: 8, ep: 8 } });
  });

  it.each([
    [8, 8, { tp: 1, attentionDp: 8 }],
    [8, 2, { tp: 8, attentionDp: 2 }],
    [16, 2, { tp: 8, attentionDp: 2 }],
  ])('a count beside the GPU type and --gpus mean the same: %i ranks, %i groups', (tp, attentionDp, layout) => {
    const gpus = layout.tp * layout.attentionDp;
    const query = { engine: 'sglang', tp, attentionDp, contextTokens: 8192 };
    const beside = ask({ gpu: [`h200:${gpus}`], ...query });
    expect(beside.results).toEqual(ask({ gpu: ['h200'], gpus, ...query }).results);
    expect(beside.results[0]?.layout).toMatchObject(layout);
  });

  it('copies and stages count when --tp is read: --tp 8 --attention-dp 2 --pp 2 are 16 GPUs of SGLang', () => {
    const { results } = ask({ gpu: ['h200'], gpus: 16, engine: 'sglang', tp: 8, attentionDp: 2, pp: 2, contextTokens: 8192 });
    expect(results[0]?.layout).toMatchObject({ tp: 4, attentionDp: 2, pp: 2 });
  });

  it('one GPU type twice under one count is one', () => {
    expect(ask({ gpu: ['h200', 'h200:8'], gpus: 8, tp: 8 }).results).toHaveLength(1);
  });
});

describe('the first line', () => {
  it('one GPU type: the smallest fleet that holds it and what the next smaller one lacks', () => {
    const { answer } = ask({ gpu: ['a100'], contextTokens: 131_072 });
    expect(answer).toContain('fits on 16 × A100 80GB SXM4 (TP8×PP2, 2 nodes)');
    expect(answer).toContain('8 do not');
    expect(answer).toContain('[vLLM 0.25.0]');
  });

  it('does not fit: why, and the change that helps', () => {
    const { answer } = ask({ gpu: ['h200'], tp: 8, sequences: 16, contextTokens: 131_072 });
    expect(answer).toMatch(/does not fit on 8 × H200.*\(with .*: fits\)/);
  });

  it('several GPU types, by verdict: fits, marginal, not, invalid, memory unknown', () => {
    const { answer } = ask({
      gpu: ['h200', 'h100', 'rtx-4090', 'tpu-v7', 'mi250'],
      gpus: 8,
      contextTokens: 8192,
      utilization: 0.95,
      maxNumSeqs: 64,
    });
    expect(answer).toContain('fits on 8 × H200 141GB SXM (TP8); marginal on 8 × H100 80GB SXM5 (TP8); not on RTX 4090');
    expect(answer).toContain('; invalid on TPU v7 Ironwood; memory unknown of Instinct MI250 [');
  });

  it('several GPU types of which none holds it', () => {
    const { answer } = ask({ gpu: ['h100', 'rtx-4090'], gpus: 8, contextTokens: 8192, utilization: 0.95, maxNumSeqs: 64 });
    expect(answer).toMatch(/fits on none of the GPU types asked; marginal on 8 × H100.*; not on RTX 4090 \[/);
  });

  it('smaller fleets: one by its size, several with the next smaller one', () => {
    expect(ask({ gpu: ['a100'], contextTokens: 131_072 }).answer).toMatch(/; 8 do not: 72\.91 GiB/);
    expect(ask({ gpu: ['h200'], sequences: 80, contextTokens: 262_144 }).answer).toMatch(/fits on 24 × .*; smaller fleets do not, 16: /);
  });

  it('marginal: with the change that makes it fit', () => {
    const { answer } = ask({ gpu: ['h100'], tp: 8, contextTokens: 8192, utilization: 0.95, maxNumSeqs: 64 });
    expect(answer).toMatch(/is marginal on 8 × H100.*\(with .*: fits\)/);
  });

  it('layouts that fill their nodes go before odd ones, which are said beside them', () => {
    const { answer, results } = ask({ gpu: ['h100-nvl'], contextTokens: 262_144 });
    expect(answer).toContain('fits on 16 × H100 NVL 94GB (TP8×PP2, 2 nodes)');
    expect(answer).toContain('; 8 hold it only in more stages than nodes (TP4×PP2)');
    expect(results.find(({ verdict }) => verdict === 'fits')?.layout).toMatchObject({ tp: 4, pp: 2 });
  });

  it('an odd layout where nothing else was asked or holds it', () => {
    expect(ask({ gpu: ['h100-nvl'], tp: 1, pp: 8, contextTokens: 8192 }).answer).toContain('fits on 8 × H100 NVL 94GB (TP1×PP8)');
  });

  it('a GPU of unknown memory is not judged', () => {
    expect(ask({ gpu: ['mi250'], gpus: 8 }).answer).toMatch(/cannot be judged on 8 × Instinct MI250 .*: how much memory an engine sees/);
  });

  it('prints words, never codes', () => {
    const queries: readonly Partial<FitQuery>[] = [
      { contextTokens: 262_144 },
      { engine: 'sglang', utilization: 0.95 },
      { gpus: 8, sequences: 64 },
      { gpu: ['rtx-4090'] },
      { gpu: ['h200'], tp: 3 },
    ];
    for (const query of queries) {
      const { answer, results } = ask(query);
      for (const text of [answer, ...results.map(({ remedy }) => remedy?.message ?? '')]) expect(text).not.toMatch(/does-not-fit|-invalid/);
    }
  });
});
