import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as histogram from '../../src/calibration/metrics/histogram.ts';
import * as prometheusText from '../../src/calibration/metrics/prometheusText.ts';
import * as server from '../../src/calibration/metrics/serverMetrics.ts';
import * as peaks from '../../src/calibration/metrics/serverPeaks.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';

const { parsePrometheus } = prometheusText;
const read = (text: string) => server.serverMetrics(parsePrometheus(text).samples);

describe('the text of metrics', () => {
  it.each(docExamples('calibration/metrics'))('$file: $expression', (example) => {
    checkExample(example, { ...histogram, ...prometheusText, ...server, ...peaks });
  });

  it('reads comments, escapes, special numbers, time stamps and exemplars', () => {
    const page = parsePrometheus(
      [
        '# HELP a what it says',
        '# TYPE a gauge',
        '',
        'a{x="one \\"two\\" \\\\ three\\nfour",y="a,b}c=d",} 1.5e3 1700000000000',
        'b NaN',
        'c{} +Inf\r',
        'd\t-Inf',
        'e_bucket{le="0.1"} 7 # {trace="x"} 0.05 170',
        'f{x="unclosed} 1',
        'g{x=1} 1',
        'h one',
        '9bad 1',
        'i 1 2 3',
      ].join('\n'),
    );
    expect(page.samples.map(({ name, value }) => [name, value])).toEqual([
      ['a', 1500],
      ['b', Number.NaN],
      ['c', Number.POSITIVE_INFINITY],
      ['d', Number.NEGATIVE_INFINITY],
      ['e_bucket', 7],
    ]);
    expect(page.samples[0]?.labels).toEqual(
      new Map([
        ['x', 'one "two" \\ three\nfour'],
        ['y', 'a,b}c=d'],
      ]),
    );
    expect(page.unread).toBe(5);
    expect(page.cut).toBe(false);
  });

  it('reads back what it was given', () => {
    const label = fc.string({ unit: 'grapheme', maxLength: 30 });
    const escaped = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(label, fc.double({ noNaN: true })), { minLength: 1, maxLength: 10 }), (rows) => {
        const text = rows.map(
          ([value, number]) =>
            `m{l="${escaped(value)}"} ${number === Number.POSITIVE_INFINITY ? '+Inf' : number === Number.NEGATIVE_INFINITY ? '-Inf' : number}`,
        );
        const { samples, unread } = parsePrometheus(text.join('\n'));
        expect(unread).toBe(0);
        expect(samples.map(({ labels, value }) => [labels.get('l'), value])).toEqual(rows.map(([value, number]) => [value, number + 0]));
      }),
    );
  });

  it('takes anything without failing', () => {
    const piece = fc.constantFrom('vllm:a', '{', '}', '"', '\\', '=', ',', ' ', '1', 'NaN', '\n', '#', 'le', '__proto__', '\u0000', 'é');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const { samples } = parsePrometheus(text);
          server.serverMetrics(samples);
          expect(samples.length).toBeLessThanOrEqual(text.split('\n').length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads no more than a bounded part', () => {
    const many = parsePrometheus('m 1\n'.repeat(60_000));
    expect([many.samples.length, many.cut]).toEqual([50_000, true]);
    const long = parsePrometheus(`m 1\n${'x'.repeat(2 ** 23)}`);
    expect([long.samples.length, long.cut]).toEqual([1, true]);
    expect(parsePrometheus(`m{${'a="1",'.repeat(5000)}} 1`).samples[0]?.labels.size).toBe(1);
    expect(parsePrometheus(`m{a="${'\\\\'.repeat(50_000)}"} 1`).unread).toBe(1);
  });
});

describe('metrics of a server', () => {
  it('of vLLM: both engines together', () => {
    const config = (engine: number, more: string) =>
      `vllm:cache_config_info{engine="${engine}",block_size="64",num_gpu_blocks="1000",enable_prefix_caching="True"${more}} 1.0`;
    const found = read(
      [
        'vllm:num_requests_running{engine="0",model_name="k"} 3.0',
        'vllm:num_requests_running{engine="1",model_name="k"} 4.0',
        'vllm:num_requests_waiting{engine="0"} 0.0',
        'vllm:kv_cache_usage_perc{engine="0"} 0.25',
        'vllm:kv_cache_usage_perc{engine="1"} 0.75',
        config(0, ',kv_cache_size_tokens="70000"'),
        config(1, ',kv_cache_size_tokens="None"'),
        'vllm:prefix_cache_queries_total{engine="0"} 1000',
        'vllm:prefix_cache_hits_total{engine="0"} 400',
        'vllm:prompt_tokens_total{engine="0"} 1200',
        'vllm:generation_tokens_total{engine="0"} 300',
        'vllm:num_preemptions_total{engine="0"} 2',
        'vllm:time_to_first_token_seconds_bucket{engine="0",le="0.1"} 4',
        'vllm:time_to_first_token_seconds_bucket{engine="0",le="0.2"} 8',
        'vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf"} 8',
        'vllm:time_to_first_token_seconds_sum{engine="0"} 0.9',
        'vllm:time_to_first_token_seconds_count{engine="0"} 8',
      ].join('\n'),
    );
    expect(found).toMatchObject({
      server: 'vllm',
      running: 7,
      waiting: 0,
      kvUsage: 0.5,
      kvCapacityTokens: 134_000,
      prefixCaching: true,
      prefixQueryTokens: 1000,
      prefixHitTokens: 400,
      promptTokens: 1200,
      generatedTokens: 300,
      preemptions: 2,
      itl: null,
      ttft: { bounds: [0.1, 0.2, Number.POSITIVE_INFINITY], cumulative: [4, 8, 8], sum: 0.9, count: 8 },
    });
  });

  it('of vLLM before its KV cache is laid out: no capacity', () => {
    expect(read('vllm:cache_config_info{block_size="16",num_gpu_blocks="None"} 1')?.kvCapacityTokens).toBeNull();
  });

  it('of SGLang: the pool of each DP rank, TP ranks that say the same counted once', () => {
    const found = read(
      [
        'sglang:num_running_reqs{dp_rank="0",tp_rank="0"} 2',
        'sglang:max_total_num_tokens{dp_rank="0",tp_rank="0"} 5000',
        'sglang:max_total_num_tokens{dp_rank="0",tp_rank="1"} 5000',
        'sglang:max_total_num_tokens{dp_rank="1",tp_rank="0"} 6000',
        'sglang:token_usage 0.3',
        'sglang:cache_hit_rate 0.4',
        'sglang:cached_tokens_total{cache_source="device"} 10',
        'sglang:cached_tokens_total{cache_source="host"} 5',
      ].join('\n'),
    );
    expect(found).toMatchObject({
      server: 'sglang',
      running: 2,
      kvCapacityTokens: 11_000,
      kvUsage: 0.3,
      prefixHitRate: 0.4,
      prefixHitTokens: 15,
    });
  });

  it('of llama.cpp, TensorRT-LLM and TGI', () => {
    expect(read('llamacpp:requests_processing 1\nllamacpp:requests_deferred 2\nllamacpp:tokens_predicted_total 9')).toMatchObject({
      server: 'llama.cpp',
      running: 1,
      waiting: 2,
      generatedTokens: 9,
      kvCapacityTokens: null,
    });
    expect(read('trtllm_kv_cache_max_blocks 100\ntrtllm_kv_cache_tokens_per_block 32\ntrtllm_kv_cache_utilization 0.5')).toMatchObject({
      server: 'tensorrt-llm',
      kvCapacityTokens: 3200,
      kvUsage: 0.5,
    });
    expect(read('tgi_batch_current_size 2\ntgi_queue_size 0\ntgi_request_input_length_sum 77')).toMatchObject({
      server: 'tgi',
      running: 2,
      waiting: 0,
      promptTokens: 77,
    });
  });

  it('of Dynamo: what its frontend does not say, from the engine behind it', () => {
    const found = read(
      [
        'vllm:num_requests_running 9',
        'vllm:num_preemptions_total 1',
        'dynamo_frontend_inflight_requests{model="k"} 4',
        'dynamo_frontend_model_total_kv_blocks{model="k"} 10',
        'dynamo_frontend_model_kv_cache_block_size{model="k"} 16',
        'dynamo_frontend_input_sequence_tokens_sum{model="k"} 500',
      ].join('\n'),
    );
    expect(found).toMatchObject({ server: 'dynamo', running: 4, preemptions: 1, kvCapacityTokens: 160, promptTokens: 500 });
  });

  it('is nothing where no known server wrote the page', () => {
    expect(read('go_goroutines 12\nprocess_cpu_seconds_total 1')).toBeNull();
  });
});

describe('between two readings', () => {
  const at = (queries: number, hits: number, buckets: readonly [number, number]) =>
    read(
      `vllm:prefix_cache_queries_total ${queries}\nvllm:prefix_cache_hits_total ${hits}\nvllm:time_to_first_token_seconds_bucket{le="0.1"} ${buckets[0]}\nvllm:time_to_first_token_seconds_bucket{le="0.4"} ${buckets[1]}\nvllm:time_to_first_token_seconds_count ${buckets[1]}\nvllm:time_to_first_token_seconds_sum 1`,
    ) as server.ServerMetrics;

  it('stand the differences of the counters', () => {
    const found = server.metricsBetween(at(100, 20, [1, 2]), at(300, 120, [1, 12]));
    expect(found).toMatchObject({ prefixQueryTokens: 200, prefixHitTokens: 100, reuse: 0.5, restarted: false, preemptions: null });
    expect(found.ttft).toMatchObject({ cumulative: [0, 10], count: 10 });
    const middle = found.ttft && histogram.quantileOf(found.ttft, 0.5);
    expect([middle?.low, middle?.high]).toEqual([0.1, 0.4]);
    expect(middle?.value).toBeCloseTo(0.25);
  });

  it('stands the later reading where the server began anew', () => {
    const found = server.metricsBetween(at(1000, 20, [5, 9]), at(30, 6, [1, 2]));
    expect(found).toMatchObject({ restarted: true, prefixQueryTokens: 30, prefixHitTokens: 6, reuse: 0.2 });
    expect(found.ttft).toMatchObject({ cumulative: [1, 2] });
  });

  it('has no percentile of nothing, nor beyond the last bound', () => {
    expect(histogram.quantileOf({ bounds: [1], cumulative: [0], sum: 0, count: 0 }, 0.5)).toBeNull();
    expect(histogram.quantileOf({ bounds: [1, Number.POSITIVE_INFINITY], cumulative: [1, 9], sum: 0, count: 9 }, 0.9)).toBeNull();
  });
});
