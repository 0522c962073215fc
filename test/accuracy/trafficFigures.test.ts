import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TRACE_PRESETS } from '../../src/accuracy/traffic/presets.ts';
import { traceText } from '../../src/accuracy/traffic/traceFile.ts';
import { withFigures } from '../../src/accuracy/traffic/workloadYaml.ts';
import { loadCatalog } from '../../src/catalog/index.ts';

const TRACES = new URL('../../../shared/traces/', import.meta.url).pathname;
/** What the collection calls the files of each preset. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'agentic-coding-claude': ['agentic_coding_requests.csv.gz'],
  'azure-chat': ['azure_conv_2023.csv.gz'],
  'azure-code-complete': ['azure_code_2023.csv.gz'],
  'kimi-chat': ['mooncake_conversation.jsonl.gz'],
  'reasoning-r1': ['servegen_lengths.csv.gz', 'servegen_deepseek-r1_rates.csv.gz'],
};

describe.skipIf(!existsSync(TRACES))('the presets against the published traces', () => {
  it.each(Object.entries(TRACE_PRESETS))('%s is what npm run fit:workload writes', (id, preset) => {
    const yaml = readFileSync(new URL(`../../data/workloads/${id}.yaml`, import.meta.url), 'utf8');
    const figures = preset.figures(...(FILES[id] ?? []).map((file) => traceText(`${TRACES}${file}`)));
    expect(withFigures(yaml, figures)).toBe(yaml);
  });
});

describe('the presets', () => {
  const { workloads } = loadCatalog();

  it.each(workloads)('$id has cells whose means are its tokens per request', ({ lengths, inputTokens, outputTokens }) => {
    const mean = (of: (cell: (typeof lengths)[number]) => number) => lengths.reduce((sum, cell) => sum + cell.share * of(cell), 0);
    expect(lengths.length).toBeLessThanOrEqual(60);
    expect(mean(() => 1)).toBeCloseTo(1, 9);
    expect(Math.abs(mean((cell) => cell.inputTokens) - inputTokens)).toBeLessThanOrEqual(1);
    expect(Math.abs(mean((cell) => cell.outputTokens) - outputTokens)).toBeLessThanOrEqual(1);
  });

  it('have the peak and the trough that the collection of facts states for R1', () => {
    const hours = workloads.find(({ id }) => id === 'reasoning-r1')?.hours ?? [];
    expect([Math.max(...hours), Math.min(...hours)]).toEqual([expect.closeTo(2.19, 2), expect.closeTo(0.45, 2)]);
  });
});

describe('the figures in a file of data/workloads', () => {
  const figures = {
    lengths: [1 / 3, 1 / 3, 1 / 3].map((share) => ({ share, inputTokens: 10.04, outputTokens: 1 })),
    gapCv: null,
    hours: null,
    conversations: {
      cells: [{ share: 1, requests: 12.34, firstInputTokens: 100, lastInputTokens: 200.06 }],
      growthSigma: 1.379,
      leastGapSeconds: 6,
      meanGapSeconds: 39.85,
      gapSigma: 1.556,
      rewriteShare: 0.01579,
      pauseShare: 0.0297,
      meanPauseSeconds: 3554.7,
    },
  };

  it('replace the old ones alone, with shares of sum 1', () => {
    const yaml = 'name: A\nlengths:\n  - { share: 1 }\ngapCv: null\nhours: [1]\nconversations: null\nnote: B\n';
    const shape = [
      'conversations:\n  cells:\n    - { share: 1, requests: 12.3, firstInputTokens: 100, lastInputTokens: 200.1 }\n',
      '  growthSigma: 1.38\n  leastGapSeconds: 6\n  meanGapSeconds: 39.9\n  gapSigma: 1.56\n',
      '  rewriteShare: 0.0158\n  pauseShare: 0.0297\n  meanPauseSeconds: 3555\n',
    ].join('');
    const cell = (share: number) => `  - { share: ${share}, inputTokens: 10, outputTokens: 1 }\n`;
    expect(withFigures(yaml, figures)).toBe(
      `name: A\nlengths:\n${cell(0.333334)}${cell(0.333333)}${cell(0.333333)}gapCv: null\nhours: null\n${shape}note: B\n`,
    );
  });

  it('need their fields', () => {
    expect(() => withFigures('name: A\n', figures)).toThrow('no field lengths');
  });
});
