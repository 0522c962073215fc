import type { LogRecord } from './logRecord.ts';
import { ranOut } from './outOfMemory.ts';
import { type PlainLine, shortText } from './plainLine.ts';
import { type ArgumentNames, argumentsAfter, dtypeName, setFlags, textOf } from './pythonFlags.ts';
import { type EngineWordings, type Groups, numberIn, type Wording } from './wording.ts';

const NAMES: ArgumentNames = {
  numbers: {
    tp_size: 'tp',
    pp_size: 'pp',
    dp_size: 'dp',
    dcp_size: 'dcp',
    ep_size: 'ep',
    mem_fraction_static: 'staticFraction',
    context_length: 'maxModelLen',
    max_running_requests: 'maxNumSeqs',
    chunked_prefill_size: 'maxNumBatchedTokens',
    cuda_graph_max_bs: 'largestGraph',
    cuda_graph_max_bs_decode: 'largestGraph',
    speculative_num_draft_tokens: 'draftTokens',
    cpu_offload_gb: 'cpuOffloadGiB',
  },
  texts: {
    dtype: 'dtype',
    kv_cache_dtype: 'kvCacheDtype',
    quantization: 'quantization',
    attention_backend: 'attentionBackend',
    speculative_algorithm: 'speculativeMethod',
    speculative_draft_model_path: 'draftModel',
  },
  booleans: { disable_cuda_graph: 'enforceEager' },
};

/** Under DP attention SGLang's `dp` are groups of one replica, and its `tp` counts the ranks of all of them. */
function takeArguments(record: LogRecord, text: string): void {
  const given = argumentsAfter(text, /server_args=ServerArgs\(/);
  const { flags } = record;
  setFlags(flags, given, NAMES);
  record.model = textOf(given, 'model_path') ?? record.model;
  if (given.get('mm_enable_dp_encoder') === true) flags.mmEncoder = 'data';
  if (given.get('device') === 'npu') flags.platform = 'npu';
  if (given.get('enable_dp_attention') !== true || !flags.tp || !flags.dp) return;
  flags.attentionDp = flags.dp;
  flags.tp = flags.tp / flags.dp;
  flags.dp = 1;
}

function refused(record: LogRecord, { number, text }: PlainLine, cause: 'no-kv-memory' | 'free-memory', groups: Groups = {}): void {
  record.end({
    kind: 'refused',
    cause,
    needGiB: numberIn(groups['need']),
    availableGiB: numberIn(groups['available']),
    estimatedMaxTokens: null,
    line: number,
    text: shortText(text),
  });
}

/** A pool that SGLang allocates: the target's until its memory pool is done, a draft's from then on. */
function takePool(groups: Groups, record: LogRecord, line: PlainLine): void {
  const key = numberIn(groups['key']);
  const value = numberIn(groups['value']);
  const gib = numberIn(groups['size']) ?? (key ?? 0) + (value ?? 0);
  const tokens = numberIn(groups['tokens']);
  const draft = record.has('freeAfterKvCache', line.rank);
  const window = !draft && tokens !== null && tokens === record.windowTokens;
  const dtype = groups['dtype'] === undefined ? null : dtypeName(groups['dtype']);
  record.pool(
    {
      of: draft ? 'draft' : window ? 'window' : 'target',
      tokens,
      gib,
      keyGiB: key,
      valueGiB: value,
      dtype,
      layers: null,
      line: line.number,
    },
    line.rank,
  );
  if (dtype !== null && !draft) record.flags.kvCacheDtype = dtype;
  if (draft) return;
  record.state('kvMemory', { value: gib, rounding: key === null ? 0.005 : 0.01, unit: 'GB' }, line, 'add');
  if (groups['tokens'] !== undefined && !window) record.figure('kvTokens', groups['tokens'], '', line);
}

function takeState({ slots, conv, ssm }: Groups, record: LogRecord, line: PlainLine): void {
  const gib = Number(conv) + Number(ssm);
  record.pool(
    { of: 'state', tokens: numberIn(slots), gib, keyGiB: null, valueGiB: null, dtype: null, layers: null, line: line.number },
    line.rank,
  );
}

/** Weights of the target, or of the draft that the same rank loads after it. */
function takeWeights({ type, quantization, free = '', usage }: Groups, record: LogRecord, line: PlainLine): void {
  const draft = record.has('weights', line.rank);
  const name = draft ? 'draftWeights' : 'weights';
  if (!draft && type !== undefined) record.flags.architecture = type;
  if (!draft && quantization !== undefined) record.flags.quantization ??= quantization;
  record.figure('freeAfterWeights', free, 'GB', line, 'replace');
  const before = record.value('freeBeforeLoad', line.rank);
  if (usage !== undefined) record.figure(name, usage, 'GB', line);
  else if (before !== null && !draft) record.state(name, { value: before - Number(free), rounding: 0.01, unit: 'GB' }, line);
}

const WORDINGS: readonly Wording[] = [
  { says: /server_args=ServerArgs\(/, note: (_, record, { whole }) => takeArguments(record, whole) },
  { says: /Automatically reduce --mem-fraction-static to (?<staticFraction>[\d.]*\d)/, flags: { staticFraction: Number } },
  { says: /Reported total GPU memory per device \(MiB\): .*?using min: (?<total>\d+) MiB/, figures: { total: 'MiB' } },
  { says: /Init torch distributed ends\..*?mem usage=(?<communication>-?[\d.]+) GB/, figures: { communication: 'GB' }, again: 'first' },
  { says: /Load weight begin\. avail mem=(?<freeBeforeLoad>[\d.]+) GB/, figures: { freeBeforeLoad: 'GB' }, again: 'first', stage: 'load' },
  {
    says: /Load weight end\.(?:.*?type=(?<type>\w+))?(?:.*?quant=(?<quantization>[\w-]+))?.*?avail mem=(?<free>[\d.]+) GB(?:, mem usage=(?<usage>-?[\d.]+) GB)?/,
    stage: 'profile',
    note: takeWeights,
  },
  { says: /Using KV cache dtype: (?<kvCacheDtype>[\w.]+)/, flags: { kvCacheDtype: dtypeName } },
  {
    says: /The available memory for KV cache is (?<freeBeforeKvCache>-?[\d.]+) GB/,
    figures: { freeBeforeKvCache: 'GB' },
    stage: 'kv-cache',
  },
  { says: /Memory profiling: available_gpu_memory=(?<freeBeforeKvCache>-?[\d.]+) GB/, figures: { freeBeforeKvCache: 'GB' } },
  { says: /memory calculation: bytes_per_full_token=(?<kvBytesPerToken>[\d.]+)/, figures: { kvBytesPerToken: '' } },
  {
    says: /Use sliding window memory pool\..*?swa_layer_tokens=(?<window>\d+)/,
    note: ({ window }, record) => {
      record.windowTokens = numberIn(window);
    },
  },
  {
    says: /KV Cache is allocated\.(?: dtype: (?<dtype>[\w.]+),)?(?: #tokens: (?<tokens>\d+),)? (?:K size: (?<key>[\d.]+) GB, V size: (?<value>[\d.]+) GB|KV size: (?<size>[\d.]+) GB)/,
    stage: 'kv-cache',
    note: takePool,
  },
  {
    says: /Mamba Cache is allocated\. max_mamba_cache_size: (?<slots>\d+), conv_state size: (?<conv>[\d.]+) ?GB, ssm_state size: (?<ssm>[\d.]+) ?GB/,
    note: takeState,
  },
  { says: /SWAKVPool mem usage: [\d.]+ GB/ },
  { says: /Memory pool end\. avail mem=(?<freeAfterKvCache>-?[\d.]+) GB/, figures: { freeAfterKvCache: 'GB' }, again: 'replace' },
  { says: /Capture [\w ]{0,40}graph begin/i, stage: 'graph-capture' },
  { says: /Capture [\w ]{0,40}graph end\..*?mem usage=(?<graphCapture>-?[\d.]+) GB/i, figures: { graphCapture: 'GB' }, again: 'add' },
  {
    says: /max_total_num_tokens=(?<kvTokens>\d+),.*?max_running_requests=(?<maxSequences>\d+), context_len=(?<maxModelLen>\d+)(?:, available_(?:gpu|cpu)_mem=(?<freeWhenReady>[\d.]+) GB)?/,
    figures: { kvTokens: '', maxSequences: '', freeWhenReady: 'GB' },
    flags: { maxModelLen: Number },
    flagsOnce: true,
  },
  {
    says: /Not enough memory\. Please try to increase --mem-fraction-static/,
    note: (_, record, line) => refused(record, line, 'no-kv-memory'),
  },
  {
    says: /memory capacity is unbalanced(?:.*?(?:min_per_gpu_memory|pre_model_load_memory)=(?<available>[\d.]+).*?\* 0\.9=(?<need>[\d.]+))?/,
    note: (groups, record, line) => refused(record, line, 'free-memory', groups),
  },
  { says: /Capture cuda graph failed: .*out of memory/i, note: (_, record, line) => ranOut(record, line, null, 'graph-capture') },
  {
    says: /The server is fired up and ready to roll|Application startup complete/,
    note: (_, record, { number }) => record.end({ kind: 'ready', line: number }),
  },
];

/** How SGLang words its start, 0.4 to 0.5; its GB are GiB. */
export const SGLANG: EngineWordings = {
  engine: 'sglang',
  signature: (text) =>
    /server_args=ServerArgs\(|sglang\.launch_server|\bsglang serve\b|sglang\/srt\/|--mem-fraction-static/.test(text) ? 'sglang' : null,
  opening: /server_args=ServerArgs\(/,
  wordings: WORDINGS,
  passedOver: [/avail_mem=/, /Required memory for warmup/, /KV size per token|host memory|hicache/i],
};
