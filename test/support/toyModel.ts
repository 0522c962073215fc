import type { Architecture } from '../../src/model/architecture.ts';
import type { Checkpoint } from '../../src/model/model.ts';

/** A small model of every kind of layer half: two attentions, two FFNs, a draft, a vision tower. */
export const TOY: Architecture = {
  hiddenSize: 64,
  vocabularySize: 1000,
  maxContextTokens: 4096,
  mixers: {
    latent: { kind: 'mla', heads: 4, queryLoraRank: 32, kvLoraRank: 16, qkNopeHeadDim: 8, qkRopeHeadDim: 4, valueHeadDim: 8 },
    grouped: { kind: 'gqa', heads: 8, kvHeads: 2, headDim: 8, window: 128, bias: 'qkvo', qkNorm: 'head', sinks: true },
  },
  layers: [
    { repeat: 1, layers: [{ mixer: 'latent', ffn: 'dense' }] },
    {
      repeat: 2,
      layers: [
        { mixer: 'grouped', ffn: 'experts' },
        { mixer: 'latent', ffn: 'experts' },
      ],
    },
  ],
  denseFfn: { size: 256 },
  experts: { experts: 8, expertsPerToken: 2, sharedExperts: 1, expertFfnSize: 32, scoreBias: 'fp32' },
  vision: { kind: 'stated', parameters: 5000, splitParameters: 3000 },
  draft: { layers: 1, mixer: 'latent', ffn: 'experts', ownVocabulary: true },
};

/** A checkpoint that stores everything in 16 bits unless said otherwise. */
export function toyCheckpoint(parts: Partial<Checkpoint> = {}): Checkpoint {
  return { format: 'toy', encodings: {}, repository: 'toy/toy', source: 'toy', ...parts };
}
