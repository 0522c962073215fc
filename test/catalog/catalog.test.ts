import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { merged } from '../../src/catalog/models.ts';
import { resolveCatalog } from '../../src/catalog/resolve.ts';
import { checkpointSize } from '../../src/model/checkpointSize.ts';
import { SPEED_FIT } from '../../src/throughput/knowledge.ts';

const catalog = loadCatalog();

function modelOf(id: string) {
  const model = catalog.models.find((candidate) => candidate.id === id);
  if (!model) throw new Error(`no model ${id}`);
  return model;
}

function sizeOf(id: string, format: string) {
  const model = modelOf(id);
  const checkpoint = model.checkpoints.find((candidate) => candidate.format === format);
  if (!checkpoint) throw new Error(`no checkpoint ${id} ${format}`);
  return checkpointSize(model, checkpoint);
}

/** Every source id that any object of the catalog names, with the path to it. */
function* references(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (/^(source|.*Source)$/.test(key) && typeof inner === 'string') yield [`${path}.${key}`, inner];
    else yield* references(inner, `${path}.${key}`);
  }
}

const { sources, ...rest } = catalog;
const named = [...references(rest, 'catalog')];

describe('the compiled catalog', () => {
  it('is what data/ resolves to', () => {
    expect(catalog).toEqual(resolveCatalog(fileURLToPath(new URL('../../data', import.meta.url))));
  });

  it('is read once and frozen to the leaves', () => {
    expect(loadCatalog()).toBe(catalog);
    expect(Object.isFrozen(catalog.gpus[0]?.marketedGB)).toBe(true);
    expect(Object.isFrozen(catalog.models[0]?.architecture.layers[0]?.layers[0])).toBe(true);
  });

  it('carries its date', () => {
    expect(catalog.date).toBe('2026-11-22');
  });

  it('holds every part', () => {
    const least = { models: 60, gpus: 29, engines: 2, tariffs: 200, offers: 170, workloads: 6, claims: 30 } as const;
    for (const [part, count] of Object.entries(least))
      expect(catalog[part as keyof typeof least].length, part).toBeGreaterThanOrEqual(count);
    expect(catalog.speed.measurements.length).toBeGreaterThanOrEqual(1600);
  });
});

describe('checkpoint totals', () => {
  it.each([
    ['kimi-k2.5', 'int4', 1_026_879_376_368, 595_148_192_736],
    ['kimi-k2.6', 'int4', 1_026_879_376_368, 595_148_192_736],
    ['kimi-k2.7-code', 'int4', 1_026_879_376_368, 595_148_192_736],
    ['kimi-k2.6', 'nvfp4', 1_026_879_376_368, 595_148_192_736],
    ['kimi-k2.5', 'nvfp4', 1_026_879_376_368, 590_779_957_656],
    ['kimi-k2-thinking', 'int4', 1_026_408_232_448, 594_205_904_896],
    ['kimi-k2-instruct', 'fp8', 1_026_408_232_448, 1_029_173_249_888],
  ])('%s %s has %d parameters and %d bytes', (id, format, parameters, bytes) => {
    expect(sizeOf(id, format)).toEqual({ parameters, bytes });
  });
});

describe('inheritance', () => {
  it('hands on geometry and its source, not names', () => {
    const heir = modelOf('kimi-k2.7-code');
    expect(heir.architecture).toEqual(modelOf('kimi-k2.5').architecture);
    expect(heir.aliases).not.toEqual(modelOf('kimi-k2.5').aliases);
    expect(heir.minimumEngineVersion['vllm']?.source).toBe('models/kimi-k2.5#log');
  });

  it('merges groups, replaces lists and scalars, and lets null remove', () => {
    const base = { architecture: { layers: 61, vision: { layers: 27 } }, checkpoints: [1, 2] };
    const own = { architecture: { vision: null }, checkpoints: [3] };
    expect(merged(base, own)).toEqual({ architecture: { layers: 61, vision: null }, checkpoints: [3] });
    expect(base.checkpoints).toEqual([1, 2]);
  });

  it('leaves text models without vision', () => {
    expect(modelOf('kimi-k2-thinking').architecture.vision).toBeNull();
    expect(modelOf('kimi-k2.5').architecture.vision).toMatchObject({ kind: 'moonvit', layers: 27 });
  });

  it('merges mixers by name, so that an heir says only what it adds', () => {
    expect(modelOf('deepseek-v3.2').architecture.mixers).toEqual({
      attention: { ...modelOf('deepseek-v3').architecture.mixers['attention'], indexer: { heads: 64, headDim: 128 }, sparseTokens: 2048 },
    });
  });

  it('keeps the published 1.06T beside the weights of one model', () => {
    expect(catalog.models.filter((model) => model.publishedParameters).map(({ id }) => id)).toEqual(['kimi-k2.7-code']);
  });
});

describe('sources', () => {
  it('stand behind every fact, with a date', () => {
    expect(named.length).toBeGreaterThan(700);
    for (const [path, id] of named) expect(sources[id]?.date, `${path}: ${id}`).toMatch(/^20\d\d-\d\d/);
  });

  it('are each used', () => {
    const used = new Set([...named.map(([, id]) => id), SPEED_FIT]);
    expect(Object.keys(sources).filter((id) => !used.has(id))).toEqual([]);
  });

  it('do not lie in the future of the catalog', () => {
    for (const [id, { date }] of Object.entries(sources)) expect(date <= catalog.date, id).toBe(true);
    for (const { id, date } of [...catalog.tariffs, ...catalog.offers, ...catalog.speed.measurements])
      expect(date <= catalog.date, id).toBe(true);
  });

  it('stand behind every number of a GPU but its counts', () => {
    const counts = new Set(['computeCapability', 'scaleUpDomainGpus', 'gpusPerNode']);
    for (const gpu of catalog.gpus)
      for (const [field, value] of Object.entries(gpu))
        if (typeof value === 'number') expect(counts.has(field), `${gpu.id}.${field}`).toBe(true);
  });

  it('mark totals that were carried over from a sibling as assumed', () => {
    const assumed = catalog.gpus
      .filter((gpu) => gpu.torchTotalGiB && sources[gpu.torchTotalGiB.source]?.kind === 'assumed')
      .map(({ id }) => id);
    expect(assumed).toEqual(['a100-40-pcie', 'a100-80-pcie', 'gh200-96', 'h100-pcie', 'h20-96', 'h200-nvl', 'h800-sxm', 'mi350x']);
    expect(catalog.gpus.filter((gpu) => !gpu.torchTotalGiB).map(({ id }) => id)).toEqual([
      'gaudi3',
      'gh200-144',
      'mi250',
      'tpu-v6e',
      'tpu-v7',
    ]);
  });
});

describe('names', () => {
  it.each(['gpus', 'models', 'workloads'] as const)('of %s are unique and lower case', (part) => {
    const names = catalog[part].flatMap(({ id, aliases }: { id: string; aliases: readonly string[] }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => name.toLowerCase())).toEqual(names);
  });
});

describe('prices', () => {
  it('list K2.7-Code at Moonshot as 0.95 / 0.19 / 4.00 in three registries', () => {
    const list = catalog.tariffs.filter(
      ({ model, provider, tier }) => model === 'kimi-k2.7-code' && provider === 'moonshotai' && tier === 'standard',
    );
    expect(list.map(({ source }) => source).sort()).toEqual(['sources#genai-prices', 'sources#models-dev', 'sources#portkey-models']);
    for (const tariff of list)
      expect(tariff).toMatchObject({ providerKind: 'vendor', inputUsdPerMtok: 0.95, cacheReadUsdPerMtok: 0.19, outputUsdPerMtok: 4 });
  });

  it('hold no row ten times away from the median of its model', () => {
    for (const model of new Set(catalog.tariffs.map((tariff) => tariff.model))) {
      const inputs = catalog.tariffs.filter((tariff) => tariff.model === model).map(({ inputUsdPerMtok }) => inputUsdPerMtok);
      const median = inputs.sort((a, b) => a - b)[Math.floor(inputs.length / 2)] ?? 0;
      for (const input of inputs) expect(Math.max(input / median, median / input), `${model} ${input}`).toBeLessThan(10);
    }
  });

  it('count cost models as ownership models, assumed', () => {
    const owned = catalog.offers.filter(({ pricing }) => pricing === 'ownership-model');
    expect(owned).toHaveLength(6);
    for (const { source } of owned) expect(sources[source]?.kind).toBe('assumed');
  });

  it('hold cost models only for GPUs that nobody lists on demand', () => {
    const ofPricing = (wanted: string) => new Set(catalog.offers.filter(({ pricing }) => pricing === wanted).map(({ gpu }) => gpu));
    expect([...ofPricing('ownership-model')].sort()).toEqual(['gb300-nvl72', 'mi355x']);
    for (const gpu of ofPricing('ownership-model')) expect(ofPricing('on-demand')).not.toContain(gpu);
  });

  it('spell each provider of GPUs in one way', () => {
    const providers = [...new Set(catalog.offers.map(({ provider }) => provider))];
    expect(new Set(providers.map((name) => name.replace(/[^a-z0-9]/gi, '').toLowerCase())).size).toBe(providers.length);
    for (const other of ['oracle', 'google', 'vast', 'amazon', 'lambda-labs']) expect(providers).not.toContain(other);
  });
});
