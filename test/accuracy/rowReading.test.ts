import { describe, expect, it } from 'vitest';
import * as catalogNames from '../../src/accuracy/observed/catalogNames.ts';
import * as releaseNamed from '../../src/accuracy/observed/releaseNamed.ts';
import { isReadable, rowDeployment } from '../../src/accuracy/observed/rowDeployment.ts';
import * as rowFlags from '../../src/accuracy/observed/rowFlags.ts';
import * as leastSquares from '../../src/accuracy/overhead/leastSquares.ts';
import * as statistics from '../../src/accuracy/statistics.ts';
import { loadCatalog } from '../../src/catalog/index.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';
import { startupRow } from './startupRows.ts';

const catalog = loadCatalog();

function read(cells: Parameters<typeof startupRow>[0]) {
  const reading = rowDeployment(startupRow(cells), catalog);
  if (!isReadable(reading)) throw new Error(reading.skipped);
  return reading;
}

function skipped(cells: Parameters<typeof startupRow>[0]): string {
  const reading = rowDeployment(startupRow(cells), catalog);
  return isReadable(reading) ? '' : reading.skipped;
}

const scope = { ...catalogNames, ...leastSquares, ...releaseNamed, ...rowFlags, ...statistics, catalog };

describe('examples of src/accuracy', () => {
  it.each(docExamples('accuracy'))('$file: $expression', (example) => checkExample(example, scope));
});

describe('GPU names', () => {
  it.each([
    ['H100 80GB SXM', 'h100-sxm'],
    ['H100', 'h100-sxm'],
    ['NVIDIA H200', 'h200-sxm'],
    ['B300 SXM6', 'b300-sxm'],
    ['RTX PRO 6000 Blackwell', 'rtx-pro-6000-server'],
    ['A100 40GB', 'a100-40-sxm'],
    ['AMD Instinct MI300X', 'mi300x'],
    ['MI355X', 'mi355x'],
  ])('%s is %s', (name, id) => {
    expect(catalogNames.gpuNamed(catalog.gpus, name)?.id).toBe(id);
  });

  it.each(['RTX 3090 24GB', 'H', '80GB', 'H1000', 'toString', ''])('%s is nobody’s', (name) => {
    expect(catalogNames.gpuNamed(catalog.gpus, name)).toBeUndefined();
  });
});

describe('model names', () => {
  it.each([
    ['moonshotai/Kimi-K2.5', 'kimi-k2.5', 'int4'],
    ['kimi-k2.5-nvfp4', 'kimi-k2.5', 'nvfp4'],
    ['nvidia/Kimi-K2.5-NVFP4 (TP8)', 'kimi-k2.5', 'nvfp4'],
  ])('the repository %s is a checkpoint of %s', (name, id, format) => {
    const named = catalogNames.modelNamed(catalog.models, name);
    expect([named?.model.id, named?.checkpoint?.format]).toEqual([id, format]);
  });

  it('an id or alias names a model and leaves its format open', () => {
    expect(catalogNames.modelNamed(catalog.models, 'K2.5')).toMatchObject({ model: { id: 'kimi-k2.5' }, checkpoint: null });
  });

  it.each(['someone/Kimi-K2.5-tuned', 'Kimi', '__proto__', ''])('%s is unknown', (name) => {
    expect(catalogNames.modelNamed(catalog.models, name)).toBeUndefined();
  });
});

describe('releases', () => {
  it.each([
    ['v0.18.0', '0.18.0'],
    ['v0.18.0+rhaiv.7', '0.18.0'],
    ['0.22', '0.22'],
    ['0.11.1rc6.dev211', '0.11.1'],
    ['nightly 2025-11 (pre-0.11.1)', '0.11.1'],
    ['0.5.8.post1 rocm720', '0.5.8'],
    ['0.5.12-cu130', '0.5.12'],
    ['fork image glm51-b12x013-20260510', null],
    ['deepseek-v4-hopper image', null],
    ['20260514', null],
    ['', null],
  ])('%s is %s', (text, release) => {
    expect(releaseNamed.releaseNamed(text)).toBe(release);
  });
});

describe('flags', () => {
  it.each<[string, rowFlags.RowFlags]>([
    ['TRITON_MLA; max_num_batched_tokens 8192; cudagraph memory estimate ON; no speculation', { batchTokens: 8192, graphEstimate: true }],
    [
      'block 64; batched tokens 4096; estimate OFF (profiled estimate 4.77 GiB); MTP 3 tokens',
      { batchTokens: 4096, graphEstimate: false, draft: 'mtp', draftTokens: 3 },
    ],
    ['eagle3, 3 tokens; cudagraph estimate OFF', { draft: 'eagle3', graphEstimate: false }],
    ['estimate OFF; source says estimate ON would cut it', { graphEstimate: false }],
    ['mm-encoder-tp-mode: data; enable-expert-parallel: True', { encoderMode: 'data', expertParallel: true }],
    ['enable-expert-parallel: False; enforce-eager', { eager: true }],
    ['chunked_prefill 16384; page_size 1', { batchTokens: 16_384 }],
    ['language-model-only: True', { languageOnly: true }],
    ['eagle3 draft kimi-k2.5-eagle3-mla, 3 tokens', { draft: 'eagle3' }],
    ['no-enable-prefix-caching: True', {}],
  ])('%s', (text, flags) => {
    expect(rowFlags.rowFlags(text)).toEqual(flags);
  });
});

describe('a row as a deployment', () => {
  it('takes what the row states, and the engine’s defaults for the rest', () => {
    const { deployment, statesRelease, statesBudget, exactConfig, assumed } = read({
      gpu_memory_utilization_or_mem_fraction: '0.92',
      max_model_len: '8192',
      max_num_seqs: '64',
      kv_dtype: 'auto',
      dcp: '8',
      other_flags: 'mm-encoder-tp-mode data; batched tokens 4096',
    });
    expect(deployment).toMatchObject({
      checkpoint: { format: 'int4' },
      release: { version: '0.18.0' },
      layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 8, attentionDp: 1 },
      kvCacheDtype: 'bf16',
      contextTokens: 8192,
      utilization: 0.92,
      maxNumSeqs: 64,
      batchTokens: 4096,
      encoderMode: 'data',
      sequences: 1,
    });
    expect([statesRelease, statesBudget, exactConfig, assumed]).toEqual([true, true, true, []]);
  });

  it('spreads experts over all ranks, and shares them between data parallel ranks', () => {
    expect(read({ ep: 'yes' }).deployment.layout).toMatchObject({ tp: 8, ep: 8, dp: 1 });
    expect(read({ tp: '1', dp: '8', ep: 'yes' }).deployment.layout).toMatchObject({ tp: 1, dp: 1, attentionDp: 8, ep: 8 });
    expect(read({ tp: '4', dp: '2' }).deployment.layout).toMatchObject({ tp: 4, dp: 2, attentionDp: 1, ep: 1 });
  });

  it('says what it assumes where the row is silent', () => {
    const { deployment, assumed, statesRelease, statesBudget } = read({
      engine: '',
      engine_version: '',
      tp: '',
      gpu_count: '4',
      model: 'k2.5',
      weight_format: '',
    });
    expect(deployment.layout.tp).toBe(4);
    expect(assumed).toEqual(['vLLM', `release ${deployment.release.engine.defaultVersion}`, 'format int4', 'TP4']);
    expect([statesRelease, statesBudget]).toEqual([false, false]);
  });

  it('a fork with a memory fraction states a budget, though no release', () => {
    const fork = read({ engine_version: 'fork image 20260514', gpu_memory_utilization_or_mem_fraction: '0.9' });
    expect([fork.statesRelease, fork.statesBudget]).toEqual([false, true]);
  });

  it('leaves a fraction that the engine computed to the engine', () => {
    const { deployment } = read({ engine: 'SGLang', engine_version: '0.5.8', gpu_memory_utilization_or_mem_fraction: '0.826 (auto)' });
    expect(deployment.utilization).toBeUndefined();
  });

  it('leaves the vision tower out where the row does', () => {
    const { checkpoint } = read({ other_flags: 'language-model-only' }).deployment;
    expect(checkpoint.omits).toContain('vision');
  });

  it.each<[Parameters<typeof startupRow>[0], RegExp]>([
    [{ gpu: '' }, /GPU is not stated/],
    [{ gpu: 'RTX 2080' }, /no GPU profile is named RTX 2080/],
    [{ gpu: 'GH200 144GB' }, /how much memory an engine sees/],
    [{ model: 'a/b' }, /no model is named a\/b/],
    [{ model: 'k2.5', weight_format: 'GGUF' }, /no checkpoint of Kimi K2.5 is known as GGUF/],
    [{ engine: 'llama.cpp' }, /does not model llama.cpp/],
    [{ pp: '62' }, /62 pipeline stages are more than the model has layers/],
    [{ model: 'nvidia/Kimi-K2.5-NVFP4', weight_format: 'FP8' }, /no checkpoint of Kimi K2.5 is known as FP8/],
    [{ kv_dtype: 'q8_0 latent' }, /no KV cache dtype is named q8_0 latent/],
  ])('%j is skipped with its reason', (cells, reason) => {
    expect(skipped(cells)).toMatch(reason);
  });
});
