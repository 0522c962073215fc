import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as answers from '../../src/calibration/probe/answers.ts';
import * as endpointFacts from '../../src/calibration/probe/endpointFacts.ts';
import { probe } from '../../src/calibration/probe/probe.ts';
import * as speculation from '../../src/calibration/probe/speculation.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';
import { record } from '../support/requestRecords.ts';

const { factsOf } = answers;

/** An endpoint of fixed answers; everything else is not found. */
function endpoint(bodies: Readonly<Record<string, unknown>>) {
  return (path: string) => {
    const body = bodies[path];
    if (body instanceof Error) return Promise.reject(body);
    if (body === undefined) return Promise.resolve({ status: 404, body: '{"detail":"Not Found"}' });
    return Promise.resolve({ status: 200, body: typeof body === 'string' ? body : JSON.stringify(body) });
  };
}

describe('an endpoint says of itself', () => {
  it.each(docExamples('calibration/probe'))('$file: $expression', (example) => {
    checkExample(example, { ...answers, ...endpointFacts, ...speculation });
  });

  it('as vLLM: models, version, and the KV cache by its metrics', async () => {
    const found = await probe(
      endpoint({
        '/v1/models': { data: [{ id: 'k2', root: 'moonshotai/Kimi-K2.7-Code', owned_by: 'vllm', max_model_len: 262_144 }] },
        '/health': '',
        '/version': { version: '0.25.1' },
        '/metrics': 'vllm:cache_config_info{engine="0",kv_cache_size_tokens="500000",enable_prefix_caching="False"} 1',
      }),
    );
    expect(found.facts).toEqual({
      ...endpointFacts.NOTHING_SAID,
      server: 'vllm',
      engineVersion: '0.25.1',
      healthy: true,
      models: [{ id: 'k2', root: 'moonshotai/Kimi-K2.7-Code', maxModelLen: 262_144 }],
      maxModelLen: 262_144,
      kvTokens: 500_000,
      prefixCaching: false,
    });
    expect(found.metrics?.server).toBe('vllm');
    expect(found.statuses).toMatchObject({ '/v1/models': 200, '/props': 404, '/metrics': 200 });
  });

  it('as SGLang: its settings, the pool of every DP rank', async () => {
    const found = await probe(
      endpoint({
        '/v1/models': { data: [{ id: 'k2', owned_by: 'sglang', max_model_len: 100 }] },
        '/get_server_info': {
          version: '0.5.9',
          tp_size: 8,
          dp_size: 2,
          pp_size: 1,
          ep_size: 8,
          enable_dp_attention: true,
          disable_radix_cache: false,
          speculative_algorithm: null,
          kv_cache_dtype: 'fp8_e4m3',
          max_total_num_tokens: 7000,
          max_running_requests: 512,
        },
      }),
    );
    expect(found.facts).toMatchObject({
      server: 'sglang',
      engineVersion: '0.5.9',
      kvTokens: 14_000,
      kvCacheDtype: 'fp8_e4m3',
      prefixCaching: true,
      speculation: 'none',
      maxSequences: 512,
      tp: 8,
      dp: 2,
      ep: 8,
      notes: ['attention is data parallel'],
    });
    const states = [{ memory_usage: { token_capacity: 10 } }, { memory_usage: { token_capacity: 20 } }];
    expect(factsOf('/server_info', 200, JSON.stringify({ tp_size: 8, internal_states: states })).kvTokens).toBe(30);
  });

  it('as llama.cpp: slots and context', async () => {
    const found = await probe(
      endpoint({ '/props': { default_generation_settings: { n_ctx: 8192 }, total_slots: 4, build_info: 'b9000-abc' } }),
    );
    expect(found.facts).toMatchObject({
      server: 'llama.cpp',
      engineVersion: 'b9000-abc',
      maxSequences: 4,
      kvTokens: 32_768,
      maxModelLen: 8192,
    });
  });

  it('as vLLM in its development mode', () => {
    const config = { parallel_config: { tensor_parallel_size: 4 }, cache_config: { enable_prefix_caching: true } };
    expect(factsOf('/server_info', 200, JSON.stringify({ vllm_config: config }))).toMatchObject({
      server: 'vllm',
      tp: 4,
      prefixCaching: true,
    });
    expect(factsOf('/server_info', 200, JSON.stringify({ vllm_config: 'VllmConfig(...)' }))).toEqual({ server: 'vllm' });
  });

  it('of several models only the asked one gives the context', async () => {
    const list = {
      data: [
        { id: 'a', max_model_len: 1000 },
        { id: 'b', max_model_len: 2000 },
      ],
    };
    expect((await probe(endpoint({ '/v1/models': list }), 'b')).facts.maxModelLen).toBe(2000);
    expect((await probe(endpoint({ '/v1/models': list }))).facts.maxModelLen).toBeNull();
  });

  it('nothing where it does not answer, and the reason is kept', async () => {
    const found = await probe(endpoint({ '/version': new Error('connect \u001b[31mECONNREFUSED') }));
    expect(found.facts).toEqual({ ...endpointFacts.NOTHING_SAID, notes: ['/version: connect  [31mECONNREFUSED'] });
    expect(found.statuses['/version']).toBeNull();
  });

  it('nothing that steers a terminal, is too long or has another form', () => {
    const id = `k\u0000\u001b[2J${'x'.repeat(5000)}`;
    const [model] = factsOf('/v1/models', 200, JSON.stringify({ data: [{ id }, 7, null, { id: 5 }] })).models ?? [];
    expect(model?.id).toHaveLength(200);
    expect(model?.id).toMatch(/^k \[2Jx+\.\.\.$/);
    expect(factsOf('/v1/models', 200, `{"data":[{"id":"${'x'.repeat(2 ** 21)}"}]}`)).toEqual({});
    expect(factsOf('/v1/models', 200, '<html>')).toEqual({});
    const polluted = factsOf('/server_info', 200, '{"__proto__": {"tp_size": 3}, "constructor": 1}');
    expect([polluted, ({} as Record<string, unknown>)['tp_size']]).toEqual([{}, undefined]);
    fc.assert(
      fc.property(fc.constantFrom('/v1/models', '/version', '/server_info', '/props', '/model_info'), fc.json(), (path, body) => {
        factsOf(path, 200, body);
      }),
    );
  });
});

describe('speculative decoding', () => {
  it('is suspected where the usage counts more tokens than chunks came', () => {
    expect(speculation.speculationSeen([record({ outputTokens: 40, chunks: 20 })])).toEqual({ tokensPerChunk: 2, suspected: true });
    expect(speculation.speculationSeen([record({ outputTokens: 21, chunks: 20 })])?.suspected).toBe(false);
    expect(speculation.speculationSeen([record({ outputTokens: null, chunks: 20 })])).toBeNull();
    expect(speculation.speculationSeen([record({ outputTokens: 40, chunks: 2 })])).toBeNull();
  });
});
