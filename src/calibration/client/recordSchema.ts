import { z } from 'zod';
import type { FailureCode, RecordedAsk, RequestRecord, UsagePlace } from './record.ts';

const FAILURES = [
  'refused',
  'unauthorised',
  'not-found',
  'rate-limited',
  'server-error',
  'bad-request',
  'connect-timeout',
  'first-byte-timeout',
  'idle-timeout',
  'total-timeout',
  'reset',
  'incomplete',
  'error-in-stream',
  'malformed',
  'too-long',
  'not-a-stream',
  'redirected',
  'aborted',
] as const satisfies readonly FailureCode[];

const PLACES = ['every-chunk', 'finish-chunk', 'last-chunk', 'body', 'message-events', 'none'] as const satisfies readonly UsagePlace[];

const ms = z.number();
const reached = z.number().nullable();
const tokens = z.int().min(0);
const counted = tokens.nullable();
const text = z.string().max(2000);

/** The format of what was asked. */
export const askSchema: z.ZodType<RecordedAsk> = z.strictObject({
  step: z.int().min(0),
  number: z.int().min(0),
  shape: text,
  inputTokens: tokens,
  maxOutputTokens: tokens,
  sharedInput: z.number().min(0).max(1),
  concurrency: z.number().positive().nullable(),
  rate: z.number().positive().nullable(),
});

/** The format of a record. */
export const recordSchema: z.ZodType<RequestRecord> = z.strictObject({
  schema: z.literal('kplan/request@1'),
  ask: askSchema,
  intendedMs: ms,
  sentMs: ms,
  headersMs: reached,
  firstByteMs: reached,
  firstTokenMs: reached,
  firstAnswerMs: reached,
  lastTokenMs: reached,
  endMs: ms,
  chunks: z.array(z.strictObject({ ms, tokens: counted, channel: z.enum(['reasoning', 'content', 'tool']) })),
  usage: z.strictObject({
    place: z.enum(PLACES),
    inputTokens: counted,
    cachedTokens: counted,
    outputTokens: counted,
    reasoningTokens: counted,
  }),
  status: z.int().min(100).max(999).nullable(),
  finishReason: text.nullable(),
  failure: z.strictObject({ code: z.enum(FAILURES), message: text }).nullable(),
  retryAfterMs: z.number().min(0).exactOptional(),
  rateLimits: z.array(z.strictObject({ what: text, limit: tokens, remaining: counted })).exactOptional(),
  oddities: z
    .strictObject({
      malformedFrames: z.int().min(0),
      malformedSample: text.nullable(),
      invalidText: z.boolean(),
      usageDisagrees: z.boolean(),
      doneMissing: z.boolean(),
    })
    .exactOptional(),
  clientLagMs: z.number().min(0),
});
