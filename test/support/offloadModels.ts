import type { Architecture } from '../../src/model/architecture.ts';

/** The shape of Kimi K2 in its text part. */
export const kimiK2: Architecture = {
  hiddenSize: 7168,
  vocabularySize: 163_840,
  maxContextTokens: 131_072,
  mixers: {
    attention: { kind: 'mla', heads: 64, queryLoraRank: 1536, kvLoraRank: 512, qkNopeHeadDim: 128, qkRopeHeadDim: 64, valueHeadDim: 128 },
  },
  layers: [
    { repeat: 1, layers: [{ mixer: 'attention', ffn: 'dense' }] },
    { repeat: 60, layers: [{ mixer: 'attention', ffn: 'experts' }] },
  ],
  denseFfn: { size: 18_432 },
  experts: { experts: 384, expertsPerToken: 8, sharedExperts: 1, expertFfnSize: 2048, scoreBias: 'fp32' },
  vision: null,
  draft: null,
};

/** The shape of DeepSeek-V3 without its draft module. */
export const deepSeekV3: Architecture = {
  ...kimiK2,
  vocabularySize: 129_280,
  maxContextTokens: 163_840,
  mixers: {
    attention: { kind: 'mla', heads: 128, queryLoraRank: 1536, kvLoraRank: 512, qkNopeHeadDim: 128, qkRopeHeadDim: 64, valueHeadDim: 128 },
  },
  layers: [
    { repeat: 3, layers: [{ mixer: 'attention', ffn: 'dense' }] },
    { repeat: 58, layers: [{ mixer: 'attention', ffn: 'experts' }] },
  ],
  experts: { experts: 256, expertsPerToken: 8, sharedExperts: 1, expertFfnSize: 2048, scoreBias: 'fp32' },
};

/** The shape of Qwen3-235B-A22B. */
export const qwen235b: Architecture = {
  hiddenSize: 4096,
  vocabularySize: 151_936,
  maxContextTokens: 40_960,
  mixers: { attention: { kind: 'gqa', heads: 64, kvHeads: 4, headDim: 128, qkNorm: 'head' } },
  layers: [{ repeat: 94, layers: [{ mixer: 'attention', ffn: 'experts' }] }],
  denseFfn: null,
  experts: { experts: 128, expertsPerToken: 8, sharedExperts: 0, expertFfnSize: 1536 },
  vision: null,
  draft: null,
};

/** The layers of Gemma 4 E4B that keep a KV cache of their own: four that see everything, twenty with a window of 512. */
export const gemmaE4b: Architecture = {
  hiddenSize: 2560,
  vocabularySize: 262_144,
  tiedEmbeddings: true,
  maxContextTokens: 131_072,
  mixers: {
    full: { kind: 'gqa', heads: 8, kvHeads: 2, headDim: 512 },
    window: { kind: 'gqa', heads: 8, kvHeads: 2, headDim: 256, window: 512 },
  },
  layers: [
    {
      repeat: 4,
      layers: [...Array.from({ length: 5 }, () => ({ mixer: 'window', ffn: 'dense' as const })), { mixer: 'full', ffn: 'dense' }],
    },
  ],
  denseFfn: { size: 10_240 },
  experts: null,
  vision: null,
  draft: null,
};
