import { z } from 'zod';

/** The document on stdout where a command with `--json` fails. */
export const errorSchema = z.strictObject({
  schema: z.literal('kplan/error@1'),
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    where: z.string().nullable(),
    value: z.string().nullable(),
    allowed: z.string().nullable(),
    nearest: z.array(z.string()),
  }),
});
