import { shortText } from './plainLine.ts';
import { type ArgumentNames, argumentsAfter, setFlags, textOf } from './pythonFlags.ts';
import type { EngineWordings, Wording } from './wording.ts';

const NAMES: ArgumentNames = {
  numbers: {
    tensor_parallel_size: 'tp',
    pipeline_parallel_size: 'pp',
    moe_expert_parallel_size: 'ep',
    max_seq_len: 'maxModelLen',
    max_batch_size: 'maxNumSeqs',
    max_num_tokens: 'maxNumBatchedTokens',
  },
  texts: { dtype: 'dtype', attn_backend: 'attentionBackend' },
  booleans: { enable_chunked_prefill: 'chunkedPrefill' },
};

const WORDINGS: readonly Wording[] = [
  { says: /TensorRT-LLM version: (?<version>\S+)/ },
  {
    says: /\bLLM Args: ?/i,
    note: (_, record, { whole }) => {
      const given = argumentsAfter(whole, /\bLLM Args: ?/i);
      setFlags(record.flags, given, NAMES);
      record.model = textOf(given, 'model') ?? record.model;
    },
  },
  { says: /TRTGptModel maxSequenceLen: (?<maxModelLen>\d+)/, flags: { maxModelLen: Number } },
  { says: /TRTGptModel maxBatchSize: (?<maxNumSeqs>\d+)/, flags: { maxNumSeqs: Number } },
  { says: /TRTGptModel maxNumTokens: (?<maxNumBatchedTokens>\d+)/, flags: { maxNumBatchedTokens: Number } },
  {
    says: /max_seq_len=(?<maxModelLen>\d+), max_num_requests=\d+, max_num_tokens=(?<maxNumBatchedTokens>\d+), max_batch_size=(?<maxNumSeqs>\d+)/,
    flags: { maxModelLen: Number, maxNumBatchedTokens: Number, maxNumSeqs: Number },
  },
  {
    says: /Compute capability: \((?<major>\d+), (?<minor>\d+)\)/,
    note: ({ major, minor }, { flags }) => {
      flags.computeCapability = Number(`${major}.${minor}`);
    },
  },
  { says: /\bMPI size: (?<gpus>\d+),/, flags: { gpus: Number } },
  { says: /\bSet dtype to (?<dtype>\w+)/, flags: { dtype: String } },
  { says: /\bSet gemm_plugin to (?!auto|None)(?<quantization>\w+)/, flags: { quantization: String } },
  { says: /Loaded engine size: (?<weights>\d+) (?<unit>[MG]iB)/, figures: { weights: 'MiB' }, stage: 'profile' },
  { says: /Rank \d+ uses (?<weights>[\d.]+) GB for model weights/, figures: { weights: 'GB' }, stage: 'load' },
  {
    says: /Memory used after loading model weights \(inside torch\).*?: (?<weights>[\d.]+) GiB/,
    figures: { weights: 'GiB' },
    stage: 'profile',
  },
  { says: /Memory used after loading model weights \(outside torch\)/ },
  {
    says: /Memory dynamically allocated during inference \(inside torch\).*?: (?<activationPeak>[\d.]+) GiB/,
    figures: { activationPeak: 'GiB' },
  },
  { says: /Memory used outside torch.*?: (?<nonTorch>[\d.]+) GiB/, figures: { nonTorch: 'GiB' } },
  {
    // what was allocated up to here was a trial
    says: /Peak memory during memory usage profiling.*?available KV cache memory when calculating max tokens: (?<freeBeforeKvCache>-?[\d.]+) GiB(?:, fraction is set [\d.]+)?(?:, kv size (?:per token )?is (?<kvBytesPerToken>[\d.]*\d))?(?:\.? ?,? ?device total memory (?<total>[\d.]+) GiB)?/,
    figures: { freeBeforeKvCache: 'GiB', kvBytesPerToken: '', total: 'GiB' },
    note: (_, record) => record.forget('kvMemory', 'kvTokens', 'blocks'),
  },
  { says: /Estimated max memory in KV cache/ },
  { says: /Allocated (?<executionContext>[\d.]+) (?<unit>[KMG]i?B) for execution context memory/, figures: { executionContext: 'MiB' } },
  { says: /Allocated (?<runtimeBuffers>[\d.]+) (?<unit>[KMG]i?B) GPU memory for runtime buffers/, figures: { runtimeBuffers: 'MB' } },
  { says: /Allocated (?<decoderBuffers>[\d.]+) (?<unit>[KMG]i?B) GPU memory for decoder/, figures: { decoderBuffers: 'MB' } },
  {
    says: /Memory usage when calculating max tokens in paged kv cache: total: (?<total>[\d.]+) GiB, available: (?<freeBeforeKvCache>-?[\d.]+) GiB/,
    figures: { total: 'GiB', freeBeforeKvCache: 'GiB' },
  },
  { says: /(?:blocks in KV cache primary pool: |\.primaryBlocks=|primary blocks[:=] ?)(?<blocks>\d+)/, figures: { blocks: '' } },
  { says: /Number of tokens per block: (?<blockTokens>\d+)/, figures: { blockTokens: '' } },
  {
    says: /Allocated (?<kvMemory>[\d.]+) GiB for max tokens in paged KV cache \((?<kvTokens>\d+)\)/,
    figures: { kvMemory: 'GiB', kvTokens: '' },
    stage: 'kv-cache',
  },
  {
    says: /maxTokensInPagedKvCache must be large enough to process at least 1 sequence|Impossible to fit (?:in )?any sequence in kvCache/i,
    note: (_, record, { number, text, rank }) =>
      record.end({
        kind: 'refused',
        cause: 'one-request',
        needGiB: null,
        availableGiB: record.value('kvMemory', rank),
        estimatedMaxTokens: null,
        line: number,
        text: shortText(text),
      }),
  },
  { says: /CUDA graph warmup/, stage: 'graph-capture' },
  {
    says: /Application startup complete|Engine loaded and ready to serve/,
    note: (_, record, { number }) => record.end({ kind: 'ready', line: number }),
  },
];

/** How TensorRT-LLM words its start, with an engine file or with the PyTorch backend; its MB are MiB. */
export const TENSORRT_LLM: EngineWordings = {
  engine: 'tensorrt-llm',
  signature: (text) =>
    /TensorRT-LLM version:|\btrtllm-(?:serve|bench)\b|\[MemUsageChange\]|TRTGptModel|tensorrt_llm\//.test(text) ? 'tensorrt-llm' : null,
  opening: /\btrtllm-(?:serve|bench)\b/,
  wordings: WORDINGS,
  passedOver: [
    /Memory (?:bandwidth|clock)/,
    /TensorRT-managed allocation/,
    /\bTotal Memory: \d+ GiB/,
    /secondary (?:pool|blocks)/,
    /workspace size is not enough/,
    /NVLink bandwidth/,
  ],
};
