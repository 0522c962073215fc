import { z } from 'zod';
import { amount, date, sources } from './common.ts';

const kind = z.enum(['tariff', 'offer']);
const price = amount.nullable().describe('USD per million tokens or per GPU-hour; null where it is not published.');
const percent = z.number().nullable().describe('Of what is billed; null where it rose from zero.');

const change = z.strictObject({
  kind,
  provider: z.string(),
  subject: z.string().describe('Catalog id of the model or GPU.'),
  product: z.string().describe('The service tier, or what instances.'),
  registry: z.string(),
  oldId: z.string(),
  newId: z.string(),
  oldSince: z.string().describe('First day on which it holds, as far as is known; empty where only its end is.'),
  newSince: z.string(),
  own: z.boolean().describe("Whether the newer row is of the user's own catalog folder."),
  fields: z.array(z.strictObject({ field: z.string(), oldUsd: price, newUsd: price, percent })),
});

/** One price about which those who say it differ. */
export const disagreement = z.strictObject({
  kind,
  provider: z.string(),
  subject: z.string(),
  product: z.string(),
  field: z.string(),
  percent: percent.describe('From the end of the lowest claim to the begin of the highest; null where the lowest is zero.'),
  claims: z.array(
    z.strictObject({
      registry: z.string().describe('The registry of tariffs, the source of offers.'),
      date,
      ids: z.array(z.string()),
      lowUsd: amount,
      highUsd: amount,
      published: z.boolean().describe('Where not, another price of the same row is billed.'),
      own: z.boolean(),
    }),
  ),
});

/** The document of `kplan data diff --json`. */
export const dataDiffSchema = z.strictObject({
  schema: z.literal('kplan/data-diff@1'),
  answer: z.string(),
  query: z.record(z.string(), z.union([z.string(), z.number()])),
  compared: z.strictObject({ tariffs: z.int().min(0), offers: z.int().min(0) }),
  changes: z.array(change),
  confirmed: z.int().min(0).describe('Newer rows with the same prices as the row before.'),
  disagreements: z.array(disagreement),
  sources,
});
