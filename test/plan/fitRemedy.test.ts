import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitResult } from '../../src/plan/fit/fitAnswer.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';

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

function optionsOf(change: Readonly<Record<string, string | number>>): Partial<FitQuery> {
  return Object.fromEntries(Object.entries(change).map(([flag, value]) => [NAMES[flag] ?? flag, value]));
}

/** The ways to type the change: over all options of the layout, and where it names GPUs in the place of them. */
function changed(query: FitQuery, result: FitResult, change: Readonly<Record<string, string | number>>): FitQuery[] {
  const over = { ...questionOf(query, result), ...optionsOf(change) };
  return 'gpus' in change ? [over, { ...query, gpu: [result.gpu], ...optionsOf(change) }] : [over];
}

const QUESTIONS: readonly FitQuery[] = [
  { gpu: ['all'], contextTokens: 131_072 },
  { gpu: ['all'], contextTokens: 262_144, engine: 'sglang' },
  { gpu: ['h200', 'b200', 'mi300x', 'a100'], sequences: 16, contextTokens: 131_072 },
  { gpu: ['a100', 'h100'], kvCacheDtype: 'fp8', contextTokens: 65_536 },
  { gpu: ['h100', 'h20'], contextTokens: 131_072, utilization: 0.85, encoderMode: 'data' },
  { gpu: ['h200'], model: 'kimi-k2-instruct', contextTokens: 131_072 },
  { gpu: ['all'], contextTokens: 131_072, engine: 'sglang', utilization: 0.95 },
  { gpu: ['h100', 'h200', 'mi300x'], gpus: 16, contextTokens: 262_144, engine: 'sglang', utilization: 0.5, sequences: 8 },
  { gpu: ['all'], engine: 'vllm@0.9', contextTokens: 8192 },
  { gpu: ['h200', 'mi300x', 'a100'], format: 'nvfp4', contextTokens: 131_072 },
  { gpu: ['b200', 'mi300x'], format: 'mxfp4', kvCacheDtype: 'fp8' },
];

describe('the change that is offered gives the verdict that it promises', () => {
  it.each(QUESTIONS)('%j', (query) => {
    const offered = fit(query, catalog).results.filter(({ remedy }) => remedy !== null);
    expect(offered.length).toBeGreaterThan(0);
    for (const result of offered) {
      const { remedy, key } = result;
      if (!remedy) continue;
      for (const typed of changed(query, result, remedy.change)) {
        const { results } = fit(typed, catalog);
        expect({ key, typed, verdicts: results.map(({ verdict }) => verdict) }).toEqual({ key, typed, verdicts: [remedy.verdict] });
      }
      expect(remedy.message).toMatch(remedy.verdict === 'fits' ? /: fits$/ : /: marginal$/);
    }
  });

  it.each(QUESTIONS)('a layout that fits is offered nothing, one that does not is better off after: %j', (query) => {
    for (const { verdict, remedy } of fit(query, catalog).results) {
      if (verdict === 'fits') expect(remedy).toBeNull();
      if (verdict === 'marginal' && remedy) expect(remedy.verdict).toBe('fits');
      if (remedy) expect(['fits', 'marginal']).toContain(remedy.verdict);
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
      { gpus: 8, tp: 4, 'attention-dp': 2, ep: 8 },
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

describe('a remedy helps, or there is none', () => {
  it('the nearest valid layouts of TP 3 do not hold it: the smallest fleet that does', () => {
    expect(remedyOf({ gpu: 'h200', tp: 3 })).toMatchObject({ code: 'more-gpus', change: { gpus: 8, tp: 8 }, verdict: 'fits' });
  });

  it('two rules broken at once: TP 12 and an FP8 KV cache on A100', () => {
    expect(remedyOf({ gpu: 'a100', tp: 12, kvCacheDtype: 'fp8', contextTokens: 131_072 })).toMatchObject({
      change: { gpus: 16, tp: 16, 'kv-cache-dtype': 'bf16' },
      message: 'with 16 × A100 80GB SXM4 as TP16 and a BF16 KV cache: fits',
      verdict: 'fits',
    });
  });

  it('an engine that is too old: the first version that knows the model', () => {
    expect(remedyOf({ gpu: 'h200', tp: 8, engine: 'vllm@0.9', contextTokens: 8192 })).toMatchObject({
      code: 'engine',
      change: { engine: 'vllm@0.15.0' },
      verdict: 'fits',
    });
  });

  it.each([
    ['nvfp4', 'h200'],
    ['mxfp4', 'mi300x'],
  ])('%s on %s: the native format', (format, gpu) => {
    expect(remedyOf({ gpu, tp: 8, format, contextTokens: 8192 })).toMatchObject({
      code: 'format',
      change: { format: 'int4' },
      verdict: 'fits',
    });
  });

  it.each(['does not', 'is invalid'])('no fleet holds it, which the sentence says (%s)', (words) => {
    const { answer, results } = fit({ gpu: ['rtx-4090'], tp: words === 'does not' ? 8 : 3 }, catalog);
    expect(results[0]?.remedy).toBeNull();
    expect(answer).toContain(words);
    expect(answer).toContain('; no fleet of up to 4 nodes holds it');
  });

  it('a vendor without a kernel is no question of fleets', () => {
    expect(fit({ gpu: ['tpu-v7'] }, catalog).answer).not.toContain('fleet');
  });

  it('SGLang is never offered a fraction above its own', () => {
    const queries: readonly FitQuery[] = [{ utilization: 0.95 }, { utilization: 0.4 }, {}].flatMap((part) =>
      [1, 16].map((sequences) => ({ gpu: ['all'], engine: 'sglang', contextTokens: 65_536, sequences, ...part })),
    );
    for (const query of queries) {
      for (const result of fit(query, catalog).results) {
        const { remedy } = result;
        const offered = remedy?.change['utilization'];
        if (!remedy || typeof offered !== 'number') continue;
        for (const typed of changed(query, result, remedy.change)) {
          const { utilization: _, ...rest } = typed;
          const { assumptions } = fit({ ...rest, contextTokens: 8192 }, catalog);
          const own = Number(/^memory fraction ([\d.]+)/.exec(assumptions.find(({ code }) => code === 'memory-fraction')?.text ?? '')?.[1]);
          expect(offered, remedy.message).toBeLessThanOrEqual(own + 1e-4);
        }
      }
    }
  });
});
