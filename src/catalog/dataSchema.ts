import { z } from 'zod';
import { catalogSchema } from './catalogSchema.ts';

const { date, sources, gpus, models, workloads, tariffs, offers, servers, ownership, accounts, trends, depreciation, constraints } =
  catalogSchema.shape;

function listing<K extends string, T extends z.ZodType>(kind: K, entries: T) {
  return z.strictObject({ schema: z.literal('kplan/data@1'), kind: z.literal(kind), date, entries, sources });
}

/** The documents of `kplan data KIND --json`; claims have a schema of their own. */
export const dataSchema = z.discriminatedUnion('kind', [
  listing('gpus', gpus),
  listing('models', models),
  listing('workloads', workloads),
  listing('tariffs', tariffs),
  listing('offers', offers),
  listing('servers', servers),
  listing('ownership', ownership),
  listing('accounts', accounts),
  listing('trends', trends),
  listing('depreciation', depreciation),
  listing('constraints', constraints),
]);
