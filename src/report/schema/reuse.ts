import { z } from 'zod';
import { amount, count, estimate, evidence, layout, query } from './common.ts';
import { fleetLine, share, tariffLine } from './money.ts';

const worth = {
  fleet: z.string(),
  kvTokens: estimate.describe('Tokens that all KV caches of the replica hold together.'),
  curveTokens: amount.describe('The same as the curve counts them at the rate that is planned for the replica.'),
  reuse: estimate.describe('Share of the input found there.'),
  foundTokensPerMonth: estimate.nullable().describe('Input tokens found in a month of the volume in month.'),
  foundUsdPerMonth: estimate.nullable().describe('What the API takes for them as input more than as cache reads.'),
  requestsPerSecond: estimate.nullable(),
  tokensPerMonthPerReplica: estimate.nullable(),
  usdPerMtok: estimate.nullable().describe('The smallest fleet, filled: input, reused or not, and output together.'),
};

const way = z.strictObject({
  ...worth,
  layout,
  kvCacheDtype: z.string(),
  change: z.record(z.string(), z.union([z.string(), z.number()])).describe('Options of the same command that ask for it.'),
  kvCaches: count,
  unroutedReuse: share.nullable().describe('The share where requests go to any of several KV caches.'),
  reachesKnee: z.boolean(),
});

/** The document of `kplan reuse --json`. */
export const reuseSchema = z.strictObject({
  schema: z.literal('kplan/reuse@1'),
  query,
  answer: z.string(),
  workload: z.string(),
  curve: z.array(z.strictObject({ kvTokens: amount, statedReuse: share, reuse: estimate })),
  curveRequestsPerSecond: amount.nullable().describe('Of the traffic behind the curve.'),
  knee: z
    .strictObject({ kvTokens: amount, reuse: share })
    .describe('The fewest KV tokens from which on no doubling finds 2 % of the input more.'),
  month: z.strictObject({ requests: amount, inputTokens: amount, asked: z.boolean() }).nullable(),
  tariff: tariffLine.nullable(),
  fleets: z.array(fleetLine),
  ways: z.array(way).describe('By fleet; first as it is, then ascending in USD per million tokens.'),
  points: z.array(z.strictObject({ ...worth, factor: amount.describe('Times the KV tokens of the fleet as it is.') })),
  refusals: z.array(z.strictObject({ gpu: z.string(), code: z.string(), message: z.string() })),
  ...evidence,
});
