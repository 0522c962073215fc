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

const claim = z.strictObject({
  statement: text,
  who: text,
  check: z.discriminatedUnion('kind', [fitClaim, sizeClaim]),
  condition: text.exactOptional(),
  date: isoDate,
  source: sourceKey,
});

const claimId = z.string().regex(/^[a-z]+\.[A-Za-z0-9.-]+$/, { error: 'an id such as size.595' });

/** A file of data/claims: several claims on one subject. */
export const claimFile = z.strictObject({ claims: z.record(claimId, claim), sources });
