import type { LogRecord } from './logRecord.ts';
import { ranOut } from './outOfMemory.ts';
import { type PlainLine, shortText } from './plainLine.ts';
import { dtypeName } from './pythonFlags.ts';
import { takeVllmArguments } from './vllmFlags.ts';
import { VLLM_PROFILING } from './vllmProfiling.ts';
import { type EngineWordings, type Groups, numberIn, type Wording } from './wording.ts';

const SETTINGS: readonly Wording[] = [
  { says: /Automatically detected platform (?<platform>\w+)/, flags: { platform: String } },
  { says: /API server version (?<version>\d\S*)/ },
  { says: /\u2588\s{1,8}version (?<version>\d\S*)$/ },
  { says: /\u2588\s{1,8}model\s{1,8}(?<model>\S.*)$/ },
  { says: /non-default args: (?=\{)/, note: (_, record, { whole }) => takeVllmArguments(record, whole, /non-default args: /) },
  { says: /args: Namespace\(/, note: (_, record, { whole }) => takeVllmArguments(record, whole, /args: Namespace\(/) },
  {
    says: /Initializing an? (?:V\d )?LLM engine \(v(?<version>[^)\s]+)\) with config: /,
    note: (_, record, { whole }) => takeVllmArguments(record, whole, /with config: /),
  },
  {
    says: /Chunked prefill is (?<chunkedPrefill>enabled) with max_num_batched_tokens=(?<maxNumBatchedTokens>\d+)/,
    flags: { chunkedPrefill: () => true, maxNumBatchedTokens: Number },
  },
  { says: /Using max model len (?<maxModelLen>\d+)/, flags: { maxModelLen: Number } },
  { says: /Resolved architecture: (?<architecture>\w+)/, flags: { architecture: String }, flagsOnce: true },
  { says: /Using (?<kvCacheDtype>\w+) data type to store kv cache/, flags: { kvCacheDtype: dtypeName } },
  { says: /Using DeepSeek's (?<kvCacheDtype>\w+) KV cache format/, flags: { kvCacheDtype: String } },
  { says: /\bworld_size=(?<gpus>\d+) rank=\d/, flags: { gpus: Number } },
];

const LOADING: readonly Wording[] = [
  { says: /Starting to load model /, stage: 'load' },
  { says: /Checkpoint size: (?<checkpoint>[\d.]+) (?<unit>[MG]iB)/, figures: { checkpoint: 'GiB' } },
  {
    says: /(?:Model loading|Loading model weights) took (?<loaded>-?[\d.]+) ?(?<unit>Gi?B)/,
    stage: 'profile',
    note: ({ loaded = '', unit = '' }, record, line) => {
      const draft = record.flags.speculativeMethod !== undefined && record.has('weights', line.rank);
      record.figure(draft ? 'draftWeights' : 'weights', loaded, unit, line);
    },
  },
];

const CACHE: readonly Wording[] = [
  {
    // in one line from 0.26 on
    says: /KV cache size: (?<kvTokens>[\d,]+) tokens(?:,? ?Maximum concurrency for (?<concurrencyTokens>[\d,]+) tokens per request: (?<concurrency>[\d.]+)x)?/,
    figures: { kvTokens: '', concurrencyTokens: '', concurrency: '' },
    stage: 'kv-cache',
  },
  {
    says: /Maximum concurrency for (?<concurrencyTokens>[\d,]+) tokens per request: (?<concurrency>[\d.]+)x/,
    figures: { concurrencyTokens: '', concurrency: '' },
  },
  { says: /# [A-Za-z]+ blocks: (?<blocks>\d+)(?:, # CPU blocks|$)/, figures: { blocks: '' }, stage: 'kv-cache' },
  { says: /num_gpu_blocks is: (?<blocks>\d+)/, figures: { blocks: '' } },
  { says: /Setting (?:kv cache|attention) block size to (?<blockTokens>\d+) /, figures: { blockTokens: '' }, again: 'replace' },
];

function refusedOneRequest({ need, available, estimated }: Groups, record: LogRecord, { number, text }: PlainLine): void {
  record.end({
    kind: 'refused',
    cause: 'one-request',
    needGiB: numberIn(need),
    availableGiB: numberIn(available),
    estimatedMaxTokens: numberIn(estimated),
    line: number,
    text: shortText(text),
  });
}

const ENDINGS: readonly Wording[] = [
  {
    says: /max seq len \([\d,]+\),? \(?(?<need>[\d.]+) ?GiB KV cache is needed, which is larger than the available KV cache memory \((?<available>-?[\d.]+) ?GiB\)(?:\. Based on the available memory,? the estimated maximum model length is (?<estimated>\d+))?/,
    note: refusedOneRequest,
  },
  {
    says: /max seq len \([\d,]+\) is larger than the maximum number of tokens that can be stored in KV cache \((?<estimated>\d+)\)/,
    note: refusedOneRequest,
  },
  {
    says: /No available memory for the cache blocks/,
    note: (_, record, { number, text, rank }) =>
      record.end({
        kind: 'refused',
        cause: 'no-kv-memory',
        needGiB: null,
        availableGiB: record.value('kvMemory', rank),
        estimatedMaxTokens: null,
        line: number,
        text: shortText(text),
      }),
  },
  {
    says: /out of memory occurred when warming up (?:sampler|pooler)/,
    note: (_, record, line) => ranOut(record, line, null, 'sampler-warm-up'),
  },
  {
    // a server says more, an engine inside a program does not
    says: /init engine \(profile, create kv cache, warmup model\) took/,
    stage: 'ready',
    note: (_, record, { number }) => {
      record.readyLine = number;
    },
  },
  { says: /Application startup complete/, note: (_, record, { number }) => record.end({ kind: 'ready', line: number }) },
];

/** How vLLM words its start, 0.6 to 0.27. */
export const VLLM: EngineWordings = {
  engine: 'vllm',
  signature: (text) =>
    /vLLM API server|\bvllm serve\b|Initializing an? (?:V\d )?LLM engine|vllm\/(?:v1|engine|worker)\/|--gpu-memory-utilization/.test(text)
      ? 'vllm'
      : null,
  opening: /vLLM API server version |\u2588\s{1,8}version \d/,
  wordings: [...ENDINGS, ...CACHE, ...VLLM_PROFILING, ...LOADING, ...SETTINGS],
  passedOver: [
    /Available RAM|Auto-prefetch/,
    /block_size=\d+ bytes/,
    /mm_processor_cache|multi-?modal.{0,40}cache/i,
    /swap space/i,
    /shared memory broadcast/,
    /may waste at most/,
  ],
};
