import { z } from 'zod';
import { COST_CODES, PURCHASES } from '../../cost/purchase.ts';
import { amount, count, date, estimate, layout } from './common.ts';

const accountTier = z.strictObject({
  topUpUsd: amount,
  concurrency: amount.nullable(),
  requestsPerMinute: amount.nullable(),
  tokensPerMinute: amount.nullable(),
  tokensPerDay: amount.nullable(),
});

/** Whether one account can buy a volume. */
export const account = z
  .strictObject({
    tier: accountTier.nullable(),
    binding: z.enum(['requestsPerMinute', 'tokensPerMinute', 'tokensPerDay']),
    limit: amount.nullable(),
    load: amount,
    accounts: amount,
  })
  .nullable()
  .describe('Whether one account can buy the asked volume on average; null where no volume is asked or no limit is known.');

export const tariffRole = z.enum(['list', 'cheapest-host', 'asked', 'other']);

/** An API price as used in an answer. */
export const tariffLine = z.strictObject({
  id: z.string(),
  role: tariffRole,
  provider: z.string(),
  model: z.string(),
  tier: z.string(),
  inputUsdPerMtok: amount,
  cacheReadUsdPerMtok: amount,
  cacheWriteUsdPerMtok: amount,
  outputUsdPerMtok: amount,
  usdPerRequest: amount,
  usdPerMtok: estimate.describe('Per million tokens, input and output together.'),
  account,
  date,
  source: z.string(),
});

/** A part of a whole. */
export const share = amount.max(1);
const shareEstimate = estimate.extend({ low: share, value: share, high: share });

/** What one fleet costs and holds. */
export const fleetLine = z.strictObject({
  id: z.string(),
  gpu: z.string(),
  gpuName: z.string(),
  purchase: z.enum(PURCHASES),
  engine: z.string(),
  engineVersion: z.string(),
  format: z.string(),
  layout,
  gpusPerReplica: count,
  gpusPerInstance: count,
  instancesPerReplica: amount,
  replicasPerInstance: amount,
  usdPerGpuHour: estimate.nullable().describe("Rent; null on machines of one's own."),
  modelled: z.boolean().describe('Whether the rent is that of a cost model, because nobody lists the GPU.'),
  usdPerInstanceMonth: estimate,
  costs: z.array(z.strictObject({ code: z.enum(COST_CODES), usdPerMonth: amount, counted: z.boolean() })),
  capexUsd: amount.nullable(),
  offers: z.int().min(0),
  requestsPerSecond: estimate.nullable(),
  tokensPerMonthPerReplica: estimate.nullable(),
  plannedTokensPerReplica: estimate.nullable(),
  spareReplicas: z.int().min(0),
  fixedUsd: amount,
  concurrency: amount.nullable(),
  tpotMs: estimate.nullable(),
  reuse: shareEstimate,
  capacityMethod: z.string(),
  source: z.string(),
});
