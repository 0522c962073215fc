import { z } from 'zod';
import { alias, count, positive, share, sourceKey, sources, text } from './fields.ts';

/** What rounding in a file may leave. */
const ROUNDING = 1e-3;
const near = (sum: number, want: number) => Math.abs(sum - want) <= ROUNDING * want;
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

const lengths = z
  .array(z.strictObject({ share: share.positive(), inputTokens: z.number().nonnegative(), outputTokens: z.number().nonnegative() }))
  .min(1)
  .refine((cells) => near(sumOf(cells.map((cell) => cell.share)), 1), { error: 'shares of sum 1' });

const gapCv = z
  .strictObject({ low: z.number().nonnegative(), value: positive, high: positive })
  .refine(({ low, value, high }) => low <= value && value <= high, { error: 'low, value and high in rising order' });

const hours = z
  .array(z.number().nonnegative())
  .length(24)
  .refine((rates) => near(sumOf(rates), 24), { error: '24 rates of mean 1' });

/** How requests follow one another in conversations. */
export const conversationShape = z.strictObject({
  cells: z
    .array(z.strictObject({ share: share.positive(), requests: positive, firstInputTokens: positive, lastInputTokens: positive }))
    .min(1)
    .refine((cells) => near(sumOf(cells.map((cell) => cell.share)), 1), { error: 'shares of sum 1' })
    .readonly(),
  growthSigma: z.number().nonnegative(),
  leastGapSeconds: z.number().nonnegative(),
  meanGapSeconds: positive,
  gapSigma: z.number().nonnegative(),
  rewriteShare: share,
  pauseShare: share,
  meanPauseSeconds: z.number().nonnegative(),
});

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
  lengths,
  gapCv: gapCv.nullable(),
  hours: hours.nullable(),
  conversations: conversationShape.nullable(),
  concurrencyPerUser: positive.nullable(),
  thinkingShare: share.nullable(),
  trafficOf: text.nullable(),
  note: text,
  licence: text,
  source: sourceKey,
  sources,
});
