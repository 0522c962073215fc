import { z } from 'zod';
import { amount, boundedBand, estimate, evidence, query } from './common.ts';
import { fleetLine, share, tariffLine } from './money.ts';
import { cashFlow, cashFlowTerms, sensitivity } from './outlook.ts';
import { term } from './term.ts';

const crossing = z.strictObject({
  id: z.string(),
  tariff: z.string(),
  offer: z.string(),
  cheaperBeyond: z.enum(['self-host', 'api']),
  final: z.boolean().describe('The volume from which self-hosting is never dearer again.'),
  tokensPerMonth: boundedBand,
  requestsPerMonth: amount,
  utilisation: amount,
  hoursPerDay: amount,
  replicas: amount,
  instances: amount,
});

const payback = z.strictObject({
  id: z.string(),
  offer: z.string(),
  against: z.string(),
  code: z.enum(['pays-back', 'never']),
  tokensPerMonth: amount,
  upfrontUsd: amount,
  avoidedUsdPerMonth: amount,
  runningUsdPerMonth: amount,
  months: amount.nullable(),
});

const solved = z.strictObject({
  id: z.string(),
  unknown: z.enum(['price', 'rent', 'utilisation', 'volume', 'reuse']),
  tariff: z.string(),
  offer: z.string(),
  value: amount.nullable(),
  now: amount.nullable(),
  unit: z.enum(['USD/Mtok', 'USD/GPU-hour', 'share', 'tokens/month']),
  tokensPerMonth: amount.nullable(),
  message: z.string(),
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
  crossings: amount.describe('How often the cheaper side changes; of very many the first 64 and the last are listed.'),
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
  apiUsd: z.record(z.string(), estimate),
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
  paybacks: z.array(payback),
  solved: z.array(solved),
  sensitivity: z.array(sensitivity).describe('Of the best fleets; empty where it is not asked.'),
  time: cashFlowTerms.nullable().describe('What the months to come are planned with; null where none are asked.'),
  cashFlows: z.array(cashFlow).describe('Of the best fleets; empty where no months are asked.'),
  terms: z.array(term),
  ...evidence,
});
