import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import type { Gpu } from '../../src/hardware/gpu.ts';
import { ENDS } from '../../src/memory/offload/offloadEnds.ts';
import { ggufKvBytes } from '../../src/memory/offload/offloadKv.ts';
import { type LayerQuestion, planLayers, ramNeeded } from '../../src/memory/offload/offloadLayers.ts';
import { ggufWeights } from '../../src/memory/offload/offloadWeights.ts';
import { GIB } from '../../src/units/bytes.ts';
import { gemmaE4b, kimiK2, qwen235b } from '../support/offloadModels.ts';

const catalog = loadCatalog();
const gpuOf = (gib: number): Gpu => ({ ...(catalog.gpus[0] as Gpu), torchTotalGiB: { value: gib, source: 'test' } });

interface Vary {
  readonly architecture?: typeof kimiK2;
  readonly gib?: number;
  readonly gpus?: number;
  readonly fileBytes?: number;
  readonly contextTokens?: number;
  readonly end?: LayerQuestion['end'];
  readonly ramBytes?: number;
}

function questionOf({
  architecture = kimiK2,
  gib = 24,
  gpus = 1,
  fileBytes = 340e9,
  contextTokens = 32_768,
  end = 'value',
  ramBytes = 1e12,
}: Vary): LayerQuestion {
  return {
    engine: catalog.llamaCpp,
    host: { gpu: gpus === 0 ? null : gpuOf(gib), gpus, ramBytes, diskBytes: null },
    architecture,
    weights: ggufWeights(architecture, { encodings: {}, rest: 'gguf:q8_0', fileBytes }),
    kvBytes: ggufKvBytes(architecture, { dtype: 'f16', contextTokens, sequences: 1, microBatchTokens: 512 }),
    kvTokens: contextTokens,
    end,
  };
}

describe('where llama.cpp puts a model', () => {
  it('everything but experts on one card of 24 GB, which holds no more', () => {
    const plan = planLayers(questionOf({ end: 'high' }));
    expect(plan).toMatchObject({ kind: 'experts', onGpus: 0, of: 60, from: 61, ramKvBytes: 0 });
  });

  it('whole layers where not even the rest finds room', () => {
    const plan = planLayers(questionOf({ gib: 16, fileBytes: 1090e9 }));
    expect(plan.kind).toBe('layers');
    expect(plan.onGpus).toBe(0);
    expect(plan.ramKvBytes).toBeGreaterThan(0);
  });

  it('layers of a dense model, the last first', () => {
    const plan = planLayers(questionOf({ architecture: gemmaE4b, gib: 4, fileBytes: 8e9 }));
    expect(plan).toMatchObject({ kind: 'layers', of: 24 });
    expect(plan.onGpus).toBeGreaterThan(0);
    expect(plan.onGpus).toBeLessThan(24);
    expect(plan.from).toBe(24 - plan.onGpus);
  });

  it('nothing on GPUs that are not there', () => {
    const plan = planLayers(questionOf({ gpus: 0 }));
    expect(plan).toMatchObject({ kind: 'layers', onGpus: 0, gpuWeightBytes: 0, gpuOverheadBytes: 0, gpuKvBytes: 0 });
    expect(plan.ramOverheadBytes).toBe(10e9 + 0.9 * GIB);
  });

  it('does not cut a layer: two cards that together have room for a layer hold none of it', () => {
    const layer = 340e9 / 61;
    const small = questionOf({ gib: layer / GIB, gpus: 2, contextTokens: 256 });
    expect(planLayers(small).onGpus).toBe(0);
  });

  it('all of it on eight cards of 80 GB', () => {
    const plan = planLayers(questionOf({ gib: 79.25, gpus: 8, fileBytes: 583e9, end: 'high' }));
    expect(plan).toMatchObject({ kind: 'experts', onGpus: 60, of: 60 });
    expect(plan.ramWeightBytes / 583e9).toBeLessThan(0.01);
  });
});

const asked = fc.record({
  architecture: fc.constantFrom(kimiK2, qwen235b, gemmaE4b),
  gib: fc.double({ min: 4, max: 280, noNaN: true }),
  gpus: fc.integer({ min: 0, max: 8 }),
  fileBytes: fc.double({ min: 1e10, max: 1.2e12, noNaN: true }),
  contextTokens: fc.integer({ min: 1, max: 262_144 }),
  end: fc.constantFrom(...ENDS),
  ramBytes: fc.double({ min: 1e9, max: 1.5e12, noNaN: true }),
});

describe('whatever is asked', () => {
  it('no byte is lost and no card holds more than it has', () => {
    fc.assert(
      fc.property(asked, (vary) => {
        const question = questionOf(vary);
        const plan = planLayers(question);
        const { weights, kvBytes } = question;
        const all = weights.layers.reduce((sum, { restBytes, expertBytes }) => sum + restBytes + expertBytes, 0);
        const held = all + weights.embeddingBytes + weights.headBytes + weights.visionBytes;
        expect(Math.abs((plan.gpuWeightBytes + plan.ramWeightBytes) / held - 1)).toBeLessThan(1e-9);
        expect(plan.gpuKvBytes + plan.ramKvBytes).toBeCloseTo(
          kvBytes.reduce((sum, bytes) => sum + bytes, 0),
          0,
        );
        const capacity = vary.gpus * vary.gib * GIB - vary.gpus * plan.gpuOverheadBytes;
        if (plan.gpuWeightBytes > 0) expect(plan.gpuWeightBytes + plan.gpuKvBytes).toBeLessThanOrEqual(capacity * (1 + 1e-9));
      }),
    );
  });

  it('more cards, larger cards, more RAM and a lower end never make a host too small', () => {
    fc.assert(
      fc.property(asked, fc.constantFrom('gpus', 'gib', 'end', 'ram'), (vary, what) => {
        const hasRoom = (one: typeof vary) => ramNeeded(planLayers(questionOf(one))) <= one.ramBytes;
        const more = {
          ...vary,
          gpus: what === 'gpus' ? vary.gpus + 1 : vary.gpus,
          gib: what === 'gib' ? vary.gib * 1.5 : vary.gib,
          end: what === 'end' ? ('low' as const) : vary.end,
          ramBytes: what === 'ram' ? vary.ramBytes * 1.5 : vary.ramBytes,
        };
        if (hasRoom(vary)) expect(hasRoom(more)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('whole layers are taken where only they leave little enough for RAM', () => {
    const tight = { gib: 19, fileBytes: 340e9, contextTokens: 4096 };
    const experts = planLayers(questionOf(tight));
    expect(experts).toMatchObject({ kind: 'experts', onGpus: 0 });
    expect(planLayers(questionOf({ ...tight, ramBytes: ramNeeded(experts) - 1 }))).toMatchObject({ kind: 'layers', onGpus: 2 });
    expect(planLayers(questionOf({ ...tight, ramBytes: 1e11 }))).toEqual(experts);
  });
});
