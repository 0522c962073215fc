import { z } from 'zod';
import { alias, bandFact, share, sourceKey, sources, text } from './fields.ts';

/** data/trends.yaml: how prices changed, per year. */
export const trendsFile = z.strictObject({
  trends: z.record(
    alias,
    z.strictObject({
      of: z.enum(['api-price', 'gpu-rent']),
      name: text,
      perYear: bandFact.refine(({ low }) => low > -1, { error: 'losses of less than all a year' }),
      note: text,
    }),
  ),
  sources,
});

/** Rounding of binary fractions; a schedule that deducts less or more than the cost is a mistake. */
const ROUNDING = 1e-9;

/** data/depreciation.yaml: what may be deducted of a machine's cost, by tax year. */
export const depreciationFile = z.strictObject({
  schedules: z.record(
    alias,
    z.strictObject({
      name: text,
      country: z.string().regex(/^[A-Z]{2}$/, { error: 'two capital letters of ISO 3166 such as US' }),
      shares: z
        .array(share)
        .min(1)
        .refine((shares) => Math.abs(shares.reduce((sum, each) => sum + each, -1)) < ROUNDING, { error: 'shares whose sum is 1' }),
      note: text,
      source: sourceKey,
    }),
  ),
  sources,
});
