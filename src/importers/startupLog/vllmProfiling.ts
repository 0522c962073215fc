import type { LogRecord } from './logRecord.ts';
import { type PlainLine, shortText } from './plainLine.ts';
import { type Groups, numberIn, type Wording } from './wording.ts';

const utilization = Number;

/** The engine up to 0.6 measured into a report of one line, of two, or of a table; the V0 engine kept that until 0.10. */
const REPORTS: readonly Wording[] = [
  {
    says: /total_gpu_memory \((?<total>[\d.]+)GiB\) x gpu_memory_utilization \((?<utilization>[\d.]+)\) = (?<budget>[\d.]+)GiB(?<parts>.*)/,
    figures: { total: 'GiB', budget: 'GiB' },
    flags: { utilization },
    flagsOnce: true,
    note: ({ parts = '' }, record, line) => takeParts(parts, record, line),
  },
  { says: /model weights take [\d.]+GiB; non_torch_memory/, note: (_, record, line) => takeParts(line.text, record, line) },
  {
    // up to 0.6.4 the peak holds the weights too
    says: /total_gpu_memory=(?<total>[\d.]+)GiB .*?peak_torch_memory=(?<peak>[\d.]+)GiB .*?non_torch_memory=(?<nonTorch>[\d.]+)GiB kv_cache_size=(?<kvMemory>-?[\d.]+)GiB gpu_memory_utilization=(?<utilization>[\d.]+)/i,
    figures: { total: 'GiB', nonTorch: 'GiB', kvMemory: 'GiB' },
    flags: { utilization },
    flagsOnce: true,
    stage: 'kv-cache',
    note: ({ peak }, record, line) => {
      const weights = record.value('weights', line.rank);
      if (weights !== null) record.state('activationPeak', { value: Number(peak) - weights, rounding: 0.01, unit: 'GiB' }, line);
    },
  },
  {
    says: /^(?:total_gpu_memory\s+(?<total>[\d.]+)|the current vLLM instance can use\s+(?<budget>[\d.]+)|non_torch_memory\s+(?<nonTorch>[\d.]+)|PyTorch activation peak memory\s+(?<activationPeak>[\d.]+)|available_kv_cache_memory\s+(?<kvMemory>-?[\d.]+)|model weights take\s+(?<weights>[\d.]+))GiB$/,
    figures: { total: 'GiB', budget: 'GiB', nonTorch: 'GiB', activationPeak: 'GiB', kvMemory: 'GiB', weights: 'GiB' },
  },
  { says: /^gpu_memory_utilization\s+(?<utilization>0?\.\d+|1(?:\.0+)?)$/, flags: { utilization }, flagsOnce: true },
];

function takeParts(text: string, record: LogRecord, line: PlainLine): void {
  const parts =
    /model weights take (?<weights>[\d.]+)GiB; non_torch_memory takes (?<nonTorch>-?[\d.]+)GiB; PyTorch activation peak memory takes (?<activationPeak>[\d.]+)GiB;(?: the rest of the memory reserved for KV Cache is (?<kvMemory>-?[\d.]+)GiB)?/.exec(
      text,
    )?.groups;
  for (const [name, printed] of Object.entries(parts ?? {})) {
    if (printed !== undefined) record.figure(name as 'weights' | 'nonTorch' | 'activationPeak' | 'kvMemory', printed, 'GiB', line);
  }
}

const MEMORY: readonly Wording[] = [
  {
    says: /Initial free memory:? (?<freeBeforeLoad>[\d.]+) GiB,? reserved (?<kvMemory>(?<kvCacheMemoryGiB>[\d.]+)) GiB memory for KV Cache/,
    figures: { freeBeforeLoad: 'GiB', kvMemory: 'GiB' },
    flags: { kvCacheMemoryGiB: Number },
    flagsOnce: true,
    stage: 'kv-cache',
  },
  { says: /Available KV cache memory: (?<kvMemory>-?[\d.]+) ?GiB/, figures: { kvMemory: 'GiB' }, stage: 'kv-cache' },
  {
    // at debug level
    says: /Total non KV cache memory: ?[\d.]+ ?GiB; torch peak memory increase: ?(?<activationPeak>[\d.]+) ?GiB;(?: non-torch forward increase memory: ?(?<nonTorch>[\d.]+) ?GiB;)?(?: total consumed \([^)]*\): ?(?<consumed>[\d.]+) ?GiB;)?/,
    figures: { activationPeak: 'GiB', nonTorch: 'GiB', consumed: 'GiB' },
  },
  { says: /worker requested memory: ?(?<budget>[\d.]+) ?GiB/, figures: { budget: 'GiB' } },
  {
    says: /init memory snapshot: .*?free_memory=(?<freeBeforeLoad>[\d.]+) ?GiB, total_memory=(?<total>[\d.]+) ?GiB/,
    figures: { freeBeforeLoad: 'GiB', total: 'GiB' },
  },
  {
    says: /Free memory on device (?:\S+ )?\((?<free>[\d.]+)\/(?<total>[\d.]+) GiB\) on startup is less than desired GPU memory utilization \((?<utilization>[\d.]+), (?<need>[\d.]+) GiB\)/,
    figures: { total: 'GiB' },
    flags: { utilization },
    flagsOnce: true,
    note: ({ free, need }, record, { number, text }) =>
      record.end({
        kind: 'refused',
        cause: 'free-memory',
        needGiB: numberIn(need),
        availableGiB: numberIn(free),
        estimatedMaxTokens: null,
        line: number,
        text: shortText(text),
      }),
  },
  {
    says: /Free memory on device (?:\S+ )?\((?<freeBeforeLoad>[\d.]+)\/(?<total>[\d.]+) GiB\) on startup\. Desired GPU memory utilization is \((?<utilization>[\d.]+), (?<budget>[\d.]+) GiB\)\. Actual usage(?: is|:) (?:(?<weights>[\d.]+) GiB for weights?|(?<consumed>[\d.]+) GiB for consumed memory[^,]{0,40}), (?<activationPeak>[\d.]+) GiB for peak activation(?:, (?<nonTorch>[\d.]+) GiB for non-torch memory)?,(?: and)? (?<graphCapture>-?[\d.]+) GiB for \w+ ?graph memory/i,
    figures: {
      freeBeforeLoad: 'GiB',
      total: 'GiB',
      budget: 'GiB',
      weights: 'GiB',
      consumed: 'GiB',
      activationPeak: 'GiB',
      nonTorch: 'GiB',
      graphCapture: 'GiB',
    },
    flags: { utilization },
    flagsOnce: true,
  },
];

/** Half a digit of two fractions that are printed to four decimals. */
const FRACTION_ROUNDING = 1e-4;

/** vLLM says by how much of the fraction its graph estimate lowers the budget, so that `total = estimate / difference`. */
function totalFromGraphEstimate({ larger, smaller }: Groups, record: LogRecord, line: PlainLine): void {
  const estimate = record.value('graphEstimate', line.rank);
  const difference = Number(larger) - Number(smaller);
  if (estimate === null || !(difference > FRACTION_ROUNDING)) return;
  const value = estimate / difference;
  const rounding = value * (0.005 / estimate + FRACTION_ROUNDING / difference);
  record.state('totalFromGraphEstimate', { value, rounding, unit: 'GiB' }, line);
}

const GRAPHS: readonly Wording[] = [
  { says: /Estimated CUDA graph memory: (?<graphEstimate>-?[\d.]+) GiB/, figures: { graphEstimate: 'GiB' } },
  {
    says: /profiling is (?<graphProfiling>enabled).*? --gpu-memory-utilization=(?<larger>(?<utilization>[\d.]+)) is equivalent to --gpu-memory-utilization=(?<smaller>[\d.]+) without/,
    flags: { graphProfiling: () => true, utilization },
    flagsOnce: true,
    note: totalFromGraphEstimate,
  },
  {
    says: /profiling is (?<graphProfiling>disabled).*?increasing --gpu-memory-utilization from (?<smaller>(?<utilization>[\d.]+)) to (?<larger>[\d.]+\d)/,
    flags: { graphProfiling: () => false, utilization },
    flagsOnce: true,
    note: totalFromGraphEstimate,
  },
  { says: /Capturing (?:CUDA graphs|cudagraphs)/, stage: 'graph-capture' },
  {
    says: /Graph capturing finished in [\d.]+ secs?, took (?<graphCapture>-?[\d.]+) GiB/,
    figures: { graphCapture: 'GiB' },
    stage: 'graph-capture',
  },
  {
    says: /CUDA graph pool memory: (?<graphCapture>-?[\d.]+) GiB \(actual\), (?<graphEstimate>-?[\d.]+) GiB \(estimated\)/,
    figures: { graphCapture: 'GiB', graphEstimate: 'GiB' },
  },
];

/** How vLLM words what it measures before it sizes its KV cache. */
export const VLLM_PROFILING: readonly Wording[] = [...MEMORY, ...GRAPHS, ...REPORTS];
