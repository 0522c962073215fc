import { describe, expect, it } from 'vitest';
import type { BenchWords } from '../../../src/importers/bench/index.ts';
import { BENCH_COLUMNS } from '../../../src/importers/bench/measurementRow.ts';
import { DEPLOYMENT, fixture, linesOf, SECRET } from './support.ts';

/** What a row says behind its id, by fixture. */
const ROWS: readonly (readonly [file: string, words: BenchWords, rows: readonly string[]])[] = [
  [
    'vllm-serve.json.txt',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,vllm,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,8192,1024,64,0,1550.65073,1722.41,38.0655,median,2026-08-08,vllm bench serve: vllm-serve.json.txt,',
    ],
  ],
  [
    'vllm-serve-appended.json.txt',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,vllm,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,8192,1024,16,0,896.425075,524.964,16.7211,median,2026-08-08,vllm bench serve: vllm-serve-appended.json.txt,',
      'kimi-k2.5,int4,,vllm,0.15.1,h200-sxm,8,8,1,1,1,1,0,unknown,8192,1024,32,0,2364.619951,738.574,12.276,median,2026-08-08,vllm bench serve: vllm-serve-appended.json.txt,20 of 320 requests failed',
    ],
  ],
  [
    'sglang-serving.jsonl',
    { gpu: 'h200', date: '2026-09-01' },
    [
      'kimi-k2.5,int4,fp8,sglang,0.5.9,h200-sxm,8,8,1,1,1,1,0,none,500,510,16,0,764.1697,173.184,19.296,median,2026-09-01,sglang bench_serving: sglang-serving.jsonl,',
      'kimi-k2.5,int4,fp8,sglang,0.5.9,h200-sxm,8,8,1,1,1,1,0,none,500,510,6.25,0.25,435.266486,91.488,13.632,median,2026-09-01,sglang bench_serving: sglang-serving.jsonl,concurrency is the measured mean',
    ],
  ],
  [
    'guidellm-report.json.txt',
    { ...DEPLOYMENT, engine: 'vllm' },
    [
      'kimi-k2.5,int4,,vllm,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1024,256,8,0,598.650877,225,11.979,median,2026-08-08,guidellm: guidellm-report.json.txt,',
      'kimi-k2.5,int4,,vllm,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1024,256,32,0,1250.256006,549,22.275,median,2026-08-08,guidellm: guidellm-report.json.txt,',
    ],
  ],
  [
    'guidellm-report.yaml',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1024,256,12.3,0,813.643411,270,13.86,median,2026-08-08,guidellm: guidellm-report.yaml,concurrency is the measured mean',
    ],
  ],
  [
    'guidellm-benchmarks.csv',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1024,256,7.8,0,598.650877,225,11.979,median,2026-08-08,guidellm: guidellm-benchmarks.csv,concurrency is the measured mean',
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1024,256,31,0,1250.256006,549,22.275,median,2026-08-08,guidellm: guidellm-benchmarks.csv,concurrency is the measured mean',
    ],
  ],
  [
    'aiperf-phases.json.txt',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,3761.3,543.6,16,0,1227.605778,184.08,11.9685,median,2026-07-03,aiperf: aiperf-phases.json.txt,',
    ],
  ],
  [
    'aiperf-loadgen.json.txt',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,1024,512,32,0,1586.060019,328,18.382,median,2025-10-09,aiperf: aiperf-loadgen.json.txt,',
    ],
  ],
  [
    'aiperf.csv',
    { ...DEPLOYMENT, concurrency: '16' },
    [
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,3761.3,543.6,16,0,1227.61,184.08,11.97,median,2026-11-22,aiperf: aiperf.csv,',
    ],
  ],
  [
    'genai-perf.json.txt',
    DEPLOYMENT,
    [
      'kimi-k2.5,int4,,unknown,0.15.1,h200-sxm,8,8,1,1,1,1,0,none,550,256,8,0,719.671028,120.4,9.999,median,2026-11-22,genai-perf: genai-perf.json.txt,',
    ],
  ],
  [
    'inferencex-single-node.json.txt',
    {},
    [
      'kimi-k2.5,int4,,vllm,0.15.1,b200-sxm,8,8,1,1,1,1,0,none,8192,1024,64,0,1550.049174,2037,37.2965,median,2026-11-22,inferencex: inferencex-single-node.json.txt,nominal lengths',
    ],
  ],
  [
    'inferencex-disaggregated.json.txt',
    {},
    [
      'kimi-k2.5,nvfp4,,dynamo-vllm,1.0.1,gb200-nvl72,24,1,1,16,16,1,8,mtp,8192,1024,1024,0,34216.414884,1843,26.675,median,2026-11-22,inferencex: inferencex-disaggregated.json.txt,nominal lengths',
    ],
  ],
  [
    'inferencex-ep-rows.json.txt',
    { model: 'deepseek-r1-0528', gpus: '8' },
    [
      "deepseek-r1-0528,fp8,,sglang,0.5.9,h200-sxm,8,8,1,8,1,1,0,none,1024,1024,64,0,2507.477697,533.5,23.765,median,2026-04-17,inferencex: inferencex-ep-rows.json.txt,the file counts 64 GPUs; by Little's law it was 8; nominal lengths",
    ],
  ],
];

describe.each(ROWS)('%s', (file, words, rows) => {
  const lines = linesOf(file, words);

  it('becomes these rows', () => {
    expect(lines.map((line) => line.slice(line.indexOf(',') + 1))).toEqual(rows);
  });

  it('has ids of its own, and as many cells as columns', () => {
    expect(new Set(lines.map((line) => line.split(',')[0])).size).toBe(lines.length);
    for (const line of lines) expect(line.split(',').length).toBe(BENCH_COLUMNS.length);
  });

  it('keeps secrets and folders to itself', () => {
    expect(lines.join()).not.toContain(SECRET);
    expect(lines.join()).not.toContain('somebody');
  });
});

describe('ids', () => {
  it('are made of what was measured and stay the same', () => {
    const [line = ''] = linesOf('vllm-serve.json.txt');
    expect(line.split(',')[0]).toBe('vllm-kimi-k2.5-h200-sxm-8-c64-4d5a55a86126');
  });

  it('do not depend on the date or the name of the file, but on what is said of the deployment', () => {
    const id = (words: BenchWords) => linesOf('sglang-serving.jsonl', words)[0]?.split(',')[0];
    expect(id({ gpu: 'h200', date: '2026-09-01' })).toBe(id({ gpu: 'h200' }));
    expect(id({ gpu: 'h200', reuse: '0.5' })).not.toBe(id({ gpu: 'h200' }));
  });
});

describe('fixtures', () => {
  it('hold the secret that no output may have', () => {
    const holders = [
      'sglang-serving.jsonl',
      'guidellm-report.json.txt',
      'aiperf-phases.json.txt',
      'genai-perf.json.txt',
      'guidellm-benchmarks.csv',
    ];
    for (const holder of holders) expect(fixture(holder)).toContain(SECRET);
  });
});
