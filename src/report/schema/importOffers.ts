import { z } from 'zod';
import { count, date } from './common.ts';

const price = z.number().positive().describe('USD per GPU-hour.');

const row = z.strictObject({
  id: z.string().describe('provider:gpu:instance:region:pricing@date'),
  provider: z.string(),
  gpu: z.string(),
  gpusPerInstance: count,
  instance: z.string(),
  region: z.string().describe('Empty where the catalog names none; a zone where zones cost different prices.'),
  pricing: z.enum(['on-demand', 'spot', 'reserved', 'ownership-model']),
  termMonths: count.nullable(),
  usdPerGpuHour: price,
  date: z.string(),
  source: z.string(),
  note: z.string(),
  status: z.enum(['new', 'same', 'changed']).describe('Against the newest row of the same product.'),
  percent: z.number().nullable(),
  before: z
    .strictObject({ id: z.string(), usdPerGpuHour: z.number(), date, own: z.boolean().describe("Of the user's own catalog folder.") })
    .nullable(),
  known: z.boolean().describe('The catalog folder held it before.'),
});

const leftOut = z.strictObject({
  reason: z.enum(['no-gpu', 'gpu-share', 'gpu-alone', 'no-price', 'zero-price', 'on-request', 'plan', 'repeat', 'dearer']),
  count,
  where: z.string().describe('The first of them.'),
});

const refused = z.strictObject({
  code: z.enum(['unknown', 'missing', 'invalid', 'unsupported', 'contradiction', 'exists', 'unwritable', 'unavailable']),
  where: z.string().describe('File, line and column; the first of them where rows repeat it.'),
  message: z.string(),
  value: z.string().nullable(),
  allowed: z.string().nullable(),
  nearest: z.array(z.string()),
  count,
});

/** The document of `kplan import offers --json`. */
export const importOffersSchema = z.strictObject({
  schema: z.literal('kplan/import-offers@1'),
  answer: z.string(),
  catalog: z.string().describe('The file that rows are appended to.'),
  added: z.int().min(0),
  rows: z.array(row),
  heldBack: z.array(z.strictObject({ id: z.string(), where: z.string(), usdPerGpuHour: price, medianUsdPerGpuHour: price })),
  leftOut: z.array(leftOut),
  refused: z.array(refused),
  assumed: z.array(z.string()).describe('What neither files nor options say.'),
});
