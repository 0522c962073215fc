import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { Fault } from '../../src/faults/fault.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import type { FitQuery } from '../../src/plan/fit/question.ts';

const catalog = loadCatalog();

function faultOf(query: object): Fault {
  try {
    fit({ gpu: ['h200'], ...query } as FitQuery, catalog);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(query)} was answered`);
}

describe('names (facts/faults.md cases 1 and 17)', () => {
  it.each<[object, where: string, value: string, nearest: string]>([
    [{ gpu: ['h10O'] }, '--gpu', 'h10O', 'h100'],
    [{ gpu: ['h200', 'mi300'.concat('y')] }, '--gpu', 'mi300y', 'mi300x'],
    [{ model: 'kimi-k2.7-cod' }, '--model', 'kimi-k2.7-cod', 'kimi-k2.7-code'],
    [{ engine: 'vlm' }, '--engine', 'vlm', 'vllm'],
  ])('%j', (query, where, value, nearest) => {
    const { code, details } = faultOf(query);
    expect(code).toBe('unknown');
    expect(details).toMatchObject({ where, value });
    expect(details.nearest).toContain(nearest);
  });

  it.each([
    [{ format: 'int8' }, '--format', 'int4, nvfp4, mxfp4'],
    [{ kvCacheDtype: 'int4' }, '--kv-cache-dtype', 'bf16 (auto, float16), fp8 (fp8_e4m3), or fp8_ds_mla for sparse MLA'],
    [{ encoderMode: 'none' }, '--mm-encoder', 'weights or data'],
  ])('%j: the whole choice is listed', (query, where, allowed) => {
    expect(faultOf(query)).toMatchObject({ code: 'unknown', details: { where, allowed } });
  });

  it('an unknown GPU names the command that shows all', () => {
    expect(faultOf({ gpu: ['h10O'] }).message).toContain('kplan data gpus');
  });

  it.each([[[]], [['']], [['h200:8:9']], [['h200:0']], [['h200:eight']]])('no GPU in %j', (gpu) => {
    expect(faultOf({ gpu }).details.where).toBe('--gpu');
  });
});

describe('numbers (facts/faults.md cases 4, 5 and 11)', () => {
  const strange = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.3];
  const whole: Readonly<Record<string, string>> = {
    contextTokens: '--ctx',
    sequences: '--sequences',
    maxNumSeqs: '--max-num-seqs',
    gpus: '--gpus',
    tp: '--tp',
    pp: '--pp',
    dp: '--dp',
    ep: '--ep',
    dcp: '--dcp',
    attentionDp: '--attention-dp',
  };

  it.each(Object.entries(whole))('%s takes whole numbers from 1 and names %s', (name, where) => {
    for (const value of strange) expect(faultOf({ [name]: value })).toMatchObject({ code: 'invalid', details: { where, value } });
    expect(faultOf({ [name]: 1e308 }).code).toBe('invalid');
  });

  it('a text where a number belongs is refused, not read', () => {
    expect(faultOf({ contextTokens: '128k' })).toMatchObject({ code: 'invalid', details: { where: '--ctx', value: '128k' } });
  });

  it.each([0, -0.1, 1.1, 90, Number.NaN])('a memory fraction of %d', (utilization) => {
    expect(faultOf({ utilization })).toMatchObject({
      code: 'invalid',
      details: { where: '--utilization', value: utilization, allowed: 'a number, above 0, at most 1' },
    });
  });

  it('a memory fraction of 1 is allowed', () => {
    expect(fit({ gpu: ['h200'], tp: 8, utilization: 1, contextTokens: 8192 }, catalog).results[0]?.verdict).toBe('fits');
  });

  it('a context beyond the model names its limit', () => {
    expect(faultOf({ contextTokens: 262_145 }).message).toContain('Kimi K2.7 Code takes at most 262,144 tokens');
    expect(faultOf({ contextTokens: [8192, 300_000] }).details.value).toBe(300_000);
    expect(faultOf({ model: 'kimi-k2-instruct', contextTokens: 262_144 }).message).toContain('131,072');
  });

  it('no context at all is no question', () => {
    expect(faultOf({ contextTokens: [] })).toMatchObject({ code: 'missing', details: { where: '--ctx' } });
  });
});

describe('contradictions', () => {
  it('twelve GPUs at TP 8', () => {
    expect(faultOf({ gpus: 12, tp: 8 })).toMatchObject({
      code: 'contradiction',
      details: { where: '--gpus', value: 12, allowed: 'a multiple of 8' },
    });
  });

  it('two counts that differ', () => {
    expect(faultOf({ gpu: ['h200:8'], gpus: 16 })).toMatchObject({ code: 'contradiction', details: { where: '--gpus', value: 16 } });
    expect(fit({ gpu: ['h200:16'], gpus: 16, contextTokens: 8192 }, catalog).results.length).toBeGreaterThan(0);
  });

  it('a count of any of several GPU types', () => {
    expect(faultOf({ gpu: ['h200:8', 'b200:4'], gpus: 8 })).toMatchObject({
      code: 'contradiction',
      details: { where: '--gpus', value: 8 },
    });
    expect(faultOf({ gpu: ['h200:8', 'b200:4'], gpus: 8 }).message).toContain('4 × B200');
  });

  it('ways that use a part of the GPUs', () => {
    expect(faultOf({ gpus: 16, tp: 8, pp: 1, attentionDp: 1 })).toMatchObject({
      code: 'contradiction',
      message: expect.stringContaining('--tp 8 × --pp 1 × --attention-dp 1 uses 8 of 16 GPUs'),
      details: { where: '--gpus', value: 16, allowed: '8, ways whose product is 16, or --dp 2' },
    });
    expect(fit({ gpu: ['h200'], gpus: 16, tp: 8, pp: 1, attentionDp: 1, dp: 2 }, catalog).results).toHaveLength(1);
  });

  it('a version that is no number: rules need one', () => {
    expect(faultOf({ engine: 'vllm@latest' })).toMatchObject({ code: 'invalid', details: { where: '--engine', value: 'latest' } });
  });
});

describe('verdicts that are not faults (facts/faults.md case 9)', () => {
  it.each([
    [3, [2, 4]],
    [5, [4, 8]],
    [6, [4, 8]],
    [7, [8, 4]],
  ])('TP %i on 64 heads is invalid, with the nearest valid ones %j', (tp, nearest) => {
    const [result] = fit({ gpu: ['h200'], tp, contextTokens: 8192 }, catalog).results;
    expect(result).toMatchObject({ verdict: 'invalid', binding: { code: 'vllm.tp-heads' } });
    expect(result?.binding.message).toContain(`nearest valid TP: ${nearest.join(' or ')}`);
  });
});
