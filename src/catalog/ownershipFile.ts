import { z } from 'zod';
import { alias, bandFact, count, isoDate, sources, text } from './fields.ts';

/** A file of data/servers: a machine that can be bought. */
export const serverFile = z.strictObject({
  name: text,
  gpu: text,
  gpus: count,
  capexUsd: bandFact,
  kilowatts: bandFact,
  date: isoDate,
  note: text,
  sources,
});

/** A file of data/ownership: what owning a machine costs beside its price. */
export const ownershipFile = z.strictObject({
  name: text,
  aliases: z.array(alias),
  note: text,
  lifeYears: bandFact,
  residualShare: bandFact,
  costOfCapital: bandFact,
  maintenanceShare: bandFact,
  pue: bandFact,
  usdPerKwh: bandFact,
  colocationUsdPerMonth: bandFact,
  networkUsdPerMonth: bandFact,
  sources,
});
