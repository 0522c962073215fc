import { z } from 'zod';
import { breakEvenSchema } from './breakEven.ts';
import { errorSchema } from './error.ts';
import { fitSchema } from './fit.ts';

/**
 * The JSON Schemas (draft 2020-12) of the documents that `--json` prints, by file name.
 *
 * @example Object.keys(jsonSchemas()) // ['fit.schema.json', 'breakeven.schema.json', 'error.schema.json']
 */
export function jsonSchemas(): Record<string, z.core.JSONSchema.BaseSchema> {
  return {
    'fit.schema.json': z.toJSONSchema(fitSchema),
    'breakeven.schema.json': z.toJSONSchema(breakEvenSchema),
    'error.schema.json': z.toJSONSchema(errorSchema),
  };
}
