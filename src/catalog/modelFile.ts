import { z } from 'zod';
import { architecture, architectureParts } from './architectureSchema.ts';
import { alias, checkpointFormat, count, encoding, moduleClass, sourceKey, sources, text, version } from './fields.ts';

const layerList = z.array(z.int().min(0)).min(1);

const classEncoding = z.union([encoding, z.strictObject({ encoding, exceptLayers: layerList })], {
  error: 'an encoding such as bf16, fp8-block128 or int4-g32, or one with exceptLayers',
});

const stray = z.strictObject({ elements: count, bytes: count.exactOptional(), note: text });

const published = z.strictObject({
  elements: count.exactOptional(),
  scalesCounted: z.literal(true).exactOptional(),
  elementsByType: z.partialRecord(z.enum(['F32', 'BF16', 'F8_E4M3', 'I32', 'U8']), count).exactOptional(),
  bytes: count.exactOptional(),
  source: sourceKey,
});

const checkpoint = z.strictObject({
  format: checkpointFormat,
  encodings: z.partialRecord(moduleClass, classEncoding),
  omits: z.array(z.enum(['draft', 'vision'])).exactOptional(),
  stray: stray.exactOptional(),
  unread: z.strictObject({ bytes: count, note: text }).exactOptional(),
  statedBytes: count.exactOptional(),
  activations: z.literal('mxfp4').exactOptional(),
  repository: text,
  alsoIn: z.array(text).min(1).exactOptional(),
  source: sourceKey,
  published: z.array(published).exactOptional(),
  assumption: text.exactOptional(),
});

const engineVersion = z.strictObject({ version, source: sourceKey });

const noted = z.strictObject({ value: count, source: sourceKey, note: text });

const body = z.strictObject({
  family: text,
  architecture,
  architectureSource: sourceKey,
  checkpoints: z.array(checkpoint).min(1),
  defaultFormat: checkpointFormat,
  minimumEngineVersion: z.strictObject({ vllm: engineVersion.exactOptional(), sglang: engineVersion.exactOptional() }),
  publishedParameters: noted.exactOptional(),
});

/** What a file always says itself: `extends` never hands on a name. */
const own = { name: text, aliases: z.array(alias), sources };

/** A model file without `extends`, and every model after inheritance. */
export const wholeModelFile = body.extend(own);

/** A model file with `extends`: any part of the body may come from the base. */
export const modelFile = body
  .extend({ architecture: architectureParts })
  .partial()
  .extend({ ...own, extends: text.exactOptional() });
