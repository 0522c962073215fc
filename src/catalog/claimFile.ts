import { z } from 'zod';
import { checkpointFormat, count, engineId, isoDate, positive, share, sourceKey, sources, text, version } from './fields.ts';

const degree = count.exactOptional();

const fitClaim = z.strictObject({
  kind: z.literal('fit'),
  model: text,
  format: checkpointFormat.exactOptional(),
  gpu: text,
  gpus: count,
  tp: degree,
  pp: degree,
  attentionDp: degree,
  ep: degree,
  dcp: degree,
  engine: engineId,
  engineVersion: version.exactOptional(),
  contextTokens: count,
  kvCacheDtype: text.exactOptional(),
  utilization: share.exactOptional(),
  maxNumSeqs: degree,
  claimed: z.enum(['fits', 'does-not-fit', 'invalid']),
});

const sizeClaim = z.strictObject({
  kind: z.literal('size'),
  model: text,
  format: checkpointFormat.exactOptional(),
  quantity: z.enum([
    'parameters',
    'hub-parameters',
    'checkpoint-bytes',
    'bytes-at-16-bit',
    'bytes-if-all-int4',
    'active-bytes-per-token',
    'active-parameters',
    'loaded-bytes-tp8',
  ]),
  claimed: positive,
  tolerance: share,
});

const atLeastZero = z.number().min(0);

const tokenMix = z.strictObject({ uncached: atLeastZero, cacheRead: atLeastZero, output: atLeastZero });
const tokenMixes = z.array(tokenMix).min(1);

const range = z
  .strictObject({ low: atLeastZero, high: positive })
  .refine(({ low, high }) => low <= high, { error: 'a low end that is not above the high one' });

const prices = z
  .partialRecord(z.enum(['input', 'cacheRead', 'output', 'thinking']), positive)
  .refine((stated) => Object.keys(stated).length > 0, { error: 'a price at least' });
const models = z.array(text).min(1);

/** Models are named as the tariffs name them. */
const moneyClaims = [
  z.strictObject({ kind: z.literal('price'), model: text, claimedUsdPerMtok: prices }),
  z.strictObject({ kind: z.literal('session'), model: text, tokens: tokenMix, claimedUsd: positive, tolerance: share }),
  z.strictObject({
    kind: z.literal('ratio'),
    models,
    than: text,
    tokens: z.array(tokenMix.extend({ outputRatio: positive.exactOptional() })).min(1),
    claimed: range,
    ownUsdPerMtok: z.record(text, prices).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('resent'),
    models,
    calls: count,
    inputTokens: atLeastZero,
    outputTokens: atLeastZero,
    carried: z.enum(['input', 'output']),
    claimed: z.enum(['once', 'again']),
  }),
  z.strictObject({
    kind: z.literal('thinking-saving'),
    model: text,
    tokens: tokenMixes,
    reduction: share,
    thinkingShares: z.array(share).min(1),
    claimed: range,
  }),
  z.strictObject({
    kind: z.literal('thinking-tokens'),
    model: text,
    tokens: tokenMix,
    reduction: share,
    thinkingTokens: positive,
    claimedTokens: positive,
    tolerance: share,
  }),
  z.strictObject({ kind: z.literal('rent'), gpu: z.array(text).min(1), gpus: count, claimedUsdPerHour: positive }),
  z.strictObject({
    kind: z.literal('break-even'),
    model: text,
    gpu: z.array(text).min(1),
    gpus: count,
    usdPerHour: positive,
    contextTokens: count,
    tokens: tokenMixes,
    claimed: z.union([z.strictObject({ tokensPerDay: positive }), z.strictObject({ usdPerMonth: positive })]),
  }),
] as const;

const claim = z.strictObject({
  statement: text,
  who: text,
  check: z.discriminatedUnion('kind', [fitClaim, sizeClaim, ...moneyClaims]),
  condition: text.exactOptional(),
  date: isoDate,
  source: sourceKey,
});

const claimId = z.string().regex(/^[a-z]+\.[A-Za-z0-9.-]+$/, { error: 'an id such as size.595 or price.k27' });

/** A file of data/claims: several claims on one subject. */
export const claimFile = z.strictObject({ claims: z.record(claimId, claim), sources });
