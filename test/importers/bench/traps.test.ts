import { describe, expect, it } from 'vitest';
import { changed, DEPLOYMENT, fixture, imported, objects, refusal } from './support.ts';

const [vllm = {}] = objects('vllm-serve.json.txt');

describe('vllm bench serve', () => {
  it('says e2el where SGLang says e2e_latency', () => {
    const agrees = { median_e2el_ms: 41_000, mean_e2el_ms: 41_434.85 };
    expect(imported(changed('vllm-serve.json.txt', agrees)).rows).toHaveLength(1);
    expect(refusal(changed('vllm-serve.json.txt', { ...agrees, mean_e2el_ms: 90_000 }))).toMatchObject({ code: 'contradiction' });
  });

  it('leaves the first token out of TPOT: (OSL - 1) of them stand beside TTFT', () => {
    const short = {
      total_output_tokens: 640 * 2,
      output_throughput: (64 * 2) / 2.13895,
      request_throughput: 64 / 2.13895,
      mean_ttft_ms: 2100.5,
      mean_tpot_ms: 38.45,
    };
    expect(imported(changed('vllm-serve.json.txt', short)).rows[0]).toMatchObject({ outputTokens: 2, concurrency: 64 });
  });

  it('writes arrays of seconds beside figures in milliseconds, which are not read', () => {
    const detailed = { ttfts: [2.1, 2.2], itls: [[0.038], [0.039]], latencies: [41.4], prefill_times: [1.9], errors: ['', ''] };
    const [row] = imported(changed('vllm-serve.json.txt', detailed)).rows;
    expect(row).toMatchObject({ ttftMs: 1722.41, tpotMs: 38.0655 });
  });

  it('has only the metrics that were selected', () => {
    const some = { median_tpot_ms: undefined, mean_tpot_ms: undefined };
    expect(imported(changed('vllm-serve.json.txt', some)).rows[0]).toMatchObject({
      tpotMs: null,
      ttftMs: 1722.41,
      note: "too few figures to check Little's law",
    });
    const means = { median_ttft_ms: undefined, median_tpot_ms: undefined };
    expect(imported(changed('vllm-serve.json.txt', means)).rows[0]).toMatchObject({ ttftMs: 2100.5, tpotMs: 38.45, statistic: 'mean' });
    const neither = { ...means, mean_ttft_ms: undefined, mean_tpot_ms: undefined };
    expect(imported(changed('vllm-serve.json.txt', neither)).rows[0]).toMatchObject({
      ttftMs: null,
      tpotMs: null,
      note: "no TTFT and no TPOT; too few figures to check Little's law",
    });
    const mixed = { median_ttft_ms: undefined, mean_tpot_ms: undefined };
    expect(refusal(changed('vllm-serve.json.txt', mixed))).toMatchObject({ code: 'missing', where: 'run.json: TTFT, TPOT' });
  });

  it.each([['inf'], ['Infinity'], [null]])('closes the loop where the request rate is %j', (request_rate) => {
    expect(imported(changed('vllm-serve.json.txt', { request_rate })).rows[0]).toMatchObject({ concurrency: 64, note: '' });
  });

  it('takes the measured mean of an open loop, and of one that a rate kept below its limit', () => {
    const open = { request_rate: 1.5, max_concurrency: null };
    const mean = { concurrency: 62.75, note: 'concurrency is the measured mean' };
    expect(imported(changed('vllm-serve.json.txt', open)).rows[0]).toMatchObject(mean);
    expect(imported(changed('vllm-serve.json.txt', { request_rate: 1.5, max_concurrency: 512 })).rows[0]).toMatchObject(mean);
    expect(imported(changed('vllm-serve.json.txt', { request_rate: 1.5 })).rows[0]).toMatchObject({ concurrency: 64, note: '' });
    expect(refusal(changed('vllm-serve.json.txt', open), { ...DEPLOYMENT, concurrency: '512' })).toMatchObject({ code: 'contradiction' });
  });

  it('appends objects with a line between, with none, or on many lines', () => {
    const other = changed('vllm-serve.json.txt', { output_throughput: 1500 });
    const both = (between: string, space?: number) => `${JSON.stringify(vllm, null, space)}${between}${other}`;
    for (const content of [both('\n'), both(''), both('\n\n  ', 2)]) expect(imported(content).rows).toHaveLength(2);
  });

  it('takes what the backend says of the engine, and nothing from an API of many', () => {
    const engine = (backend: string) => imported(changed('vllm-serve.json.txt', { backend })).rows[0]?.engine;
    expect(['vllm', 'sglang', 'openai-chat', 'tensorrt-llm'].map(engine)).toEqual(['vllm', 'sglang', 'unknown', 'trt']);
  });

  it('keeps what arbitrary metadata say out of the row', () => {
    const { rows, assumed } = imported(changed('vllm-serve.json.txt', { tp: '4', version: '9.9', note: 'mine' }));
    expect(rows[0]).toMatchObject({ tp: 8, engineVersion: '0.15.1', note: '' });
    expect(assumed).not.toContain('9.9');
  });
});

describe('SGLang bench_serving', () => {
  it('writes one object a line, also where there is one', () => {
    const [line = ''] = fixture('sglang-serving.jsonl').split('\n');
    expect(imported(line, { gpu: 'h200' }).rows).toHaveLength(1);
    expect(imported(`${line}\n`, { gpu: 'h200' }).rows).toHaveLength(1);
  });

  it('counts the ranks of attention data parallelism among those of TP', () => {
    const server = objects('sglang-serving.jsonl')[0]?.['server_info'] as object;
    const spread = { ...server, tp_size: 16, dp_size: 8, ep_size: 16, enable_dp_attention: true };
    const [row] = imported(changed('sglang-serving.jsonl', { server_info: spread }), { gpu: 'h200' }).rows;
    expect(row).toMatchObject({ gpus: 16, tp: 2, attentionDp: 8, ep: 16 });
  });

  it('adds the servers of both sides where prefill is apart', () => {
    const one = { tp_size: 4, pp_size: 1, dp_size: 1, ep_size: 1, version: '0.5.9' };
    const server_info = { prefill: [one, one], decode: [{ ...one, tp_size: 8 }] };
    const [row] = imported(changed('sglang-serving.jsonl', { server_info }), { model: 'kimi-k2.5', gpu: 'h200' }).rows;
    expect(row).toMatchObject({ gpus: 16, prefillGpus: 8, tp: 8 });
  });

  it('refuses several copies behind one endpoint', () => {
    const server = objects('sglang-serving.jsonl')[0]?.['server_info'] as object;
    const copies = changed('sglang-serving.jsonl', { server_info: { ...server, dp_size: 2 } });
    expect(refusal(copies, { gpu: 'h200' })).toMatchObject({ code: 'unsupported', value: '2' });
  });

  it.each([
    ['NEXTN', 'mtp'],
    ['EAGLE3', 'eagle3'],
    [null, 'none'],
  ])('speculates with %s as %s', (speculative_algorithm, speculation) => {
    const server = objects('sglang-serving.jsonl')[0]?.['server_info'] as object;
    const content = changed('sglang-serving.jsonl', { server_info: { ...server, speculative_algorithm } });
    expect(imported(content, { gpu: 'h200' }).rows[0]?.speculation).toBe(speculation);
  });

  it('needs --gpus where the server told nothing', () => {
    const content = changed('sglang-serving.jsonl', { server_info: null });
    expect(refusal(content, { model: 'kimi-k2.5', gpu: 'h200' })).toMatchObject({ code: 'missing', where: 'run.json: --gpus' });
    expect(imported(content, { model: 'kimi-k2.5', gpu: 'h200', gpus: '8' }).rows[0]).toMatchObject({ gpus: 8, engineVersion: 'unknown' });
  });
});

describe('GuideLLM', () => {
  interface Report {
    readonly benchmarks: readonly {
      readonly metrics: { readonly time_per_output_token_ms: { readonly successful: { readonly median: number } } };
    }[];
  }
  const report = JSON.parse(fixture('guidellm-report.json.txt')) as Report;

  it('has figures of requests that succeeded beside those of all, and a latency in seconds', () => {
    expect(imported(fixture('guidellm-report.json.txt')).rows[0]).toMatchObject({ inputTokens: 1024, outputTokens: 256, ttftMs: 225 });
  });

  it('has a TPOT with the first token in it, which is not taken', () => {
    const own = report.benchmarks[0]?.metrics.time_per_output_token_ms.successful.median;
    expect(own).toBeGreaterThan(12.9);
    expect(imported(fixture('guidellm-report.json.txt')).rows[0]?.tpotMs).toBe(11.979);
  });

  it('has strategies by type_ or by kind', () => {
    const text = fixture('guidellm-report.json.txt').replaceAll('"type_": "concurrent", "worker', '"kind": "concurrent", "worker');
    expect(imported(text).rows.map(({ concurrency }) => concurrency)).toEqual([8, 32]);
  });

  it('has rows of CSV that may have other columns than the first', () => {
    const [group, name, statistic, first, second] = fixture('guidellm-benchmarks.csv').trimEnd().split('\r\n');
    const { rows, refused } = imported([group, name, statistic, first, `${second},1`, ''].join('\r\n'));
    expect([rows.length, refused.length]).toEqual([1, 1]);
    expect(refused[0]).toMatchObject({ code: 'invalid', where: 'run.json:5, benchmark 2' });
  });

  it('converts the unit in the header of its CSV', () => {
    const inSeconds = fixture('guidellm-benchmarks.csv').replaceAll('Successful Sec', 'Successful ms');
    expect(imported(inSeconds).refused[0]).toMatchObject({ code: 'contradiction' });
    const furlongs = fixture('guidellm-benchmarks.csv').replaceAll('Successful Sec', 'Successful furlongs');
    expect(imported(furlongs).refused[0]).toMatchObject({ code: 'invalid', value: 'furlongs' });
  });
});

describe('AIPerf and genai-perf', () => {
  const perf = () => JSON.parse(fixture('aiperf-phases.json.txt')) as Record<string, Record<string, number | string>>;
  const inUnit = (unit: string, times: number) => {
    const document = perf();
    for (const name of ['time_to_first_token', 'inter_token_latency', 'request_latency']) {
      const metric = document[name] ?? {};
      document[name] = { ...metric, unit, avg: Number(metric['avg']) * times, p50: Number(metric['p50']) * times };
    }
    return JSON.stringify(document);
  };

  it.each([
    ['ns', 1e6],
    ['us', 1e3],
    ['ms', 1],
    ['sec', 1e-3],
    ['s', 1e-3],
  ])('state times in %s, and the row is the same', (unit, times) => {
    expect(imported(inUnit(unit, times)).rows).toEqual(imported(fixture('aiperf-phases.json.txt')).rows);
  });

  it.each(['fortnights', '', 'tokens', '__proto__', 'constructor'])('are refused with a time in %j', (unit) => {
    expect(refusal(inUnit(unit, 1)).code).toMatch(/invalid|missing/);
  });

  it('state rates by the minute too, and no others', () => {
    const document = perf();
    const rate = Number(document['output_token_throughput']?.['avg']);
    document['output_token_throughput'] = { unit: 'tokens/min', avg: rate * 60 };
    expect(imported(JSON.stringify(document)).rows[0]?.outputTokensPerSecond).toBeCloseTo(rate, 5);
    document['output_token_throughput'] = { unit: 'tokens/sec/user', avg: rate };
    expect(refusal(JSON.stringify(document))).toMatchObject({ code: 'invalid', value: 'tokens/sec/user' });
  });

  it('leave out what was not measured', () => {
    const { time_to_first_token, inter_token_latency, ...rest } = perf();
    expect(imported(JSON.stringify(rest)).rows[0]).toMatchObject({ ttftMs: null, tpotMs: null, note: 'no TTFT and no TPOT' });
    const { request_throughput, output_sequence_length, input_sequence_length, ...totals } = perf();
    expect(imported(JSON.stringify(totals)).rows[0]).toMatchObject({ inputTokens: 361_086 / 96, concurrency: 16 });
    const { output_token_throughput, ...none } = perf();
    expect(refusal(JSON.stringify(none))).toMatchObject({ code: 'missing', where: 'run.json: output_token_throughput' });
  });

  it('take the load of the phase that was measured, not of the warm-up', () => {
    expect(imported(fixture('aiperf-phases.json.txt')).rows[0]?.concurrency).toBe(16);
  });

  it('say that a run was cancelled', () => {
    const document = { ...perf(), was_cancelled: true };
    expect(imported(JSON.stringify(document)).rows[0]?.note).toBe('the run was cancelled before its end');
  });

  it('have a CSV of two blocks with the unit in the name, thousands parted or not', () => {
    const parted = fixture('aiperf.csv').replace('1227.61', '"1,227.61"');
    expect(imported(parted).rows).toEqual(imported(fixture('aiperf.csv')).rows);
    expect(refusal(fixture('aiperf.csv').replace('Inter Token Latency (ms)', 'Inter Token Latency (parsecs)')).value).toBe('parsecs');
  });

  it('take the concurrency of genai-perf from a number, a list or the stimulus', () => {
    const genai = JSON.parse(fixture('genai-perf.json.txt')) as { input_config: object };
    for (const input_config of [
      { concurrency: [8], model_names: ['moonshotai/Kimi-K2.5'] },
      { perf_analyzer: { stimulus: { concurrency: 8 } } },
    ])
      expect(imported(JSON.stringify({ ...genai, input_config })).rows[0]?.concurrency).toBe(8);
  });
});

describe('InferenceX', () => {
  const node = (changes: object = {}) => JSON.stringify({ ...JSON.parse(fixture('inferencex-single-node.json.txt')), ...changes });
  const apart = (changes: object = {}) => JSON.stringify({ ...JSON.parse(fixture('inferencex-disaggregated.json.txt')), ...changes });

  it('divides output by the GPUs that decode, input by those that prefill, and the total by all', () => {
    const { output_tput_per_gpu: rate } = JSON.parse(apart()) as { output_tput_per_gpu: number };
    const [row] = imported(apart(), {}).rows;
    expect(row).toMatchObject({ gpus: 24, prefillGpus: 8 });
    expect(row?.outputTokensPerSecond).toBeCloseTo(rate * 16, 5);
    expect(refusal(apart({ num_decode_gpu: 8 }), {})).toMatchObject({ code: 'contradiction', where: 'run.json: tput_per_gpu' });
  });

  it('names the same GPUs twice where nothing is disaggregated', () => {
    expect(imported(node({ num_prefill_gpu: 8, num_decode_gpu: 8 }), {}).rows[0]).toMatchObject({ gpus: 8, prefillGpus: 0 });
  });

  it('writes dp_attention as a text, and the ranks of it as TP', () => {
    expect(imported(node({ dp_attention: 'True' }), {}).rows[0]).toMatchObject({ gpus: 8, tp: 1, attentionDp: 8 });
    expect(imported(node({ dp_attention: 'false' }), {}).rows[0]).toMatchObject({ gpus: 8, tp: 8, attentionDp: 1 });
  });

  it('has times in seconds', () => {
    expect(imported(node(), {}).rows[0]).toMatchObject({ ttftMs: 2037, tpotMs: 37.2965 });
    expect(refusal(node({ median_ttft: 2037, mean_ttft: 2100, median_tpot: 37.3, mean_tpot: 38.45 }), {}).code).toBe('contradiction');
  });

  it('counts TP times EP, which Little’s law disproves: refused with the count that agrees', () => {
    const rows = fixture('inferencex-ep-rows.json.txt');
    const words = { model: 'deepseek-r1-0528' };
    expect(refusal(rows, words)).toMatchObject({ code: 'contradiction', value: '64', where: 'run.json: GPUs' });
    expect(refusal(rows, words).allowed).toContain('--gpus 8');
    expect(imported(rows, { ...words, gpus: '8' }).rows[0]).toMatchObject({ gpus: 8, tp: 8, ep: 8 });
    expect(refusal(rows, { ...words, gpus: '16' })).toMatchObject({ code: 'contradiction', value: '16' });
  });

  it('does not let an option divide a count that was right', () => {
    const right = node({ ep: 8 });
    expect(imported(right, {}).rows[0]).toMatchObject({ gpus: 8, ep: 8 });
    expect(refusal(right, { gpus: '1' })).toMatchObject({ code: 'contradiction' });
  });

  it('says fp4 for what NVIDIA and AMD call otherwise', () => {
    expect(imported(node({ precision: 'fp4' }), {}).rows[0]?.format).toBe('nvfp4');
    expect(imported(node({ precision: 'fp4', hw: 'mi355x-amd' }), {}).rows[0]?.format).toBe('mxfp4');
    expect(refusal(node({ precision: 'fp8' }), {})).toMatchObject({ code: 'unknown', value: 'fp8' });
    expect(refusal(node({ precision: 'fp4' }), { format: 'int4' })).toMatchObject({ code: 'contradiction', where: 'run.json: --format' });
  });

  it('reads the release of an image', () => {
    const version = (image: string) => imported(node({ image }), {}).rows[0]?.engineVersion;
    expect(['lmsysorg/sglang:v0.5.9-cu129', 'a/b:1.2.0rc6.post2', 'a/b:latest', 'a/b@sha256:1'].map(version)).toEqual([
      '0.5.9',
      '1.2.0rc6.post2',
      'latest',
      'unknown',
    ]);
  });

  it('holds agents under other names, which are no load points', () => {
    const agentic = { scenario_type: 'agentic-coding', total_tput_tps: 1000, output_tput_tps: 100 };
    expect(refusal(JSON.stringify(agentic), {})).toMatchObject({ code: 'unsupported', value: 'agentic-coding' });
    expect(refusal(node({ pcp_size: 2 }), {})).toMatchObject({ code: 'unsupported', value: '2' });
  });

  it('collects aggregates in a list', () => {
    expect(imported(`[${node()},${apart()}]`, {}).rows).toHaveLength(2);
  });
});
