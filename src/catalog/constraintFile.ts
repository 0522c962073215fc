import { z } from 'zod';
import { alias, sourceKey, sources, text } from './fields.ts';

/** data/constraints.yaml: what decides beside money. */
export const constraintFile = z.strictObject({
  constraints: z.record(
    alias,
    z.strictObject({
      side: z.enum(['api', 'self-host', 'both']),
      /** Models that it is about; all where none are named. */
      models: z.array(text).exactOptional(),
      /** Providers that it is about; all where none are named. */
      providers: z.array(text).exactOptional(),
      label: text,
      text,
      source: sourceKey,
    }),
  ),
  sources,
});
