import { z } from 'zod';
import { date } from './common.ts';

const kind = z.enum(['tariffs', 'offers', 'measurements', 'workloads', 'servers', 'ownership', 'accounts', 'trends', 'depreciation']);
const days = z.int().min(0);
const standing = { kind, id: z.string(), date, days: days.describe('From the date, a month from its first day.') };

/** The document of `kplan data check --json`. */
export const dataCheckSchema = z.strictObject({
  schema: z.literal('kplan/data-check@1'),
  answer: z.string(),
  asOf: z.string(),
  kinds: z.array(
    z.strictObject({
      kind,
      limitDays: days,
      facts: z.int().min(0).describe('Those that count: of each product the newest.'),
      oldest: z.strictObject(standing).nullable(),
      newest: z.strictObject(standing).nullable(),
      overLimit: z.int().min(0),
    }),
  ),
  overLimit: z.array(z.strictObject({ ...standing, limitDays: days })),
});
