import { z } from 'zod';
import { breakEvenSchema } from './breakEven.ts';
import { claimsSchema } from './claims.ts';
import { errorSchema } from './error.ts';
import { explainSchema } from './explain.ts';
import { fitSchema } from './fit.ts';

/**
 * The JSON Schemas (draft 2020-12) of the documents that `--json` prints, by file name; those of `kplan data` are made of the catalog's.
 *
 * @example 'fit.schema.json' in jsonSchemas() // true
 */
export function jsonSchemas(): Record<string, z.core.JSONSchema.BaseSchema> {
  return {
    'fit.schema.json': z.toJSONSchema(fitSchema),
    'breakeven.schema.json': z.toJSONSchema(breakEvenSchema),
    'explain.schema.json': z.toJSONSchema(explainSchema),
    'claims.schema.json': z.toJSONSchema(claimsSchema),
    'error.schema.json': z.toJSONSchema(errorSchema),
  };
}
