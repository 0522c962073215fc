import { z } from 'zod';
import { count } from './fields.ts';
import { mixerName, mixerParts, mixers } from './mixerSchema.ts';

const matrices = z.literal([2, 3]).exactOptional();

const denseFfn = z.strictObject({ size: count, matrices });

const experts = z.strictObject({
  experts: count,
  expertsPerToken: count,
  sharedExperts: z.int().min(0),
  expertFfnSize: count,
  sharedFfnSize: count.exactOptional(),
  latentSize: count.exactOptional(),
  latentNorm: z.literal(true).exactOptional(),
  matrices,
  scoreBias: z.enum(['fp32', 'bf16']).exactOptional(),
  routerStorage: z.literal('fp32').exactOptional(),
  tableLayers: count.exactOptional(),
  bias: z.literal(true).exactOptional(),
  sharedGate: z.literal(true).exactOptional(),
});

const layer = z.strictObject({ mixer: mixerName.nullable(), ffn: z.enum(['dense', 'experts']).nullable() });

const layers = z.array(z.strictObject({ repeat: count, layers: z.array(layer).min(1) })).min(1);

const moonVit = z.strictObject({
  kind: z.literal('moonvit'),
  layers: count,
  hiddenSize: count,
  ffnSize: count,
  patchSize: count,
  positionGrid: count,
  mergeSize: count,
});

const statedVision = z.strictObject({
  kind: z.literal('stated'),
  parameters: count,
  splitParameters: z.int().min(0),
  layers: count.exactOptional(),
  hiddenSize: count.exactOptional(),
});

const vision = z.discriminatedUnion('kind', [moonVit, statedVision], { error: 'a kind: moonvit or stated' });

const draft = z.strictObject({
  layers: count,
  mixer: mixerName,
  ffn: z.enum(['dense', 'experts']),
  ownVocabulary: z.boolean(),
  joinModule: z.literal('attention').exactOptional(),
});

/** The architecture of a whole model. */
export const architecture = z.strictObject({
  hiddenSize: count,
  vocabularySize: count,
  tiedEmbeddings: z.literal(true).exactOptional(),
  maxContextTokens: count,
  mixers,
  layers,
  normsPerLayer: count.exactOptional(),
  layerScale: z.literal(true).exactOptional(),
  attentionResiduals: z.literal(true).exactOptional(),
  hyperConnections: count.exactOptional(),
  denseFfn: denseFfn.nullable(),
  experts: experts.nullable(),
  vision: vision.nullable(),
  draft: draft.nullable(),
});

/** The architecture in a file that extends another: any part of it. */
export const architectureParts = architecture
  .extend({
    mixers: mixerParts,
    denseFfn: denseFfn.partial().nullable(),
    experts: experts.partial().nullable(),
    draft: draft.partial().nullable(),
  })
  .partial();
