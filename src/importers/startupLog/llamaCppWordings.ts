import type { LogRecord } from './logRecord.ts';
import { ranOut } from './outOfMemory.ts';
import type { PlainLine } from './plainLine.ts';
import { inGiB } from './printedNumber.ts';
import type { LoggedBuffer } from './startupLog.ts';
import { type EngineWordings, type Groups, numberIn, type Wording } from './wording.ts';

const USES: Readonly<Record<string, LoggedBuffer['use']>> = { model: 'model', KV: 'kv', RS: 'state', compute: 'compute', output: 'output' };

function takeBuffer({ from = '', device = '', use, size = '', unit = '' }: Groups, record: LogRecord, { number }: PlainLine): void {
  const vision = /^(?:alloc_compute_meta|clip)/.test(from);
  record.buffer({
    device,
    use: vision ? 'vision' : (USES[use ?? 'model'] ?? 'model'),
    draft: record.modelsLoaded > 1,
    gib: inGiB(size, unit),
    line: number,
  });
  if (use === 'KV') record.reach('kv-cache');
  else if (use === undefined || use === 'model') record.reach('profile');
}

function takePool(
  of: 'target' | 'state',
  { size = '', cells, layers, dtype, key, value }: Groups,
  record: LogRecord,
  line: PlainLine,
): void {
  const draft = record.modelsLoaded > 1;
  record.pool(
    {
      of: draft ? 'draft' : of,
      tokens: numberIn(cells) ?? record.flags.maxModelLen ?? null,
      gib: inGiB(size, 'MiB'),
      keyGiB: key === undefined ? null : inGiB(key, 'MiB'),
      valueGiB: value === undefined ? null : inGiB(value, 'MiB'),
      dtype: dtype ?? null,
      layers: numberIn(layers),
      line: line.number,
    },
    '',
  );
  if (draft || of === 'state') return;
  if (dtype !== undefined) record.flags.kvCacheDtype = dtype;
  record.figure('kvMemory', size, 'MiB', { ...line, rank: '' }, 'add');
  const tokens = cells ?? (record.flags.maxModelLen === undefined ? undefined : String(record.flags.maxModelLen));
  if (tokens !== undefined && !record.has('kvTokens')) record.figure('kvTokens', tokens, '', line);
}

const MODEL: readonly Wording[] = [
  { says: /^(?:version: |build: |main: build = |build_info: )(?<version>b?\d+)\b/ },
  { says: /build info .*\bbuild=(?<version>\d+)/ },
  {
    says: /loaded meta data with \d+ key-value pairs and \d+ tensors from (?<path>\S.*?\.gguf\b)?/,
    stage: 'load',
    note: ({ path }, record) => {
      record.modelsLoaded++;
      if (record.modelsLoaded === 1) record.model ??= path ?? null;
      else if (path !== undefined) record.flags.draftModel ??= path;
    },
  },
  { says: /loading model '(?<model>[^']+)'/ },
  { says: /general\.name\s*= (?<model>\S.*)$/ },
  { says: /(?:print_info|print_meta): arch\s*= (?<architecture>\S+)/, flags: { architecture: String }, flagsOnce: true },
  { says: /(?:model f|file )type\s*= (?<quantization>[A-Za-z]\w*)/, flags: { quantization: String }, flagsOnce: true },
  {
    says: /^(?:print_info|llm_load_print_meta): (?:file|model) size\s*= (?<checkpoint>[\d.]+) (?<unit>[MG]iB) \(/,
    figures: { checkpoint: 'GiB' },
  },
  {
    says: /offloaded (?<gpuLayers>\d+)\/(?<layers>\d+) layers to GPU/,
    flags: { gpuLayers: Number, layers: Number },
    flagsOnce: true,
  },
];

const DEVICES: readonly Wording[] = [
  { says: /found (?<gpus>\d+) (?:CUDA|ROCm|Vulkan|SYCL) devices/, flags: { gpus: Number } },
  {
    says: /^\s*Device \d+: (?<gpu>[^,]+), (?:compute capability (?<computeCapability>\d+\.\d))?/,
    flags: { gpu: String, computeCapability: Number },
    flagsOnce: true,
  },
  {
    says: /using device (?<device>\S+) \((?<gpu>.{1,80}?)\)(?: \([^)]*\))? - (?<free>\d+) MiB free/,
    flags: { gpu: String },
    flagsOnce: true,
    note: ({ device = '', free = '' }, record, line) => record.figure('freeBeforeLoad', free, 'MiB', { ...line, rank: device }),
  },
  {
    says: /projected to use (?<projected>\d+) MiB of device memory vs\. (?<free>\d+) MiB of free device memory/,
    figures: { projected: 'MiB', free: 'MiB' },
  },
  {
    // in MiB: total = free + (self = model + context + compute) + unaccounted
    says: /memory_breakdown_print: \|\s+- (?<device>[A-Za-z]+\d+) \(.*?\)\s*\|\s*(?<total>\d+) =/,
    note: ({ device = '', total = '' }, record, line) => record.figure('total', total, 'MiB', { ...line, rank: device }),
  },
  { says: /memory_breakdown_print: / },
];

const MEMORY: readonly Wording[] = [
  {
    says: /^(?<from>\w+):\s+(?<device>\S+)\s+(?:(?<use>model|KV|RS|compute|output)\s+)?buffer size\s*=\s*(?<size>[\d.]+) (?<unit>MiB)/,
    note: takeBuffer,
  },
  {
    says: /^load_hparams: model size:\s+(?<size>[\d.]+) MiB/,
    note: ({ size = '' }, record, { number }) =>
      record.buffer({ device: 'vision encoder', use: 'vision-weights', draft: false, gib: inGiB(size, 'MiB'), line: number }),
  },
  {
    says: /KV self size\s*=\s*(?<size>[\d.]+) MiB(?:, (?:c\^KV|K) \((?<dtype>\w+)\):\s*(?<key>[\d.]+) MiB)?(?:, V \(\w+\):\s*(?<value>[\d.]+) MiB)?/,
    note: (groups, record, line) => takePool('target', groups, record, line),
  },
  {
    says: /^llama_kv_cache\w*: size =\s*(?<size>[\d.]+) MiB \(\s*(?<cells>\d+) cells,\s*(?<layers>\d+) layers,[^)]*\), K \((?<dtype>\w+)\):\s*(?<key>[\d.]+) MiB, V \(\w+\):\s*(?<value>[\d.]+) MiB/,
    note: (groups, record, line) => takePool('target', groups, record, line),
  },
  {
    says: /^llama_memory_recurrent: size =\s*(?<size>[\d.]+) MiB \(\s*(?<cells>\d+) cells,\s*(?<layers>\d+) layers/,
    note: (groups, record, line) => takePool('state', groups, record, line),
  },
  { says: /\bn_ctx\s+= (?<maxModelLen>\d+)/, flags: { maxModelLen: Number }, flagsOnce: true },
  { says: /\bn_ubatch\s+= (?<maxNumBatchedTokens>\d+)/, flags: { maxNumBatchedTokens: Number }, flagsOnce: true },
  { says: /\bn_(?:seq_max|slots)\s+= (?<maxNumSeqs>\d+)/, flags: { maxNumSeqs: Number }, flagsOnce: true },
];

const ENDINGS: readonly Wording[] = [
  {
    says: /allocating (?<size>[\d.]+) MiB on device \d+: \w+ failed: out of memory/,
    note: ({ size = '' }, record, line) => ranOut(record, line, inGiB(size, 'MiB')),
  },
  { says: /failed to allocate compute buffers/, note: (_, record, line) => ranOut(record, line, null, 'compute-buffer') },
  { says: /failed to allocate buffer for kv cache/, note: (_, record, line) => ranOut(record, line, null, 'kv-cache') },
  { says: /unable to allocate \S+ buffer/, note: (_, record, line) => ranOut(record, line, null, 'load') },
  {
    says: /server is listening|HTTP server listening|all slots are idle|main: n_kv_max = \d|llama server listening/,
    note: (_, record, { number }) => record.end({ kind: 'ready', line: number }),
  },
];

/** How llama.cpp and ik_llama.cpp word their start, 2024 to 2026. */
export const LLAMA_CPP: EngineWordings = {
  engine: 'llama.cpp',
  signature: (text) => {
    if (/^llama_new_context_with_model: (?:mla_attn|fused_moe|attn_max_b|ser )/.test(text)) return 'ik_llama.cpp';
    return /^(?:llama_|llm_load_|ggml_|print_info: |load_tensors: )/.test(text) ? 'llama.cpp' : null;
  },
  opening: /^(?:build_info: |main: build = |build: \d)/,
  wordings: [...ENDINGS, ...MEMORY, ...MODEL, ...DEVICES],
  passedOver: [
    /token to piece cache/,
    /ggml ctx size/,
    /recommendedMaxWorkingSetSize/,
    /prompt cache|--cache-ram/,
    /will leave \d+/,
    /KV cache, size = \d+ cells/,
    /metadata size/,
  ],
};
