import { z } from 'zod';
import { COST_CODES, PURCHASES } from '../../cost/purchase.ts';
import { amount, estimate, evidence, query } from './common.ts';
import { account, fleetLine, tariffRole } from './money.ts';
import { term } from './term.ts';

const billLine = z.strictObject({
  code: z.enum(['uncached', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'answer', 'thinking', ...COST_CODES, 'one-off']),
  tokens: amount.nullable(),
  usdPerMtok: amount.nullable(),
  usdPerMonth: amount.describe('To the cent; the lines of a row add up to its usdPerMonth.'),
});

const row = z.strictObject({
  id: z.string(),
  kind: z.enum(['vendor', 'host', 'router', 'own']),
  role: z.union([tariffRole, z.enum(PURCHASES)]),
  name: z.string(),
  model: z.string(),
  tier: z.string().nullable(),
  usdPerMonth: estimate,
  fullyLoadedUsd: amount,
  incrementalUsd: amount,
  bill: z.array(billLine),
  inputUsdPerMtok: amount,
  outputUsdPerMtok: amount,
  usdPerMtok: amount,
  usdPerRequest: amount,
  usdPerUser: amount.nullable(),
  usdPerTask: amount.nullable(),
  thinkingUsd: amount.nullable(),
  replicas: amount.nullable(),
  instances: amount.nullable(),
  modelled: z.boolean(),
  utilisation: amount.nullable(),
  account,
  constraints: z.array(z.string()),
  date: z.string().nullable(),
  source: z.string(),
});

const constraint = z.strictObject({
  id: z.string(),
  side: z.enum(['api', 'self-host', 'both']),
  models: z.array(z.string()).exactOptional(),
  providers: z.array(z.string()).exactOptional(),
  label: z.string(),
  text: z.string(),
  source: z.string(),
});

/** The document of `kplan cost --json`. */
export const costSchema = z.strictObject({
  schema: z.literal('kplan/cost@1'),
  query,
  answer: z.string(),
  rows: z.array(row),
  fleets: z.array(fleetLine),
  remedies: z.array(
    z.strictObject({
      row: z.string(),
      code: z.enum(['kv-cache-dtype', 'dcp', 'attention-dp']),
      message: z.string(),
      change: z.record(z.string(), z.union([z.string(), z.number()])),
      usdPerMonth: estimate,
      instances: amount,
    }),
  ),
  refusals: z.array(z.strictObject({ gpu: z.string(), code: z.string(), message: z.string() })),
  month: z.strictObject({
    requests: amount,
    tokens: amount,
    inputTokens: amount,
    outputTokens: amount,
    users: amount.nullable(),
    task: z.string().nullable(),
    finishedTasks: amount.nullable(),
    outputWeight: amount,
  }),
  constraints: z.array(constraint),
  terms: z.array(term),
  ...evidence,
});
