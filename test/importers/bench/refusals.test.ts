import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/faults/fault.ts';
import { importBench } from '../../../src/importers/bench/index.ts';
import { changed, DEPLOYMENT, fixture, imported, memoryEnvironment, refusal, SECRET } from './support.ts';

const V = 'vllm-serve.json.txt';

describe('files that cannot be read', () => {
  it.each([
    ['{"a": 1,\n "b": \n}', 'run.json:3', 'a comma, a quote or a value is wrong'],
    [`{"a": 1,\n "b": "${SECRET}`, 'run.json:1', 'what begins here does not end'],

    [`{"a": "${SECRET}\n"}`, 'run.json:1', 'a text that does not end'],
    [`${'['.repeat(65)}`, 'run.json:1', 'nested deeper'],
    ['', 'run.json:1', 'it holds nothing'],
    ['[]', 'run.json:1', 'it holds nothing'],
    ['Metric,avg\n"a', 'run.json:2', 'not CSV'],
    ['metadata:\n  a: [', 'run.json:2', 'not YAML'],
  ])('%j at its line', (content, where, words) => {
    const { message, ...refused } = refusal(content);
    expect(refused).toMatchObject({ code: 'invalid', where });
    expect(message).toContain(words);
    expect(message).not.toContain(SECRET);
  });

  it('not text', () => {
    expect(refusal(Uint8Array.from([0x50, 0x4b, 3, 4, 0xff, 0xfe]))).toMatchObject({ code: 'invalid', where: 'run.json' });
  });

  it('of another shape, told once however many objects', () => {
    expect(refusal('{"a":1}')).toMatchObject({ code: 'invalid', where: 'run.json', value: 'JSON of another shape' });
    expect(refusal('{"metadata":{},"metrics":{}}\n'.repeat(300))).toMatchObject({ value: '300 objects of another shape' });
    for (const content of ['1', 'null', '"text"', 'a,b\n1,2', 'key: value', 'plain words', `[1, "${SECRET}"]`])
      expect(refusal(content).message).not.toContain(SECRET);
  });

  it('embeddings, and reports of a later version', () => {
    const pooled = changed(V, { output_throughput: undefined, total_output_tokens: undefined });
    expect(refusal(pooled)).toMatchObject({ code: 'unsupported' });
    const later = fixture('guidellm-report.json.txt').replace('"version": 2', '"version": 3');
    expect(refusal(later)).toMatchObject({ code: 'unsupported', where: 'run.json: metadata.version', value: '3' });
    expect(refusal('{"metadata":{"version":2},"benchmarks":[]}')).toMatchObject({ code: 'missing', where: 'run.json: benchmarks' });
  });
});

describe('figures that cannot be', () => {
  it.each([
    ['median_ttft_ms', 0],
    ['median_ttft_ms', -1],
    ['mean_tpot_ms', 0],
    ['mean_tpot_ms', 'NaN'],
    ['median_tpot_ms', 'Infinity'],
    ['output_throughput', '-Infinity'],
    ['output_throughput', null],
    ['output_throughput', 1e300],
    ['output_throughput', '1550'],
    ['completed', 0],
    ['completed', 1.5],
    ['completed', -3],
    ['total_output_tokens', 0],
    ['total_input_tokens', []],
    ['max_concurrency', {}],
    ['request_rate', -1],
  ])('%s = %j', (field, value) => {
    const content = changed(V, { [field]: value }).replace(/"(NaN|-?Infinity)"/, '$1');
    const refused = refusal(content);
    expect(refused.code).toBe(value === null ? 'missing' : 'invalid');
    expect(refused.where).toBe(`run.json: ${field}`);
    expect(refused.allowed).not.toBe('');
  });

  it('a figure that is a text is not repeated', () => {
    expect(refusal(changed(V, { median_ttft_ms: SECRET }))).toMatchObject({ value: 'a text' });
  });

  it('a median and a mean in two units', () => {
    expect(refusal(changed(V, { median_ttft_ms: 1.72241 }))).toMatchObject({
      code: 'contradiction',
      where: 'run.json: median TTFT',
      value: '1.72241',
    });
  });

  it('times in seconds under a name in milliseconds', () => {
    const seconds = { median_ttft_ms: 1.72, mean_ttft_ms: 2.1, median_tpot_ms: 0.038, mean_tpot_ms: 0.03845 };
    expect(refusal(changed(V, seconds))).toMatchObject({ code: 'contradiction', where: 'run.json: concurrency' });
  });

  it('counts that contradict Little’s law by more than a quarter', () => {
    expect(imported(changed(V, { output_throughput: 1550 * 1.2 })).rows).toHaveLength(1);
    expect(refusal(changed(V, { output_throughput: 1550 * 1.35 }))).toMatchObject({ code: 'contradiction', value: '64' });
    expect(refusal(changed(V, { max_concurrency: 128 }))).toMatchObject({ code: 'contradiction', value: '128' });
  });

  it('figures of which nothing is left', () => {
    const tiny = { median_tpot_ms: 1e-9, mean_tpot_ms: 1e-9, median_ttft_ms: 41_000, mean_ttft_ms: 41_434 };
    expect(refusal(changed(V, tiny))).toMatchObject({ code: 'invalid', where: 'run.json: tpotMs' });
  });
});

describe('requests that failed', () => {
  const failed = (count: number) => changed(V, { failed: count });
  it('are told from one in twenty on', () => {
    expect(imported(failed(32)).rows[0]?.note).toBe('');
    expect(imported(failed(64)).rows[0]?.note).toBe('64 of 704 requests failed');
  });

  it('are too many where they are more than half', () => {
    expect(imported(failed(640)).rows).toHaveLength(1);
    expect(refusal(failed(641))).toMatchObject({ code: 'invalid', where: 'run.json: failed', value: '641' });
  });

  it('are counted from the requests that are missing, and from listed errors', () => {
    expect(imported(changed(V, { failed: undefined, num_prompts: 700 })).rows[0]?.note).toBe('60 of 700 requests failed');
    const errors = Array.from({ length: 60 }, () => 'timed out');
    expect(imported(changed(V, { failed: undefined, errors })).rows[0]?.note).toBe('60 of 700 requests failed');
  });
});

describe('what neither the file nor the options say', () => {
  it.each([
    ['gpus', 'run.json: --gpus', 'missing'],
    ['gpu', 'run.json: --gpu', 'missing'],
  ] as const)('%s is asked for', (name, where, code) => {
    expect(refusal(fixture(V), { ...DEPLOYMENT, [name]: undefined })).toMatchObject({ code, where });
  });

  it('the model, where the served name is none of the catalog', () => {
    const served = changed(V, { model_id: 'my-model' });
    expect(refusal(served, { gpu: 'h200', gpus: '8' })).toMatchObject({ code: 'unknown', where: 'run.json: --model', value: 'my-model' });
    expect(imported(served).rows).toHaveLength(1);
    expect(refusal(changed(V, { model_id: null }), { gpu: 'h200', gpus: '8' })).toMatchObject({ code: 'missing' });
  });

  it('a served path, the name of a repository or an alias settle the model', () => {
    for (const model_id of ['/models/Kimi-K2.5', 'moonshotai/Kimi-K2.5', 'kimi-k2.5'])
      expect(imported(changed(V, { model_id }), { gpu: 'h200', gpus: '8' }).rows[0]).toMatchObject({ model: 'kimi-k2.5', format: 'int4' });
    expect(imported(changed(V, { model_id: 'nvidia/Kimi-K2.5-NVFP4' }), { gpu: 'b200', gpus: '8' }).rows[0]?.format).toBe('nvfp4');
  });

  it('engine, release, speculation, reuse and date are told as assumptions', () => {
    expect(imported(fixture('genai-perf.json.txt'), { ...DEPLOYMENT, engineVersion: undefined } as never).assumed).toHaveLength(5);
  });
});

describe('options that contradict the file', () => {
  const S = 'sglang-serving.jsonl';
  it.each([
    [V, { model: 'kimi-k2.6' }, '--model'],
    [V, { engine: 'sglang' }, '--engine'],
    [V, { isl: '1024' }, '--isl'],
    [V, { osl: '512' }, '--osl'],
    [V, { concurrency: '32' }, '--concurrency'],
    [V, { date: '2026-01-01' }, '--date'],
    [V, { format: 'nvfp4' }, '--format'],
    [V, { tp: '4' }, '--gpus'],
    [V, { prefillGpus: '8' }, '--prefill-gpus'],
    [S, { gpus: '16' }, '--gpus'],
    [S, { tp: '4' }, '--tp'],
    [S, { ep: '8' }, '--ep'],
    [S, { engineVersion: '0.5.8' }, '--engine-version'],
    [S, { kvCacheDtype: 'bf16' }, '--kv-cache-dtype'],
    [S, { speculation: 'mtp' }, '--speculation'],
  ])('%s with %j', (file, words, flag) => {
    const deployment = file === V ? DEPLOYMENT : { model: 'kimi-k2.5', gpu: 'h200' };
    const [first] = imported(changed(file), { ...deployment, ...words }).refused;
    expect(first).toMatchObject({ code: 'contradiction', where: `run.json: ${flag}` });
  });

  it('speculation of an unknown kind', () => {
    const content = changed(V, { spec_decode_acceptance_length: 2.8 });
    expect(imported(content, { ...DEPLOYMENT, speculation: 'mtp' }).rows[0]?.speculation).toBe('mtp');
    expect(refusal(content, { ...DEPLOYMENT, speculation: 'none' })).toMatchObject({ code: 'contradiction' });
  });

  it('lengths that were asked for and those that were measured may differ by a twentieth', () => {
    expect(imported(fixture(V), { ...DEPLOYMENT, isl: '8000' }).rows[0]?.inputTokens).toBe(8192);
  });
});

describe('options that cannot be', () => {
  it.each([
    [{ model: 'kimi-k9' }, 'unknown', '--model'],
    [{ gpu: 'h2OO' }, 'unknown', '--gpu'],
    [{ gpu: 'all' }, 'invalid', '--gpu'],
    [{ gpu: 'h200:4' }, 'contradiction', '--gpus'],
    [{ gpus: '0' }, 'invalid', '--gpus'],
    [{ reuse: '1.2' }, 'invalid', '--reuse'],
    [{ date: '2026-02-30' }, 'invalid', '--date'],
    [{ kvCacheDtype: 'fp16' }, 'unknown', '--kv-cache-dtype'],
    [{ engine: '=1+1' }, 'invalid', '--engine'],
    [{ format: 'fp16' }, 'unknown', '--format'],
    [{ concurrency: '-1' }, 'invalid', '--concurrency'],
  ])('%j', (words, code, where) => {
    const work = () => importBench(['run.json'], { ...DEPLOYMENT, ...words }, memoryEnvironment({ 'run.json': fixture(V) }));
    let fault: unknown;
    try {
      work();
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code, details: { where } });
  });
});

describe('one bad run', () => {
  it('leaves the good ones', () => {
    const bad = changed(V, { completed: 0 });
    const { rows, refused, answer } = imported(`${changed(V)}\n${bad}\n{"cut": \n${changed('vllm-serve-appended.json.txt')}\n`);
    expect(rows).toHaveLength(2);
    expect(refused.map(({ where }) => where)).toEqual(['run.json:2, object 2: completed', 'run.json:3']);
    expect(answer).toBe('2 runs added to kplan-catalog/measurements/bench.csv, 2 refused.');
  });
});
