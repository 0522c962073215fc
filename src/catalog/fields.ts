import { z } from 'zod';
import { type EncodingId, findEncoding } from '../model/encoding.ts';

/** Field types that the files of `data/` share. */

export const text = z.string().min(1, { error: 'text that is not empty' });

export const isoDate = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/, { error: 'an ISO date such as 2026-08-21 or 2026-08' });

export const isoDay = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'an ISO date such as 2026-08-21' });

export const version = z.string().regex(/^\d+\.\d+(\.\d+)?$/, { error: "a quoted version such as '0.25.0'" });

export const alias = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, { error: 'lower-case letters, digits, dots and dashes' });

export const positive = z.number().positive();

export const count = z.int().positive();

export const share = z.number().min(0).max(1);

/** A key of the `sources:` of the same file, or of data/sources.yaml. */
export const sourceKey = z.string().min(1, { error: 'the key of a source' });

export const source = z.strictObject({
  ref: text,
  date: isoDate,
  kind: z.enum(['spec', 'measured', 'quoted', 'estimated', 'assumed']),
  note: text.exactOptional(),
});

export const sources = z.record(alias, source);

export const fact = z.strictObject({ value: z.number(), source: sourceKey });

export const bandFact = z
  .strictObject({ low: z.number(), value: z.number(), high: z.number(), source: sourceKey })
  .refine(({ low, value, high }) => low <= value && value <= high, { error: 'low, value and high in rising order' });

export const moduleClass = z.enum([
  'embedding',
  'head',
  'attention',
  'attention-output',
  'kv-up',
  'indexer',
  'linear-attention',
  'norm',
  'router',
  'dense-ffn',
  'shared-experts',
  'routed-experts',
  'expert-latent',
  'vision',
  'draft',
]);

/** An encoding that `model/` knows. */
export const encoding = z.string().refine((id) => findEncoding(id) !== null, {
  error: 'an encoding such as bf16, fp32, fp8-block128, fp8-channel, int4-g32, awq-g128, nvfp4, mxfp4 or gguf:q4_k',
}) as unknown as z.ZodType<EncodingId>;

export const checkpointFormat = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, { error: 'lower-case letters, digits, dots, dashes and underscores' });

export const engineId = z.enum(['vllm', 'sglang']);
