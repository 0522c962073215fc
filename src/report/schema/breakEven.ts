import { z } from 'zod';
import { amount, boundedBand, count, date, estimate, evidence, layout, query } from './common.ts';
import { term } from './term.ts';

const tariffLine = z.strictObject({
  id: z.string(),
  role: z.enum(['list', 'cheapest-host', 'asked']),
  provider: z.string(),
  model: z.string(),
  inputUsdPerMtok: amount,
  cacheReadUsdPerMtok: amount,
  outputUsdPerMtok: amount,
  usdPerRequest: amount,
  usdPerMtok: amount.describe('Per million tokens, input and output together.'),
  date,
  source: z.string(),
});

const share = amount.max(1);
const shareEstimate = estimate.extend({ low: share, value: share, high: share });

const fleetLine = z.strictObject({
  id: z.string(),
  gpu: z.string(),
  gpuName: z.string(),
  engine: z.string(),
  engineVersion: z.string(),
  format: z.string(),
  layout,
  gpusPerReplica: count,
  gpusPerInstance: count,
  instancesPerReplica: amount,
  replicasPerInstance: amount,
  usdPerGpuHour: estimate,
  usdPerInstanceMonth: estimate,
  offers: z.int().min(0),
  requestsPerSecond: estimate.nullable(),
  tokensPerMonthPerReplica: estimate.nullable(),
  concurrency: amount.nullable(),
  tpotMs: estimate.nullable(),
  reuse: shareEstimate,
  capacityMethod: z.string(),
  source: z.string(),
});

const crossing = z.strictObject({
  id: z.string(),
  tariff: z.string(),
  offer: z.string(),
  cheaperBeyond: z.enum(['self-host', 'api']),
  final: z.boolean().describe('The volume from which self-hosting is never dearer again.'),
  tokensPerMonth: boundedBand,
  requestsPerMonth: amount,
  utilisation: amount,
  replicas: amount,
  instances: amount,
});

const remedy = z.strictObject({
  code: z.enum(['kv-cache-dtype', 'dcp', 'attention-dp']),
  message: z.string(),
  change: z.record(z.string(), z.union([z.string(), z.number()])),
  probability: share,
});

const pairVerdict = z.strictObject({
  tariff: z.string(),
  offer: z.string(),
  code: z
    .enum([
      'break-even',
      'never',
      'open',
      'always',
      'no-measurement',
      'does-not-fit',
      'invalid',
      'memory-unknown',
      'no-offer',
      'no-traffic',
    ])
    .describe('never: fewer than 10 % of the samples break even; open: the middle values do not, and at least 10 % of the samples do.'),
  message: z.string(),
  probability: share.nullable(),
  breakEvenUsdPerMtok: amount.nullable(),
  remedy: remedy.nullable().describe('Where the verdict is never or open: the change of the same command that helps most.'),
});

const monthlyRow = z.strictObject({
  id: z.string(),
  offer: z.string(),
  tokensPerMonth: amount,
  requestsPerMonth: amount,
  replicas: amount,
  instances: amount,
  utilisation: amount,
  selfHostUsd: estimate,
  apiUsd: z.record(z.string(), amount),
});

/** The document of `kplan breakeven --json`. */
export const breakEvenSchema = z.strictObject({
  schema: z.literal('kplan/breakeven@1'),
  query,
  answer: z.string(),
  tariffs: z.array(tariffLine),
  offers: z.array(fleetLine),
  verdicts: z.array(pairVerdict),
  crossings: z.array(crossing),
  monthly: z.array(monthlyRow),
  terms: z.array(term),
  ...evidence,
});
