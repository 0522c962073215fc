import { describe, expect, it } from 'vitest';
import { expandedLatentBytes, ggufKvBytes } from '../../src/memory/offload/offloadKv.ts';
import { MIB } from '../../src/units/bytes.ts';
import { deepSeekV3, gemmaE4b, kimiK2, qwen235b } from '../support/offloadModels.ts';

const ask = { sequences: 1, microBatchTokens: 512 };

function mib(architecture: typeof kimiK2, dtype: string, contextTokens: number): number {
  return ggufKvBytes(architecture, { ...ask, dtype, contextTokens }).reduce((sum, bytes) => sum + bytes, 0) / MIB;
}

describe('KV cache against what llama.cpp and ik_llama.cpp printed', () => {
  it.each([
    ['DeepSeek-V3, latent in q8_0', deepSeekV3, 'q8_0', 32_768, 1166.62],
    ['DeepSeek-R1, latent in f16', deepSeekV3, 'f16', 32_768, 2196.0],
    ['DeepSeek-R1 over three GPUs', deepSeekV3, 'q8_0', 153_600, 5468.55],
    ['Kimi-K2 over two GPUs', kimiK2, 'q8_0', 131_072, 4666.5],
    ['Qwen3-235B, keys and values', qwen235b, 'q8_0', 32_768, 3196.0],
    ['Gemma 4, 1,024 MiB of four full layers and 40 of twenty windows', gemmaE4b, 'f16', 65_536, 1064.0],
  ])('%s', (_, architecture, dtype, context, logged) => {
    expect(Math.abs(mib(architecture, dtype, context) - logged)).toBeLessThan(0.01);
  });

  it('is by layer, of all sequences, in blocks of 256 cells', () => {
    const one = ggufKvBytes(kimiK2, { ...ask, dtype: 'f16', contextTokens: 1 });
    expect(one).toHaveLength(61);
    expect(one[60]).toBe(256 * 576 * 2);
    expect(ggufKvBytes(kimiK2, { ...ask, dtype: 'f16', contextTokens: 1, sequences: 3 })[60]).toBe(3 * 256 * 576 * 2);
  });

  it('keeps of a window no more than there is context', () => {
    expect(mib(gemmaE4b, 'f16', 256)).toBeCloseTo((256 * (4 * 2 * 2 * 512 + 20 * 2 * 2 * 256) * 2) / MIB, 6);
  });
});

describe('expanded latents', () => {
  it('explain the growth of the compute buffer: 3,425 MiB at 32k, 6,081 MiB at 64k', () => {
    const grown = expandedLatentBytes(deepSeekV3, 65_536) - expandedLatentBytes(deepSeekV3, 32_768);
    expect(expandedLatentBytes(deepSeekV3, 32_768) / MIB).toBe(2560);
    expect(Math.abs(grown / MIB - (6081 - 3425))).toBeLessThan(100);
  });

  it('there are none without MLA', () => {
    expect(expandedLatentBytes(qwen235b, 1e6)).toBe(0);
  });
});
