import { z } from 'zod';
import { amount, estimate, evidence, query } from './common.ts';
import { fleetLine, tariffLine } from './money.ts';
import { sensitivityRow } from './outlook.ts';

const whole = z.int().min(0);

const floor = z.strictObject({
  carrying: whole.describe('Replicas that carry, without spare ones; 0 buys all.'),
  replicas: whole,
  instances: whole,
  ownUsdPerMonth: amount,
  apiUsdPerMonth: amount,
  usdPerMonth: amount,
  ownShare: amount,
  utilisation: amount,
  regretUsdPerMonth: z.number().describe('Over the best floor.'),
});

const pair = z.strictObject({
  id: z.string(),
  offer: z.string(),
  tariff: z.string(),
  code: z.enum(['api', 'hybrid', 'own']),
  best: floor,
  usdPerMonth: estimate,
  allApiUsdPerMonth: estimate,
  allOwn: floor,
  allOwnUsdPerMonth: estimate,
  cheapest: z.strictObject({ api: amount, own: amount, hybrid: amount }),
  savingUsdPerMonth: estimate,
  savingShare: z.number(),
  probability: amount,
  carrying: estimate,
  oneFewerUsd: z.number().nullable(),
  oneMoreUsd: z.number(),
  rows: z.array(floor),
});

/** The document of `kplan hybrid --json`. */
export const hybridSchema = z.strictObject({
  schema: z.literal('kplan/hybrid@1'),
  query,
  answer: z.string(),
  pairs: z.array(pair),
  turns: z.array(z.strictObject({ offer: z.string(), tariff: z.string(), rows: z.array(sensitivityRow) })),
  demand: z.strictObject({
    requestsPerMonth: amount,
    tokensPerMonth: amount,
    meanPerHour: amount,
    busiestPerHour: amount,
    calmestPerHour: amount,
  }),
  fleets: z.array(fleetLine),
  tariffs: z.array(tariffLine),
  refusals: z.array(z.strictObject({ gpu: z.string(), code: z.string(), message: z.string() })),
  ...evidence,
});
