import { z } from 'zod';
import type { Catalog } from '../plan/catalog.ts';
import { claimFile } from './claimFile.ts';
import { engineFile } from './engineFile.ts';
import { checkpointFormat, count, engineId, isoDate, isoDay, positive, share, source, text } from './fields.ts';
import { gpuFile } from './gpuFile.ts';
import { wholeModelFile } from './modelFile.ts';
import { offerRow } from './rows.ts';
import { workloadFile } from './workloadFile.ts';

const id = text;
const price = z.number().min(0);

const tariff = z.strictObject({
  id,
  provider: text,
  providerName: z.string().min(1),
  providerKind: z.enum(['vendor', 'host', 'router']),
  model: text,
  tier: text,
  inputUsdPerMtok: price,
  cacheReadUsdPerMtok: price.nullable(),
  outputUsdPerMtok: price,
  date: isoDate,
  source: text,
});

const offer = z.strictObject({
  id,
  provider: text,
  gpu: text,
  gpusPerInstance: count.nullable(),
  instance: z.string(),
  region: z.string(),
  pricing: offerRow.shape.pricing,
  usdPerGpuHour: price,
  date: isoDate,
  source: text,
});

const measurement = z.strictObject({
  id,
  family: text,
  model: text,
  format: checkpointFormat,
  engine: text,
  engineVersion: text,
  gpu: text,
  gpus: count,
  tp: count,
  pp: count,
  ep: count,
  speculation: text,
  inputTokens: positive,
  outputTokens: positive,
  concurrency: count,
  reuse: share,
  outputTokensPerSecond: positive.nullable(),
  ttftMs: positive.nullable(),
  tpotMs: positive.nullable(),
  date: isoDate,
  source: text,
});

const own = { sources: true } as const;

/** The compiled catalog: what `data/` becomes once everything is resolved. */
export const catalogSchema = z.strictObject({
  schema: z.literal('kplan/catalog@1'),
  date: isoDay,
  models: z.array(wholeModelFile.omit(own).extend({ id })),
  gpus: z.array(gpuFile.omit(own).extend({ id })),
  engines: z.array(engineFile.omit(own).extend({ id: engineId })),
  tariffs: z.array(tariff),
  offers: z.array(offer),
  measurements: z.array(measurement),
  workloads: z.array(workloadFile.omit(own).extend({ id })),
  claims: z.array(claimFile.shape.claims.valueType.extend({ id })),
  sources: z.record(text, source),
}) satisfies z.ZodType<Catalog>;
