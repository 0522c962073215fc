import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expertBytesOf, fileBytesOf, ggufWeights, type OffloadWeights } from '../../src/memory/offload/offloadWeights.ts';
import { GIB, MIB } from '../../src/units/bytes.ts';
import { deepSeekV3, gemmaE4b, kimiK2, qwen235b } from '../support/offloadModels.ts';

const Q8 = { encodings: {}, rest: 'gguf:q8_0', fileBytes: null } as const;

function restOnGpu({ layers, headBytes }: OffloadWeights): number {
  return layers.reduce((sum, { restBytes }) => sum + restBytes, headBytes);
}

describe('weights of a GGUF file against what llama.cpp printed', () => {
  it('Kimi-K2-Thinking Q4_X, experts Q4_0, the rest Q8_0: 543.617 GiB', () => {
    const weights = ggufWeights(kimiK2, { ...Q8, encodings: { 'routed-experts': 'gguf:q4_0' } });
    expect(fileBytesOf(weights, kimiK2) / GIB).toBeCloseTo(543.617, 2);
  });

  it('DeepSeek-V3 IQ4_K_R4, the rest Q8_0 with two copies of kv_b: CUDA0 17,744.02 MiB and CUDA_Host 938.98 MiB', () => {
    const weights = ggufWeights(deepSeekV3, Q8);
    const secondCopy = 61 * 128 * 256 * 512 * (8.5 / 8);
    expect(Math.abs((restOnGpu(weights) + secondCopy) / MIB / 17_744.02 - 1)).toBeLessThan(0.0005);
    expect(weights.embeddingBytes / MIB).toBeCloseTo(938.98, 1);
  });

  it('DeepSeek-V3 IQ4_K_R4, the experts at 2/3 4.5 and 1/3 5.5 bits: CPU 376,768.00 MiB', () => {
    const weights = ggufWeights(deepSeekV3, { ...Q8, encodings: { 'routed-experts': 'gguf:q4_k' } });
    expect((expertBytesOf(weights) * ((2 * 4.5 + 5.5) / 3)) / 4.5 / MIB).toBeCloseTo(376_768, 3);
  });

  it('Kimi-K2 IQ3_KS, on two GPUs 11,409.43 MiB beside experts: Q8_0 lies within 2.5 % below', () => {
    expect(restOnGpu(ggufWeights(kimiK2, Q8)) / MIB / 11_409.43).toBeGreaterThan(0.975);
    expect(restOnGpu(ggufWeights(kimiK2, Q8)) / MIB / 11_409.43).toBeLessThan(1);
  });

  it('Qwen3-235B keeps norms and routers in 32 bits', () => {
    const small = ggufWeights(qwen235b, { ...Q8, rest: 'gguf:q2_k' });
    const routerAndNorms = 94 * (128 * 4096 + 2 * 4096 + 2 * 128) * 4;
    expect(restOnGpu(small)).toBeGreaterThan(routerAndNorms);
  });
});

describe('a file that is known by its size', () => {
  it('leaves to the experts what the rest does not take', () => {
    const weights = ggufWeights(kimiK2, { ...Q8, fileBytes: 340e9 });
    const derived = ggufWeights(kimiK2, Q8);
    expect(restOnGpu(weights)).toBe(restOnGpu(derived));
    expect(fileBytesOf(weights, kimiK2)).toBeCloseTo(340e9, 0);
    expect(expertBytesOf(weights)).toBeCloseTo(340e9 - restOnGpu(derived) - derived.embeddingBytes, 0);
  });

  it('scales every tensor of a model without experts', () => {
    const weights = ggufWeights(gemmaE4b, { ...Q8, fileBytes: 2e9 });
    expect(fileBytesOf(weights, gemmaE4b)).toBeCloseTo(2e9, 0);
    expect(weights.headBytes).toBeGreaterThan(weights.embeddingBytes);
  });

  it('is met whatever its size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(kimiK2, deepSeekV3, qwen235b, gemmaE4b),
        fc.double({ min: 1e8, max: 2e12, noNaN: true }),
        (architecture, fileBytes) => {
          const weights = ggufWeights(architecture, { ...Q8, fileBytes });
          expect(Math.abs(fileBytesOf(weights, architecture) / fileBytes - 1)).toBeLessThan(1e-9);
          for (const { restBytes, expertBytes } of weights.layers) expect(Math.min(restBytes, expertBytes)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
