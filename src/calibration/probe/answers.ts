import type { ServerKind } from '../metrics/metricNames.ts';
import type { EndpointFacts, OfferedModel } from './endpointFacts.ts';
import { bodyObject, countOf, objectOf, textOf } from './untrusted.ts';

type Facts = Partial<EndpointFacts>;
type Body = Readonly<Record<string, unknown>>;

const MOST_MODELS = 200;

const OWNERS: Readonly<Record<string, ServerKind>> = { vllm: 'vllm', sglang: 'sglang', llamacpp: 'llama.cpp' };

function modelOf(value: unknown): OfferedModel[] {
  const model = objectOf(value);
  const id = textOf(model?.['id']);
  if (model === null || id === null) return [];
  const meta = objectOf(model['meta']);
  const maxModelLen = countOf(model['max_model_len']) ?? countOf(model['context_length']) ?? countOf(meta?.['n_ctx']);
  return [{ id, root: textOf(model['root']), maxModelLen }];
}

function modelList(body: Body): Facts {
  const data = Array.isArray(body['data']) ? (body['data'] as unknown[]) : [];
  const owner = textOf(objectOf(data[0])?.['owned_by']);
  const server = owner === null ? undefined : OWNERS[owner.toLowerCase()];
  const cut = data.length > MOST_MODELS ? [`it lists ${data.length} models; ${MOST_MODELS} of them are read`] : [];
  return { models: data.slice(0, MOST_MODELS).flatMap(modelOf), ...(server === undefined ? {} : { server }), notes: cut };
}

/** Tokens of all DP ranks: SGLang says the pool of each, or that of one. */
function sglangTokens(body: Body, dp: number): number | null {
  const states = Array.isArray(body['internal_states']) ? (body['internal_states'] as unknown[]) : [];
  const pools = states.map((state) => countOf(objectOf(objectOf(state)?.['memory_usage'])?.['token_capacity']));
  if (pools.length > 0 && pools.every((pool) => pool !== null)) return pools.reduce((sum, pool) => sum + pool, 0);
  const one = countOf(body['max_total_num_tokens']) ?? countOf(objectOf(states[0])?.['max_total_num_tokens']);
  return one === null ? null : one * dp;
}

function sglangInfo(body: Body): Facts {
  const dp = countOf(body['dp_size']) ?? 1;
  const caching = body['disable_radix_cache'];
  const draft = body['speculative_algorithm'];
  const dtype = textOf(body['kv_cache_dtype']);
  return {
    server: 'sglang',
    engineVersion: textOf(body['version']),
    maxModelLen: countOf(body['context_length']),
    kvTokens: sglangTokens(body, dp),
    kvCacheDtype: dtype === 'auto' ? null : dtype,
    prefixCaching: typeof caching === 'boolean' ? !caching : null,
    speculation: draft === null ? 'none' : textOf(draft),
    maxSequences: countOf(body['max_running_requests']),
    tp: countOf(body['tp_size']),
    pp: countOf(body['pp_size']),
    dp,
    ep: countOf(body['ep_size']),
    ...(body['enable_dp_attention'] === true ? { notes: ['attention is data parallel'] } : {}),
  };
}

/** vLLM in its development mode. */
function vllmInfo(config: Body): Facts {
  const parallel = objectOf(config['parallel_config']);
  const keys = objectOf(config['cache_config']);
  const caching = keys?.['enable_prefix_caching'];
  return {
    server: 'vllm',
    maxModelLen: countOf(objectOf(config['model_config'])?.['max_model_len']),
    prefixCaching: typeof caching === 'boolean' ? caching : null,
    tp: countOf(parallel?.['tensor_parallel_size']),
    pp: countOf(parallel?.['pipeline_parallel_size']),
    dp: countOf(parallel?.['data_parallel_size']),
  };
}

function serverInfo(body: Body): Facts {
  const config = body['vllm_config'];
  if (config !== undefined) return objectOf(config) ? vllmInfo(objectOf(config) ?? {}) : { server: 'vllm' };
  return 'tp_size' in body || 'disable_radix_cache' in body || 'internal_states' in body ? sglangInfo(body) : {};
}

function llamaProps(body: Body): Facts {
  const settings = objectOf(body['default_generation_settings']);
  const slots = countOf(body['total_slots']);
  const context = countOf(settings?.['n_ctx']);
  if (settings === null && slots === null) return {};
  return {
    server: 'llama.cpp',
    engineVersion: textOf(body['build_info']),
    maxModelLen: context,
    maxSequences: slots,
    kvTokens: slots !== null && context !== null ? slots * context : null,
  };
}

/** SGLang's `/model_info`. */
function modelInfo(body: Body): Facts {
  return 'is_generation' in body || 'model_path' in body ? { server: 'sglang' } : {};
}

const READERS: Readonly<Record<string, (body: Body) => Facts>> = {
  '/v1/models': modelList,
  // Of the servers that are read, vLLM alone answers here with nothing else.
  '/version': (body) => ({ engineVersion: textOf(body['version']), ...(Object.keys(body).length === 1 ? { server: 'vllm' } : {}) }),
  '/server_info': serverInfo,
  '/get_server_info': serverInfo,
  '/props': llamaProps,
  '/model_info': modelInfo,
};

/**
 * What one answer of an endpoint says of it. The body is not trusted: its size is bounded, control characters are stripped, and what has
 * another form than documented says nothing.
 *
 * @param path as it was asked, such as `/v1/models`
 * @param status of HTTP
 * @example factsOf('/version', 200, '{"version":"0.25.1"}').engineVersion // '0.25.1'
 */
export function factsOf(path: string, status: number, body: string): Facts {
  if (path === '/health') return status === 404 ? {} : { healthy: status >= 200 && status < 300 };
  if (status < 200 || status >= 300) return {};
  const found = bodyObject(body);
  return found === null ? {} : (READERS[path]?.(found) ?? {});
}
