import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit.ts';
import type { FitResult } from '../../src/plan/fitAnswer.ts';
import type { FitQuery } from '../../src/plan/question.ts';

const catalog = loadCatalog();
const NAMES: Readonly<Record<string, keyof FitQuery>> = {
  'kv-cache-dtype': 'kvCacheDtype',
  'attention-dp': 'attentionDp',
  'max-num-seqs': 'maxNumSeqs',
  ctx: 'contextTokens',
};

/** The question about this one layout. */
function questionOf(query: FitQuery, { gpu, gpus, layout }: FitResult): FitQuery {
  return { ...query, gpu: [gpu], gpus, ...layout };
}

/** The question with the options of the remedy; one that names GPUs states a whole layout. */
function changed(query: FitQuery, change: Readonly<Record<string, string | number>>): FitQuery {
  const { tp: _tp, pp: _pp, dp: _dp, ep: _ep, dcp: _dcp, attentionDp: _attentionDp, ...rest } = query;
  const options = Object.fromEntries(Object.entries(change).map(([flag, value]) => [NAMES[flag] ?? flag, value]));
  return 'gpus' in change ? { ...rest, pp: 1, dp: 1, dcp: 1, attentionDp: 1, ...options } : { ...query, ...options };
}

const QUESTIONS: readonly FitQuery[] = [
  { gpu: ['all'], contextTokens: 131_072 },
  { gpu: ['all'], contextTokens: 262_144, engine: 'sglang' },
  { gpu: ['h200', 'b200', 'mi300x', 'a100'], sequences: 16, contextTokens: 131_072 },
  { gpu: ['a100', 'h100'], kvCacheDtype: 'fp8', contextTokens: 65_536 },
  { gpu: ['h100', 'h20'], contextTokens: 131_072, utilization: 0.85, encoderMode: 'data' },
  { gpu: ['h200'], model: 'kimi-k2-instruct', contextTokens: 131_072 },
];

describe('the change that is offered gives the verdict that it promises', () => {
  it.each(QUESTIONS)('%j', (query) => {
    const offered = fit(query, catalog).results.filter(({ remedy }) => remedy !== null);
    expect(offered.length).toBeGreaterThan(0);
    for (const result of offered) {
      const { remedy, key } = result;
      if (!remedy) continue;
      const [after] = fit(changed(questionOf(query, result), remedy.change), catalog).results;
      expect({ key, verdict: after?.verdict }).toEqual({ key, verdict: remedy.verdict });
      expect(remedy.message).toContain(remedy.verdict);
    }
  });

  it.each(QUESTIONS)('a layout that fits is offered nothing, one that does not is better off after: %j', (query) => {
    for (const { verdict, remedy } of fit(query, catalog).results) {
      if (verdict === 'fits') expect(remedy).toBeNull();
      if (verdict === 'marginal' && remedy) expect(remedy.verdict).toBe('fits');
      if (verdict === 'does-not-fit' && remedy) expect(['fits', 'marginal']).toContain(remedy.verdict);
    }
  });
});

const remedyOf = (query: Omit<FitQuery, 'gpu'> & { gpu: string }) => fit({ ...query, gpu: [query.gpu] }, catalog).results[0]?.remedy;

describe('the smallest change', () => {
  it('cache settings before hardware: 8 × H200 hold 5 to 6 sequences of 128k, so 16 take DCP 4', () => {
    expect(remedyOf({ gpu: 'h200', tp: 8, sequences: 16, contextTokens: 131_072 })?.change).toEqual({ dcp: 4 });
  });

  it('a limit on sequences before everything else, also at a high memory fraction', () => {
    const remedy = remedyOf({ gpu: 'b200', tp: 8, utilization: 0.95, maxNumSeqs: 1, sequences: 10, contextTokens: 8192 });
    expect(remedy).toMatchObject({ code: 'max-num-seqs', change: { 'max-num-seqs': 10 }, verdict: 'fits' });
  });

  it('the default limit of the engine binds too, and says so', () => {
    const [result] = fit({ gpu: ['b300'], tp: 8, sequences: 2000, contextTokens: 1024 }, catalog).results;
    expect(result?.binding.code).toBe('max-num-seqs');
    expect(result?.remedy?.change).toEqual({ 'max-num-seqs': 2000 });
  });

  it('more GPUs where no setting helps: 4 × H100', () => {
    expect(remedyOf({ gpu: 'h100', tp: 4, contextTokens: 131_072 })).toMatchObject({
      code: 'more-gpus',
      change: { gpus: 16 },
      verdict: 'fits',
    });
  });

  it.each([
    [{ tp: 12 }, { gpus: 8, tp: 8 }],
    [
      { tp: 3, attentionDp: 2 },
      { tp: 2, 'attention-dp': 2, ep: 4 },
    ],
    [
      { tp: 8, dcp: 3 },
      { tp: 8, dcp: 2 },
    ],
    [
      { tp: 8, ep: 5 },
      { tp: 8, ep: 8 },
    ],
  ])('an invalid layout gets its nearest valid one: %j', (layout, change) => {
    expect(remedyOf({ gpu: 'h200', contextTokens: 8192, ...layout })).toMatchObject({ code: 'nearest-valid', change });
  });

  it('FP8 KV on A100 gets BF16 back', () => {
    expect(remedyOf({ gpu: 'a100', gpus: 16, tp: 16, kvCacheDtype: 'fp8', contextTokens: 131_072 })?.change).toEqual({
      'kv-cache-dtype': 'bf16',
    });
  });
});
