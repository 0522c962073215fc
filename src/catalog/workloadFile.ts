import { z } from 'zod';
import { alias, count, positive, share, sourceKey, sources, text } from './fields.ts';

/** A file of data/workloads. */
export const workloadFile = z.strictObject({
  name: text,
  aliases: z.array(alias),
  inputTokens: positive,
  outputTokens: positive,
  reuse: z.strictObject({ low: share, value: share, high: share }),
  reuseCurve: z.array(z.strictObject({ kvTokens: count, reuse: share })),
  reuseCurveRequestsPerSecond: positive.nullable(),
  requestsPerSecond: positive.nullable(),
  requestsPerUserHour: positive.nullable(),
  requestsPerTask: z.strictObject({ name: text, requests: positive }).nullable(),
  thinkingShare: share.nullable(),
  trafficOf: text.nullable(),
  note: text,
  licence: text,
  source: sourceKey,
  sources,
});
