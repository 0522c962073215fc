/** Servers whose metrics are read. */
export const SERVERS = ['vllm', 'sglang', 'llama.cpp', 'tensorrt-llm', 'dynamo', 'tgi'] as const;

export type ServerKind = (typeof SERVERS)[number];

/** Names of a server's metrics by what they say, the newest name first; `_total` of counters left out. */
export interface MetricNames {
  readonly prefix: string;
  readonly running: readonly string[];
  readonly waiting: readonly string[];
  /** Share of the KV cache, 0 to 1. */
  readonly kvUsage: readonly string[];
  readonly prefixQueries: readonly string[];
  readonly prefixHits: readonly string[];
  readonly prefixHitRate: readonly string[];
  readonly prompt: readonly string[];
  readonly generated: readonly string[];
  readonly preemptions: readonly string[];
  readonly ttft: readonly string[];
  readonly itl: readonly string[];
  readonly endToEnd: readonly string[];
}

/** As the servers document them (vLLM v1/metrics/loggers.py, TensorRT-LLM tensorrt_llm/metrics/collector.py, and those of the others). */
export const METRIC_NAMES: Readonly<Record<ServerKind, MetricNames>> = {
  vllm: {
    prefix: 'vllm:',
    running: ['num_requests_running'],
    waiting: ['num_requests_waiting'],
    kvUsage: ['kv_cache_usage_perc', 'gpu_cache_usage_perc'],
    prefixQueries: ['prefix_cache_queries', 'gpu_prefix_cache_queries'],
    prefixHits: ['prefix_cache_hits', 'gpu_prefix_cache_hits'],
    prefixHitRate: [],
    prompt: ['prompt_tokens'],
    generated: ['generation_tokens'],
    preemptions: ['num_preemptions'],
    ttft: ['time_to_first_token_seconds'],
    itl: ['inter_token_latency_seconds', 'time_per_output_token_seconds'],
    endToEnd: ['e2e_request_latency_seconds'],
  },
  sglang: {
    prefix: 'sglang:',
    running: ['num_running_reqs'],
    waiting: ['num_queue_reqs'],
    kvUsage: ['full_token_usage', 'token_usage'],
    prefixQueries: [],
    prefixHits: ['cached_tokens'],
    prefixHitRate: ['cache_hit_rate'],
    prompt: ['prompt_tokens'],
    generated: ['generation_tokens'],
    preemptions: ['num_retracted_reqs'],
    ttft: ['time_to_first_token_seconds'],
    itl: ['inter_token_latency_seconds', 'time_per_output_token_seconds'],
    endToEnd: ['e2e_request_latency_seconds'],
  },
  'llama.cpp': {
    prefix: 'llamacpp:',
    running: ['requests_processing'],
    waiting: ['requests_deferred'],
    kvUsage: ['kv_cache_usage_ratio'],
    prefixQueries: [],
    prefixHits: [],
    prefixHitRate: [],
    prompt: ['prompt_tokens'],
    generated: ['tokens_predicted'],
    preemptions: [],
    ttft: [],
    itl: [],
    endToEnd: [],
  },
  'tensorrt-llm': {
    prefix: 'trtllm_',
    running: ['num_requests_running'],
    waiting: ['num_requests_waiting'],
    kvUsage: ['kv_cache_utilization'],
    prefixQueries: [],
    prefixHits: ['prompt_cached_tokens'],
    prefixHitRate: ['kv_cache_hit_rate'],
    prompt: ['prompt_tokens'],
    generated: ['generation_tokens'],
    preemptions: [],
    ttft: ['time_to_first_token_seconds'],
    itl: ['time_per_output_token_seconds'],
    endToEnd: ['e2e_request_latency_seconds'],
  },
  dynamo: {
    prefix: 'dynamo_frontend_',
    running: ['inflight_requests'],
    waiting: ['queued_requests'],
    kvUsage: [],
    prefixQueries: [],
    prefixHits: ['cached_tokens', 'cached_tokens_sum'],
    prefixHitRate: [],
    prompt: ['input_sequence_tokens_sum'],
    generated: ['output_tokens', 'output_sequence_tokens_sum'],
    preemptions: [],
    ttft: ['time_to_first_token_seconds'],
    itl: ['inter_token_latency_seconds'],
    endToEnd: ['request_duration_seconds'],
  },
  tgi: {
    prefix: 'tgi_',
    running: ['batch_current_size'],
    waiting: ['queue_size'],
    kvUsage: [],
    prefixQueries: [],
    prefixHits: [],
    prefixHitRate: [],
    prompt: ['request_input_length_sum'],
    generated: ['request_generated_tokens_sum'],
    preemptions: [],
    ttft: [],
    itl: ['request_mean_time_per_token_duration'],
    endToEnd: ['request_duration'],
  },
};
