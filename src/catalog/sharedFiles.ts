import { z } from 'zod';
import { alias, isoDay, sources, text } from './fields.ts';

/** data/catalog.yaml. */
export const catalogFile = z.strictObject({ date: isoDay });

/** data/sources.yaml: what rows of CSV files and several YAML files refer to. */
export const sourcesFile = z.strictObject({ sources });

/** data/providers.yaml: who runs weights, and who resells those who do. */
export const providersFile = z.strictObject({
  providers: z.record(
    alias,
    z.strictObject({
      kind: z.enum(['vendor', 'host', 'router']),
      /** As it writes itself; the key where it is left out. */
      name: text.exactOptional(),
      /** Names that price registries use for it. */
      registryNames: z.array(text).exactOptional(),
      note: text.exactOptional(),
    }),
  ),
});
