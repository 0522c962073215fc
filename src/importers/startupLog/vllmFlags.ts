import type { LogRecord } from './logRecord.ts';
import { type ArgumentNames, argumentsAfter, setFlags, textOf } from './pythonFlags.ts';

const NAMES: ArgumentNames = {
  numbers: {
    tensor_parallel_size: 'tp',
    pipeline_parallel_size: 'pp',
    data_parallel_size: 'dp',
    decode_context_parallel_size: 'dcp',
    gpu_memory_utilization: 'utilization',
    max_model_len: 'maxModelLen',
    max_seq_len: 'maxModelLen',
    max_num_seqs: 'maxNumSeqs',
    max_num_batched_tokens: 'maxNumBatchedTokens',
    max_cudagraph_capture_size: 'largestGraph',
    cpu_offload_gb: 'cpuOffloadGiB',
  },
  texts: {
    dtype: 'dtype',
    kv_cache_dtype: 'kvCacheDtype',
    quantization: 'quantization',
    mm_encoder_tp_mode: 'mmEncoder',
    attention_backend: 'attentionBackend',
  },
  booleans: {
    enable_expert_parallel: 'expertParallel',
    enable_chunked_prefill: 'chunkedPrefill',
    chunked_prefill_enabled: 'chunkedPrefill',
    enforce_eager: 'enforceEager',
    language_model_only: 'textOnly',
  },
};

const SPECULATION: ArgumentNames = {
  numbers: { num_speculative_tokens: 'draftTokens', num_spec_tokens: 'draftTokens' },
  texts: { method: 'speculativeMethod', model: 'draftModel' },
  booleans: {},
};

/** Takes the model and the flags from a line of vLLM's arguments that begin after `after`. */
export function takeVllmArguments(record: LogRecord, text: string, after: RegExp): void {
  const given = argumentsAfter(text, after);
  setFlags(record.flags, given, NAMES);
  record.model = textOf(given, 'model') ?? textOf(given, 'model_tag') ?? record.model;
  const bytes = given.get('kv_cache_memory_bytes');
  if (typeof bytes === 'number') record.flags.kvCacheMemoryGiB = bytes / 2 ** 30;
  const speculation = given.get('speculative_config');
  if (speculation instanceof Map) setFlags(record.flags, speculation, SPECULATION);
  if (speculation instanceof Map) record.flags.speculativeMethod ??= 'draft_model';
}
