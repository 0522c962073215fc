import { z } from 'zod';
import { SITUATIONS } from '../../throughput/situation.ts';
import { amount, count, estimate, evidence, layout } from './common.ts';

const point = z.strictObject({
  concurrency: amount,
  ttftMs: estimate,
  tpotMs: estimate,
  outputTokensPerSecond: estimate.describe('Of the replica.'),
  totalTokensPerSecond: estimate.describe('Input, reused or not, plus output, of the replica.'),
  outputTokensPerSecondPerGpu: estimate,
  tokensPerSecondPerUser: estimate.describe('While an answer streams: 1000 / TPOT.'),
  basis: estimate.shape.basis,
  situation: z.enum(SITUATIONS).describe('How far the question lies from what was measured.'),
  method: z.string().describe('How it is known, in words.'),
  source: z.string(),
  queued: z.boolean().describe('Whether more requests are in flight than are admitted, so that some wait.'),
});

const replica = z.strictObject({
  key: z.string(),
  gpu: z.string(),
  gpuName: z.string(),
  gpus: count,
  engine: z.string(),
  engineVersion: z.string(),
  format: z.string(),
  layout,
  kvTokens: estimate,
  concurrencyLimit: amount.describe('Sequences of the mean context that are in flight at most.'),
  limitedBy: z.enum(['kv-cache', 'max-num-seqs']),
  knee: amount
    .nullable()
    .describe('Concurrency from which output grows by less than half as fast as concurrency; null where that is beyond the limit.'),
  points: z.array(point),
  measured: z.array(z.strictObject({ id: z.string(), concurrency: amount, tpotMs: amount, ttftMs: amount.nullable() })),
});

const context = {
  query: z.record(z.string(), z.unknown()),
  answer: z.string(),
  refusals: z
    .array(
      z.strictObject({
        gpu: z.string(),
        gpuName: z.string(),
        code: z.enum(['does-not-fit', 'invalid', 'memory-unknown', 'no-measurement', 'too-slow']),
        message: z.string(),
      }),
    )
    .describe('GPU types that nothing can be said of.'),
  ...evidence,
};

/** The document of `kplan speed --json`. */
export const speedSchema = z.strictObject({
  schema: z.literal('kplan/speed@1'),
  replicas: z.array(replica),
  ...context,
});

const ranked = replica.pick({ key: true, gpu: true, gpuName: true, gpus: true, layout: true, concurrencyLimit: true }).extend({
  point,
  usdPerGpuHour: estimate.nullable(),
  usdPerMtokOutput: estimate.nullable().describe('Rent of the replica over its output at that load; null without an offer.'),
});

/** The document of `kplan speed --rank --json`. */
export const speedRankSchema = z.strictObject({
  schema: z.literal('kplan/speed-rank@1'),
  maxTpotMs: amount.nullable(),
  ranked: z.array(ranked).describe('Cheapest first where offers are known, then by output per GPU.'),
  ...context,
});
