import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';

const catalog = loadCatalog();
const assumptionsOf = (query: Partial<FitQuery>) =>
  new Map(fit({ gpu: ['h200'], ...query }, catalog).assumptions.map((one) => [one.code, one]));

/** Every option of a fit question that has a default, with a value that is not it. */
const CHOICES: Readonly<Record<string, Partial<FitQuery>>> = {
  model: { model: 'kimi-k2.6' },
  engine: { engine: 'vllm@0.21.0' },
  context: { contextTokens: 8192 },
  sequences: { sequences: 2 },
  'max-num-seqs': { maxNumSeqs: 64 },
  'kv-cache-dtype': { kvCacheDtype: 'fp8' },
  'encoder-mode': { encoderMode: 'data' },
};

describe('assumptions', () => {
  it.each(Object.entries(CHOICES))('%s: said as the default, or as the choice of the user', (code, asked) => {
    const byDefault = assumptionsOf({}).get(code);
    expect(byDefault?.text).toMatch(/default\)$/);
    expect(byDefault?.source).not.toBe('user');
    const chosen = assumptionsOf(asked).get(code);
    expect(chosen?.text).not.toContain('default');
    expect(chosen?.source).toBe('user');
  });

  it('the checkpoint says its repository, and what is supposed where its tensor list is not published', () => {
    expect(assumptionsOf({}).get('checkpoint')?.text).toContain('moonshotai/Kimi-K2.7-Code (int4, default)');
    expect(assumptionsOf({ gpu: ['mi355x'], format: 'mxfp4' }).get('checkpoint')?.text).toContain('taken to be MXFP4');
  });

  it('the memory fraction: a default of the version, the user, or a range that SGLang computes by GPU', () => {
    expect(assumptionsOf({}).get('memory-fraction')?.text).toBe('memory fraction 0.92: default of vLLM since 0.21.0');
    expect(assumptionsOf({ utilization: 0.95 }).get('memory-fraction')).toMatchObject({
      text: 'memory fraction 0.95: as asked',
      source: 'user',
    });
    expect(assumptionsOf({ gpu: ['h100', 'h200'], engine: 'sglang', tp: 8 }).get('memory-fraction')?.text).toMatch(
      /^memory fraction 0\.7269 to 0\.806, computed/,
    );
  });

  it('overhead bands stand for the vendors that were judged', () => {
    expect([...assumptionsOf({ gpu: ['h200'] }).keys()].filter((code) => code.startsWith('overhead'))).toEqual(['overhead-nvidia']);
    expect([...assumptionsOf({ gpu: ['h200', 'mi300x'] }).keys()].filter((code) => code.startsWith('overhead'))).toEqual([
      'overhead-nvidia',
      'overhead-amd',
    ]);
    expect([...assumptionsOf({ gpu: ['tpu-v7'] }).keys()].filter((code) => code.startsWith('overhead'))).toEqual([]);
  });

  it('a model without vision has no encoder to place', () => {
    expect(assumptionsOf({ model: 'kimi-k2-thinking' }).has('encoder-mode')).toBe(false);
  });
});

describe('what a figure rests on', () => {
  it('a band says whether it was measured or made of a few logs', () => {
    expect(assumptionsOf({}).get('overhead-nvidia')?.text).toMatch(/\(80 % of logged runs\)$/);
    expect(assumptionsOf({ engine: 'sglang' }).get('overhead-nvidia')?.text).toMatch(/\(from a few logs, ends assumed\)$/);
  });

  it('the limit on sequences differs by GPU', () => {
    expect(assumptionsOf({ gpu: ['a100'] }).get('max-num-seqs')?.text).toContain('admits: 256 (default)');
    expect(assumptionsOf({ gpu: ['a100', 'h200'] }).get('max-num-seqs')?.text).toContain('admits: 256 to 1,024, by GPU (default)');
  });

  it('how --tp was read beside the attention DP of SGLang, and only there', () => {
    const read = (query: Partial<FitQuery>) => assumptionsOf(query).get('tp-reading')?.text;
    const sglang = { engine: 'sglang', tp: 8, attentionDp: 2, contextTokens: 8192 };
    expect(read(sglang)).toContain("as SGLang's own flag does: 2 attention groups of 4");
    expect(read({ ...sglang, gpus: 16 })).toBe('--tp 8 counts the ranks of one of 2 attention groups');
    expect(read({ ...sglang, engine: 'vllm' })).toBeUndefined();
    expect(read({ ...sglang, attentionDp: 1 })).toBeUndefined();
  });

  it('the load noise of ROCm covers 90 % of its logs', () => {
    expect(assumptionsOf({}).get('load-noise')?.text).toContain('up to 5 % on ROCm');
  });
});

describe('warnings', () => {
  it('--ctx 128 works and is called very short (facts/faults.md case 2)', () => {
    const { warnings, results } = fit({ gpu: ['h200'], tp: 8, contextTokens: 128 }, catalog);
    expect(warnings).toEqual([expect.stringContaining('128 tokens is very short')]);
    expect(results[0]?.verdict).toBe('fits');
  });

  it('TP beyond the scale-up domain is flagged beside the verdict (case 10)', () => {
    const [result] = fit({ gpu: ['h200'], tp: 16, contextTokens: 131_072 }, catalog).results;
    expect(result).toMatchObject({ verdict: 'fits', notes: [expect.stringContaining('[vllm.tp-in-domain]')] });
  });

  it('FP8 KV on A100: invalid on vLLM, a warning on SGLang (case 18)', () => {
    const ask = { gpu: ['a100'], gpus: 16, tp: 16, kvCacheDtype: 'fp8', contextTokens: 131_072 };
    expect(fit(ask, catalog).results[0]).toMatchObject({ verdict: 'invalid', binding: { code: 'vllm.fp8-kv-sm80' } });
    const [sglang] = fit({ ...ask, engine: 'sglang' }, catalog).results;
    expect(sglang?.verdict).not.toBe('invalid');
    expect(sglang?.notes).toContainEqual(expect.stringContaining('[sglang.fp8-kv-a100]'));
  });
});
