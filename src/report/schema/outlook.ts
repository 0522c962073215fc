import { z } from 'zod';

const usd = z.number();
const sampledUsd = z.strictObject({ now: usd, p10: usd, p50: usd, p90: usd });

const SENSITIVITY_UNITS = [
  '',
  'share',
  'share/year',
  'times',
  'tokens',
  'tokens/s',
  'tokens/month',
  'requests/month',
  'requests/hour',
  'hours/month',
  'users',
  'people',
  'years',
  'months',
  'kW',
  'USD',
  'USD/month',
  'USD/GPU-hour',
  'USD/kWh',
  'USD/Mtok',
] as const;

export const sensitivityRow = z.strictObject({
  code: z.string().describe('A field of the query, variables.NAME, capacity, apiPrice, apiTrend, rentTrend or volume.'),
  label: z.string(),
  unit: z.enum(SENSITIVITY_UNITS),
  now: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  savedAtLow: usd.nullable(),
  savedAtHigh: usd.nullable(),
  flipsAt: z.number().nullable(),
  flips: z.int().min(0),
  probabilityBeyond: z.number().nullable(),
});

export const sensitivity = z.strictObject({
  tariff: z.string(),
  offer: z.string(),
  of: z.enum(['month', 'plan']),
  savedUsdPerMonth: sampledUsd,
  savedPresentUsd: sampledUsd.nullable(),
  probability: z.strictObject({ low: z.number(), value: z.number(), high: z.number() }),
  samples: z.int(),
  rows: z.array(sensitivityRow),
  options: z.array(
    z.strictObject({
      option: z.string(),
      presentUsd: sampledUsd,
      cheapest: z.number(),
      meanRegretUsd: usd,
      p90RegretUsd: usd,
    }),
  ),
});

export const cashFlowTerms = z.strictObject({
  months: z.int(),
  firstMonth: z.string(),
  apiTrend: z.string(),
  rentTrend: z.string(),
  demandTrend: z.string(),
  discount: z.number(),
  tax: z.strictObject({ schedule: z.string(), shares: z.array(z.number()), rate: z.number() }).nullable(),
});

const trend = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rate'), perYear: z.number() }),
    z.strictObject({ kind: z.literal('step'), month: z.int(), change: z.number() }),
    z.strictObject({ kind: z.literal('ramp'), shape: z.enum(['linear', 's']), months: z.number(), from: z.number() }),
  ]),
);

const instances = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rent'), usdPerMonth: usd, price: trend, commitmentMonths: z.int() }),
  z.strictObject({ kind: z.literal('buy'), usd, price: trend, lifeMonths: z.int(), residualShare: z.number() }),
]);

const flowPlan = z.strictObject({
  months: z.int(),
  requestsPerMonth: z.number(),
  demand: trend,
  api: z.strictObject({ usdPerRequest: usd, price: trend }),
  host: z.strictObject({
    fleet: z.strictObject({
      requestsPerReplica: z.number(),
      replicasPerStep: z.int(),
      instancesPerStep: z.int(),
      spareReplicas: z.int(),
    }),
    instances,
    runningUsdPerMonth: usd,
    oneOffUsd: usd,
    overlapMonths: z.int(),
  }),
});

export const cashFlow = z.strictObject({
  tariff: z.string(),
  offer: z.string(),
  rows: z.array(
    z.strictObject({
      month: z.string().nullable(),
      tokens: z.number(),
      instances: z.int(),
      apiUsd: usd,
      hostUsd: usd,
      savedUsd: usd,
      cumulativeUsd: usd,
    }),
  ),
  endUsd: usd,
  committedUsd: usd,
  totalApiUsd: usd,
  totalHostUsd: usd,
  savedPresentUsd: usd,
  internalRate: z.strictObject({ code: z.enum(['none', 'one', 'several']), perYear: z.array(z.number()) }),
  payback: z.strictObject({
    finalMonth: z.number().nullable(),
    crossings: z.array(z.strictObject({ month: z.number(), aheadBeyond: z.boolean() })),
  }),
  options: z.array(z.strictObject({ option: z.string(), presentUsd: usd, regretUsd: usd })),
  plan: flowPlan,
});
