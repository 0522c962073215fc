import { z } from 'zod';
import { bandFact, count, share, sourceKey, sources, text, version } from './fields.ts';

const band = bandFact.exactOptional();

const sequenceLimit = z.strictObject({
  fromGiB: z.number().min(0),
  except: z.array(text).exactOptional(),
  value: count,
  source: sourceKey,
});

/** A file of data/engines. */
export const engineFile = z.strictObject({
  name: text,
  defaultVersion: version,
  newestVersion: version,
  versionSource: sourceKey,
  memoryFraction: z.array(z.strictObject({ since: version, value: share, source: sourceKey })),
  overheadGiB: z.strictObject({ nvidia: band, amd: band, intel: band, google: band }),
  maxSequences: z
    .array(sequenceLimit)
    .refine((rows) => rows.at(-1)?.fromGiB === 0 && rows.at(-1)?.except === undefined, { error: 'a last row that takes every GPU' }),
  sources,
});
