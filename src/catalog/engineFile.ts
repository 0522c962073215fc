import { z } from 'zod';
import { bandFact, fact, share, sourceKey, sources, text, version } from './fields.ts';

const band = bandFact.exactOptional();

/** A file of data/engines. */
export const engineFile = z.strictObject({
  name: text,
  defaultVersion: version,
  newestVersion: version,
  versionSource: sourceKey,
  memoryFraction: z.array(z.strictObject({ since: version, value: share, source: sourceKey })),
  overheadGiB: z.strictObject({ nvidia: band, amd: band, intel: band, google: band }),
  maxSequences: fact,
  sources,
});
