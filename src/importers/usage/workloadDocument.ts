import { z } from 'zod';
import { conversationShape } from '../../catalog/workloadFile.ts';

const text = z.string().min(1);
const positive = z.number().positive();
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const tokens = z.number().min(0);
const leaves = {
  uncached: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  cacheWrite1h: tokens,
  output: tokens,
  thinking: tokens.describe('Inside the output.'),
};

/** What requests are like and when they come, as `kplan import workload` writes it and `--workload FILE.json` takes it. */
export const workloadDocument = z.strictObject({
  schema: z.literal('kplan/workload@1'),
  inputTokens: positive.nullable().describe('Mean per request, reused or not; null where no file counts requests.'),
  outputTokens: positive.nullable(),
  lengths: z
    .array(z.strictObject({ share, inputTokens: tokens, outputTokens: tokens }))
    .describe('Requests of like lengths; empty where rows are buckets.'),
  arrivals: z
    .strictObject({
      requestsPerSecond: positive,
      gapCv: z.number().min(0).nullable().describe('Coefficient of variation of the gaps; 1 is Poisson.'),
      hours: z.array(z.number().min(0)).length(24).nullable().describe('Rate of each UTC hour of a day over the mean.'),
    })
    .nullable(),
  quantumMs: positive.nullable().describe('Step to which times are rounded.'),
  reuse: z.strictObject({ low: share, value: share, high: share }),
  reuseFrom: z
    .enum(['counts', 'blocks', 'none'])
    .describe('Cached tokens that were counted, blocks that were seen before, or nothing: taken as 0.'),
  reuseCurve: z
    .array(z.strictObject({ kvTokens: positive, reuse: share }))
    .describe('What a KV cache of so many tokens finds, least recently used out first; empty where it cannot be told.'),
  reuseCurveRequestsPerSecond: positive
    .nullable()
    .default(null)
    .describe('Rate of the traffic behind the curve, as its mean request saw it, by hour.'),
  conversations: z
    .strictObject({
      count,
      requestsPerConversation: positive,
      requestsPerActiveHour: positive.nullable().describe('Gaps over 10 minutes removed.'),
      concurrency: positive.nullable().describe('Requests in flight of one active conversation.'),
      shape: conversationShape.nullable().default(null).describe('How requests follow one another.'),
    })
    .nullable()
    .default(null),
  thinkingShare: share.nullable(),
  models: z.array(z.strictObject({ name: text, requests: count.nullable(), inputTokens: tokens, outputTokens: tokens })),
  period: z.strictObject({ from: z.string().nullable(), to: z.string().nullable(), seconds: z.number().min(0).nullable() }),
  rows: z.strictObject({
    read: count,
    used: count,
    empty: count.describe('Rows that state no usage.'),
    failed: count.describe('Kept out unless they have output.'),
    cancelled: count.describe('Kept: they cost.'),
    leftOut: z.array(z.strictObject({ reason: text, count, first: z.array(z.string()) })),
  }),
  totals: z.strictObject({ requests: count.nullable(), ...leaves }),
  paid: z
    .strictObject({
      usd: z.number().min(0),
      currency: z.literal('USD'),
      requests: count.nullable(),
      tokens: z.strictObject(leaves),
    })
    .nullable(),
  files: z.array(z.strictObject({ name: text, format: text, rows: count })),
  notices: z.array(z.string()),
  note: text,
});

/** The document of an import. */
export type WorkloadDocument = z.infer<typeof workloadDocument>;
