import { z } from 'zod';
import { bandFact, count, share, sourceKey, sources, text, version } from './fields.ts';

const band = bandFact.exactOptional();

const gpuDefault = z.strictObject({
  fromGiB: z.number().min(0),
  except: z.array(text).exactOptional(),
  since: version.exactOptional(),
  value: count,
  source: sourceKey,
});

const gpuDefaults = z
  .array(gpuDefault)
  .refine((rows) => rows.at(-1)?.fromGiB === 0 && rows.at(-1)?.except === undefined && rows.at(-1)?.since === undefined, {
    error: 'a last row that takes every GPU',
  });

/** A file of data/engines. */
export const engineFile = z.strictObject({
  name: text,
  defaultVersion: version,
  newestVersion: version,
  versionSource: sourceKey,
  memoryFraction: z.array(z.strictObject({ since: version, value: share, source: sourceKey })),
  overheadGiB: z.strictObject({ nvidia: band, amd: band, intel: band, google: band }),
  maxSequences: gpuDefaults,
  batchTokens: gpuDefaults,
  sources,
});
