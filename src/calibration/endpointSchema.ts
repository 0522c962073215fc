import { z } from 'zod';
import { alias, count, isoDay, share } from '../catalog/fields.ts';

const text = z.string().min(1).max(400);
const ways = z.int().min(1).max(4096);
const atLeastZero = z.number().min(0);
const positive = z.number().positive();

const band = z
  .strictObject({
    low: atLeastZero,
    value: atLeastZero,
    high: atLeastZero,
    basis: z.enum(['exact', 'measured', 'calibrated', 'modelled', 'assumed']),
  })
  .refine(({ low, value, high }) => low <= value && value <= high, { error: 'low, value and high in rising order' });

const spread = z.strictObject({ low: positive, median: positive, high: positive, count, error: atLeastZero });

const said = z.strictObject({ tpotMs: band, ttftMs: band.nullable() });

const point = z.strictObject({
  id: text,
  shape: text,
  inputTokens: positive,
  outputTokens: positive,
  reuse: share,
  reuseSource: z.enum(['usage', 'asked']),
  concurrency: z.number().min(1).max(1e6),
  rate: positive.nullable(),
  requests: count,
  failed: z.int().min(0),
  ttftMs: spread.nullable(),
  tpotMs: spread.nullable(),
  outputTokensPerSecond: positive.nullable(),
  requestsPerSecond: positive.nullable(),
  used: z.boolean(),
  shipped: said.nullable(),
  fitted: said.nullable(),
  server: z
    .strictObject({ running: atLeastZero.nullable(), waiting: atLeastZero.nullable(), kvUsage: atLeastZero.nullable(), readings: count })
    .exactOptional()
    .describe('Peaks of the metrics of the server while the step ran.'),
});

const quantityFit = z
  .strictObject({
    terms: z.array(text).max(20),
    logs: z.array(z.number()),
    shipped: z.array(z.number()),
    covariance: z.array(z.number()),
    deviation: atLeastZero,
    freedom: positive,
    points: count,
  })
  .refine(({ terms, logs, covariance }) => logs.length === terms.length && covariance.length === terms.length ** 2, {
    error: 'as many logarithms as terms, and the square of that in the covariance',
  });

const coverage = z.strictObject({ inside: z.int().min(0), of: z.int().min(0) });

/** The file format of a calibration by a live endpoint. */
export const endpointSchema = z.strictObject({
  schema: z.literal('kplan/calibration@2'),
  name: text,
  date: isoDay,
  source: z.strictObject({ file: text, sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' }) }),
  deployment: z
    .strictObject({
      engine: alias,
      engineVersion: text,
      model: alias,
      family: alias,
      format: text,
      kvCacheDtype: z.string().max(40),
      gpu: alias,
      layout: z.strictObject({ tp: ways, pp: ways, dp: ways, ep: ways, dcp: ways, attentionDp: ways }),
    })
    .nullable()
    .describe('What runs behind the endpoint, as stated or discovered.'),
  conditions: z.strictObject({
    endpoint: text.nullable(),
    servedModel: text,
    protocol: text,
    speculation: text,
    prefixCaching: z.boolean().nullable(),
    maxModelLen: count.nullable(),
    notes: z.array(text).max(100),
  }),
  kvTokens: z
    .strictObject({ measured: count, predicted: band.nullable(), kvMemoryBytesPerGpu: atLeastZero.nullable().default(null) })
    .nullable(),
  speed: z.strictObject({
    points: z.array(point).max(200),
    fit: z.strictObject({ tpot: quantityFit, ttft: quantityFit.nullable() }).nullable(),
    leftOut: z
      .strictObject({
        tpot: coverage,
        ttft: coverage,
        tpotError: atLeastZero.nullable(),
        ttftError: atLeastZero.nullable().default(null),
      })
      .nullable(),
    flags: z
      .array(
        z.strictObject({
          code: z.enum([
            'buffered',
            'faster-than-bandwidth',
            'faster-than-peak',
            'inconsistent',
            'saturated',
            'speculation',
            'unknown-hardware',
            'usage',
          ]),
          point: text.nullable(),
          message: text,
        }),
      )
      .max(800),
  }),
});
