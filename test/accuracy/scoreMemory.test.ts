import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readStartupFile } from '../../src/accuracy/observed/startupFile.ts';
import type { MemoryScore } from '../../src/accuracy/score/memoryScore.ts';
import { scoreMemory } from '../../src/accuracy/score/scoreMemory.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { scoreMemorySchema } from '../../src/report/schema/score.ts';
import { scoreReport } from '../../src/report/scoreReport.ts';
import { startupRow } from './startupRows.ts';

const catalog = loadCatalog();

/** K2-Thinking on eight H200: 46.80 GiB of KV memory hold 715,072 tokens (vllm-project/recipes, 2025-11-06). */
const RECIPE = {
  model: 'moonshotai/Kimi-K2-Thinking',
  engine_version: '0.11.1',
  available_kv_gib_per_gpu: '46.8',
  kv_tokens_per_gpu_or_engine: '715072',
  notes: 'check',
};

/** K2.5 on eight H100 at 0.90: weights of 72.02 GiB exceed the budget, and the engine prints -3.32 GiB (set-up log, 2026-02-09). */
const REFUSED = {
  engine_version: '0.15.0',
  gpu: 'H100',
  gpu_memory_utilization_or_mem_fraction: '0.9',
  max_num_seqs: '64',
  weights_gib_per_gpu: '72.02',
  available_kv_gib_per_gpu: '-3.32',
  other_flags: 'mm-encoder-tp-mode data',
  outcome: 'oom',
};

function scoreOf(...rows: Parameters<typeof startupRow>[0][]): MemoryScore {
  return scoreMemory(
    'rows.csv',
    rows.map((cells, index) => startupRow({ id: `row${index + 1}`, ...cells })),
    catalog,
  );
}

describe('the score of a few rows', () => {
  it('holds weights, tokens, KV memory, overhead and verdict against the log', () => {
    const score = scoreOf(RECIPE, REFUSED);
    expect(score.metrics.weights).toMatchObject({ n: 1 });
    expect(score.metrics.weights.medianAbsPct).toBeLessThan(0.3);
    expect(score.metrics.kvTokensGivenGiB).toMatchObject({ n: 1, checked: 1, outsideTolerance: [] });
    expect(score.metrics.kvGiB.n).toBe(2);
    expect(score.metrics.overhead.n).toBe(2);
    expect(score.byVendor.nvidia.kvGiB.n).toBe(2);
    expect(score.byVendor.amd.kvGiB).toMatchObject({ n: 0, biasGiB: null, coverage: null, coverageInterval: null });
    expect(score.verdicts).toMatchObject({ n: 2, right: 2, marginal: 0, wrong: 0 });
  });

  it('tokens that the printed GiB cannot hold are named', () => {
    expect(scoreOf({ ...RECIPE, kv_tokens_per_gpu_or_engine: '720000' }).metrics.kvTokensGivenGiB.outsideTolerance).toEqual(['row1']);
  });

  it('GiB that were computed from tokens are not scored', () => {
    const score = scoreOf({ ...RECIPE, notes: 'derived from tokens' });
    expect([score.metrics.kvGiB.n, score.metrics.kvTokensGivenGiB.n, score.metrics.overhead.n]).toEqual([0, 0, 0]);
    expect(score.partly).toEqual([{ id: 'row1', reason: expect.stringContaining('computed from its tokens') }]);
  });

  it('KV memory of a build that is not stated is not scored', () => {
    const score = scoreOf({ ...RECIPE, engine_version: '', gpu_memory_utilization_or_mem_fraction: '0.9' });
    expect(score.metrics.kvGiB.n).toBe(0);
    expect(score.partly[0]?.reason).toContain('build, memory fraction or memory of the GPU are not known');
  });

  it('a row whose weights and KV memory exceed the budget by themselves is not scored, for it cannot be what it says', () => {
    const score = scoreOf({ ...RECIPE, available_kv_gib_per_gpu: '90' });
    expect([score.metrics.kvGiB.n, score.verdicts.n]).toEqual([0, 0]);
    expect(score.partly[0]?.reason).toMatch(/exceed the budget on H200 .*by \d+\.\d GiB/);
  });

  it('experts in 16 bits on an AMD GPU are reported apart', () => {
    const score = scoreOf({
      model: 'Qwen/Qwen3-235B-A22B-Instruct-2507',
      weight_format: 'bf16',
      gpu: 'MI300X',
      engine_version: '0.11.2',
      weights_gib_per_gpu: '56.65',
      available_kv_gib_per_gpu: '111.06',
    });
    expect(score.apart).toEqual([{ id: 'row1', reason: expect.stringContaining('16 bits'), weightsErrorPct: expect.any(Number) }]);
    expect([score.metrics.weights.n, score.metrics.kvGiB.n, score.metrics.overhead.n]).toEqual([0, 0, 1]);
  });

  it('a row is calibrated by the nearest other log of its model and GPU, and never by itself', () => {
    const near = { ...RECIPE, available_kv_gib_per_gpu: '47.8', kv_tokens_per_gpu_or_engine: '' };
    const far = { ...RECIPE, engine_version: '0.18.0', available_kv_gib_per_gpu: '52', kv_tokens_per_gpu_or_engine: '' };
    const score = scoreOf(RECIPE, near, far);
    expect(score.metrics.kvGiBCalibrated.n).toBe(3);
    expect(score.metrics.kvGiBCalibrated.medianAbsGiB).toBeCloseTo(1, 3);
    expect(scoreOf(RECIPE).metrics.kvGiBCalibrated.n).toBe(0);
  });

  it('a failure that no static budget shows is an exception by what the row says of it, and otherwise a wrong verdict', () => {
    const failed = { ...RECIPE, available_kv_gib_per_gpu: '', kv_tokens_per_gpu_or_engine: '', max_model_len: '4096', outcome: 'oom' };
    const score = scoreOf({ ...failed, notes: 'OOM after startup, headroom too small' }, { ...failed, notes: '' });
    expect(score.verdicts.exceptions).toEqual([{ id: 'row1', why: expect.stringContaining('after start-up') }]);
    expect(score.verdicts.wrongRows.map(({ id }) => id)).toEqual(['row2']);
  });

  it('a verdict is not given where length or reason of a failure are not stated', () => {
    const silent = { ...RECIPE, model: 'moonshotai/Kimi-K2.5', kv_tokens_per_gpu_or_engine: '200000', notes: '' };
    const score = scoreOf(silent, { ...RECIPE, outcome: 'fails' }, { gpu: 'H100 PCIe', outcome: 'oom' });
    expect(score.verdicts.n).toBe(0);
    expect(score.partly.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('longest length is not stated'),
      expect.stringContaining('reason of the failure is not stated'),
      expect.stringContaining('is only assumed'),
    ]);
  });

  it('unknown names are skipped with their reason and nothing else is scored', () => {
    const score = scoreOf({ gpu: 'GeForce 256' }, { model: 'nobody/nothing' });
    expect(score.skipped).toEqual([
      { id: 'row1', reason: 'no GPU profile is named GeForce 256' },
      { id: 'row2', reason: 'no model is named nobody/nothing' },
    ]);
    expect([score.metrics.kvGiB.n, score.verdicts.n, score.worst.length]).toEqual([0, 0, 0]);
    expect(score.answer).toContain('No row prints KV memory');
  });

  it('says of the worst row which part is off and what is behind it', () => {
    const fork = { ...REFUSED, engine_version: 'fork image 1', available_kv_gib_per_gpu: '-9' };
    const [worst] = scoreOf(fork).worst;
    expect(worst?.explanation).toMatch(/^overhead \d+\.\d\d GiB too low; a fork of the engine/);
  });

  it('has the shape of its schema, and every part of it can be read', () => {
    const score = scoreOf(RECIPE, REFUSED, { gpu: 'none' });
    expect(scoreMemorySchema.parse(JSON.parse(JSON.stringify(score)))).toEqual(score);
    expect(scoreReport(score).blocks.map(({ kind }) => kind)).toContain('table');
  });
});

const SHIPPED = fileURLToPath(new URL('../../data/measurements/startup-logs.csv', import.meta.url));
const COLLECTED = fileURLToPath(new URL('../../../shared/facts/memory-logs.csv', import.meta.url));

/** Rows whose printed tokens do not follow from their printed GiB: blocks are sized by the smallest worker of the node. */
const SMALLEST_WORKER = ['PSAP-034'];

describe.each([
  ['the shipped table', SHIPPED],
  ['the collection of facts', COLLECTED],
])('%s', (_, file) => {
  describe.skipIf(!existsSync(file))('is met', () => {
    const score = existsSync(file) ? scoreMemory(file, readStartupFile(file), catalog) : scoreOf();
    const { metrics, nvidiaExactConfig, verdicts } = score;

    it('tokens from printed GiB, to the rounding of the print', () => {
      expect(metrics.kvTokensGivenGiB.checked).toBeGreaterThan(15);
      expect(metrics.kvTokensGivenGiB.outsideTolerance).toEqual(SMALLEST_WORKER);
    });

    it('weights: exact configurations to 0.3 % and 1 %, all to 0.5 % and 2 %', () => {
      expect(nvidiaExactConfig.weights.n).toBeGreaterThan(15);
      expect(nvidiaExactConfig.weights.medianAbsPct).toBeLessThanOrEqual(0.3);
      expect(nvidiaExactConfig.weights.p90AbsPct).toBeLessThanOrEqual(1);
      expect(metrics.weights.medianAbsPct).toBeLessThanOrEqual(0.5);
      expect(metrics.weights.p90AbsPct).toBeLessThanOrEqual(2);
    });

    it('KV memory from GPU, flags and version: 1.5 % of the GPU in the middle, 3.5 % at the 90th percentile', () => {
      expect(nvidiaExactConfig.kvGiB.n).toBeGreaterThan(15);
      expect(nvidiaExactConfig.kvGiB.medianPctOfGpu).toBeLessThanOrEqual(1.5);
      expect(nvidiaExactConfig.kvGiB.p90PctOfGpu).toBeLessThanOrEqual(3.5);
    });

    it('the same with one log as calibration', () => {
      expect(metrics.kvGiBCalibrated.n).toBeGreaterThan(15);
      expect(metrics.kvGiBCalibrated.medianPctOfGpu).toBeLessThanOrEqual(1.5);
      expect(metrics.kvGiBCalibrated.p90PctOfGpu).toBeLessThanOrEqual(3.5);
    });

    it('the band holds 80 %, as far as sources can tell', () => {
      const [low = 1, high = 0] = metrics.kvGiB.coverageInterval ?? [];
      expect(low).toBeLessThanOrEqual(0.8);
      expect(high).toBeGreaterThanOrEqual(0.8);
    });

    it('no verdict is wrong, and few are left open', () => {
      expect(verdicts.wrongRows).toEqual([]);
      expect(verdicts.marginal).toBeLessThanOrEqual(0.1 * verdicts.n);
    });
  });
});
