import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { type ExpertsQuestion, planExperts, prefillBytesPerToken, routedExpertBytes } from '../../src/memory/offload/offloadExperts.ts';
import { findGpus } from '../../src/plan/lookup.ts';
import { gpuPart } from '../../src/plan/offload/offloadDemand.ts';
import { resolveOffloadQuery } from '../../src/plan/offload/offloadQuestion.ts';
import { GB } from '../../src/units/bytes.ts';

const catalog = loadCatalog();

interface Vary extends Partial<Pick<ExpertsQuestion, 'gpuExperts' | 'end' | 'prefill'>> {
  readonly model?: string;
  readonly gpus?: number;
  readonly contextTokens?: number;
}

function questionOf({
  model = 'kimi-k2.5',
  gpus = 1,
  contextTokens = 32_768,
  gpuExperts = 1,
  end = 'value',
  prefill = 'hybrid',
}: Vary): ExpertsQuestion {
  const [found] = findGpus(catalog, [`rtx-4090-48:${gpus}`]);
  const query = { engine: 'ktransformers', gpu: [`rtx-4090-48:${gpus}`], ramBytes: 1e12, model, contextTokens };
  const [one] = resolveOffloadQuery(query, catalog, () => true).filter((asked) => asked.engine === 'ktransformers');
  const deployment = one && gpuPart(one, catalog);
  if (!found || !one || !deployment) throw new Error('no case');
  return { engine: catalog.kTransformers, host: one.host, deployment, prefill, chunkTokens: contextTokens, gpuExperts, end };
}

function wholeGB(vary: Vary): number {
  const { gpuWeightBytes, gpuKvBytes, gpuOverheadBytes } = planExperts(questionOf(vary));
  return (gpuWeightBytes + gpuKvBytes + gpuOverheadBytes) / GB;
}

describe('KTransformers against what its maintainers measured (issue 1817, Kimi K2.5 on one card)', () => {
  it('32k of KV cache and one expert of each layer take about 31 GB', () => {
    expect(Math.abs(wholeGB({}) - 31)).toBeLessThan(0.5);
  });

  it('64k and five experts take about 39 GB', () => {
    expect(Math.abs(wholeGB({ contextTokens: 65_536, gpuExperts: 5 }) - 39)).toBeLessThan(0.5);
  });

  it('layerwise prefill adds 1 to 2 GB as measured, and one layer of experts, over 9 GB, as documented', () => {
    expect(wholeGB({ prefill: 'layerwise' }) - wholeGB({})).toBeCloseTo(2, 9);
    const { deployment } = questionOf({});
    expect(routedExpertBytes(deployment) / 60 / GB).toBeCloseTo(9.51, 2);
    expect(wholeGB({ prefill: 'layerwise', end: 'high' }) - wholeGB({ end: 'high' })).toBeGreaterThan(9.51);
  });
});

describe('experts of every layer', () => {
  it('one takes 60 × 24.77 MB = 1.49 GB, shared by the GPUs', () => {
    const one = (gpus: number) => wholeGB({ gpus, gpuExperts: 1 }) - wholeGB({ gpus, gpuExperts: 0 });
    expect(one(1)).toBeCloseTo(1.486, 3);
    expect(one(4)).toBeCloseTo(1.486 / 4, 3);
  });

  it('stay in RAM too, all 570.8 GB of them', () => {
    const { ramWeightBytes } = planExperts(questionOf({ gpuExperts: 100, gpus: 8 }));
    expect(ramWeightBytes / GB).toBeCloseTo(570.76, 2);
  });

  it('are as many as find room where nobody says', () => {
    const { gpuExperts, gpuLacksBytes } = planExperts(questionOf({ gpuExperts: null }));
    expect(gpuLacksBytes).toBe(0);
    expect(planExperts(questionOf({ gpuExperts: gpuExperts + 1 })).gpuLacksBytes).toBeGreaterThan(0);
  });
});

describe('values of a prefill chunk', () => {
  it('8 experts of 7,168 and 3 × 2,048, 64 heads of 448, four hidden states, 2 bytes each', () => {
    expect(prefillBytesPerToken(questionOf({}).deployment)).toBe(2 * (8 * (7168 + 3 * 2048) + 64 * (2 * 128 + 64 + 128) + 4 * 7168));
  });
});
