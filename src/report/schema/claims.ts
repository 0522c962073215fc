import { z } from 'zod';
import { date, sources } from './common.ts';

const claim = z.strictObject({
  id: z.string(),
  statement: z.string(),
  who: z.string(),
  claimed: z.string(),
  computed: z.string(),
  judgement: z.enum(['right', 'wrong', 'depends']),
  arithmetic: z.string(),
  date,
  source: z.string(),
});

/** The document of `kplan data claims --json`. */
export const claimsSchema = z.strictObject({
  schema: z.literal('kplan/claims@1'),
  answer: z.string(),
  claims: z.array(claim),
  sources,
});
