import { z } from 'zod';
import { alias, checkpointFormat, count, encoding, moduleClass, sourceKey, sources, text, version } from './fields.ts';

const vision = z.strictObject({
  layers: count,
  hiddenSize: count,
  ffnSize: count,
  patchSize: count,
  positionGrid: count,
  mergeSize: count,
});

const attention = z.strictObject({
  kind: z.literal('mla'),
  heads: count,
  queryLoraRank: count,
  kvLoraRank: count,
  qkNopeHeadDim: count,
  qkRopeHeadDim: count,
  valueHeadDim: count,
});

const experts = z.strictObject({ experts: count, expertsPerToken: count, sharedExperts: z.int().min(0), expertFfnSize: count });

const architecture = z.strictObject({
  layers: count,
  denseLayers: z.int().min(0),
  hiddenSize: count,
  vocabularySize: count,
  denseFfnSize: count,
  maxContextTokens: count,
  attention,
  experts,
  vision: vision.nullable(),
});

const checkpoint = z.strictObject({
  format: checkpointFormat,
  encoding,
  quantized: z.array(moduleClass),
  repository: text,
  source: sourceKey,
  assumption: text.exactOptional(),
});

const engineVersion = z.strictObject({ version, source: sourceKey });

const body = z.strictObject({
  family: text,
  architecture,
  architectureSource: sourceKey,
  checkpoints: z.array(checkpoint).min(1),
  defaultFormat: checkpointFormat,
  minimumEngineVersion: z.strictObject({ vllm: engineVersion.exactOptional(), sglang: engineVersion.exactOptional() }),
  publishedParameters: z.strictObject({ value: count, source: sourceKey, note: text }).exactOptional(),
});

/** What a file always says itself: `extends` never hands on a name. */
const own = { name: text, aliases: z.array(alias), sources };

/** A model file without `extends`, and every model after inheritance. */
export const wholeModelFile = body.extend(own);

/** A model file with `extends`: any part of the body may come from the base. */
export const modelFile = body
  .extend({
    architecture: architecture.extend({ attention: attention.partial(), experts: experts.partial() }).partial(),
  })
  .partial()
  .extend({ ...own, extends: text.exactOptional() });
