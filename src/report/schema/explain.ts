import { z } from 'zod';
import { sources } from './common.ts';
import { term } from './term.ts';

/** The document of `kplan explain --json`: the whole sheet that the number stands on. */
export const explainSchema = z.strictObject({
  schema: z.literal('kplan/explain@1'),
  id: z.string().describe('As it was asked.'),
  term: z.string().describe('Id of the number in the sheet.'),
  terms: z.array(term),
  sources,
});
