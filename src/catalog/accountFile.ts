import { z } from 'zod';
import { count, positive, sourceKey, sources } from './fields.ts';

const limit = count.nullable();

/** A file of data/accounts: what one account of a provider may use. */
export const accountFile = z.strictObject({
  tiers: z.array(
    z.strictObject({ topUpUsd: positive, concurrency: limit, requestsPerMinute: limit, tokensPerMinute: limit, tokensPerDay: limit }),
  ),
  source: sourceKey,
  sources,
});
