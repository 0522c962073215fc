import { z } from 'zod';
import { endpointSchema } from '../../calibration/endpointSchema.ts';
import { amount } from './common.ts';

const whole = z.int().min(0);

/** The document of `kplan calibrate --json`. */
export const calibrateSchema = z.strictObject({
  schema: z.literal('kplan/calibrate@1'),
  answer: z.string(),
  endpoint: z.string(),
  servedModel: z.string(),
  facts: z
    .looseObject({ models: z.array(z.looseObject({ id: z.string() })), notes: z.array(z.string()) })
    .describe('What the endpoint says of itself.'),
  worstCase: z.strictObject({ requests: whole, inputTokens: amount, outputTokens: amount, usd: amount.nullable() }),
  requests: z.strictObject({ sent: whole, answered: whole, failed: z.record(z.string(), whole), said: z.record(z.string(), z.string()) }),
  spentUsd: amount.nullable(),
  billed: z.array(
    z.strictObject({
      shape: z.string(),
      requests: whole,
      inputTokens: amount,
      cachedTokens: amount,
      outputTokens: amount,
      cachedShare: amount,
      sentBefore: amount,
      usdPerRequest: amount,
    }),
  ),
  bill: z
    .strictObject({ chargedUsd: z.number(), tariffUsd: amount })
    .nullable()
    .describe('By how much the balance of the account fell, beside what the tariff says.'),
  limits: z.strictObject({
    stated: z.array(z.strictObject({ what: z.string(), limit: whole, remaining: whole.nullable() })),
    refused: z
      .strictObject({ inFlight: whole, requests: whole, tokens: whole })
      .nullable()
      .describe('In flight, and sent in the minute before, when the first request was refused for its rate.'),
  }),
  stopped: z.strictObject({ code: z.string(), message: z.string() }).nullable().describe('Why it ended before its ladder did.'),
  client: z.strictObject({ lagMs: amount, lateMs: z.number(), limited: z.boolean() }),
  server: z.array(
    z.strictObject({
      what: z.string(),
      client: z.number(),
      clientUpTo: z.number().describe('With the worst case of failed requests, whose tokens only the server counts.'),
      server: z.strictObject({ low: z.number(), high: z.number() }),
      agrees: z.boolean(),
    }),
  ),
  preemptions: amount.nullable(),
  calibration: endpointSchema,
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
});
