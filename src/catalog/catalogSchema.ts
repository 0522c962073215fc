import { z } from 'zod';
import type { Catalog } from '../plan/catalog.ts';
import { ATTENTIONS, QUANTITIES } from '../throughput/band.ts';
import { SITUATIONS } from '../throughput/situation.ts';
import { accountFile } from './accountFile.ts';
import { claimFile } from './claimFile.ts';
import { constraintFile } from './constraintFile.ts';
import { engineFile } from './engineFile.ts';
import {
  bandFact,
  checkpointFormat,
  count,
  encoding,
  engineId,
  isoDate,
  isoDay,
  moduleClass,
  positive,
  share,
  source,
  text,
  version,
} from './fields.ts';
import { gpuFile } from './gpuFile.ts';
import { wholeModelFile } from './modelFile.ts';
import { depreciationFile, trendsFile } from './moneyTimeFiles.ts';
import { kTransformersFile, llamaCppFile } from './offloadFile.ts';
import { ownershipFile, serverFile } from './ownershipFile.ts';
import { planningFile } from './planningFile.ts';
import { offerRow } from './rows.ts';
import { workloadFile } from './workloadFile.ts';

const id = text;
const atLeastZero = z.number().min(0);

const optionalPrice = atLeastZero.nullable();

const tokenPrices = {
  inputUsdPerMtok: atLeastZero,
  cacheReadUsdPerMtok: optionalPrice,
  cacheWriteUsdPerMtok: optionalPrice,
  cacheWrite1hUsdPerMtok: optionalPrice,
  outputUsdPerMtok: atLeastZero,
  thinkingUsdPerMtok: optionalPrice,
};

const daySpan = z.strictObject({ fromMinute: z.int().min(0).max(1440), toMinute: z.int().min(0).max(1440) });

const tariff = z.strictObject({
  id,
  provider: text,
  providerName: z.string().min(1),
  providerKind: z.enum(['vendor', 'host', 'router']),
  model: text,
  tier: text,
  ...tokenPrices,
  conditions: z.array(z.strictObject({ aboveInputTokens: count.nullable(), hoursUtc: z.array(daySpan), ...tokenPrices })),
  currency: text,
  from: isoDay.nullable(),
  until: isoDay.nullable(),
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
  termMonths: count.nullable(),
  usdPerGpuHour: atLeastZero,
  date: isoDate,
  source: text,
});

const measurement = z.strictObject({
  id,
  family: text,
  model: text,
  format: checkpointFormat,
  kvCacheDtype: z.string(),
  engine: text,
  engineVersion: text,
  gpu: text,
  gpus: count,
  tp: count,
  pp: count,
  ep: count,
  attentionDp: count,
  dcp: count,
  prefillGpus: z.number().int().min(0),
  speculation: text,
  inputTokens: positive,
  outputTokens: positive,
  concurrency: z.number().min(1),
  reuse: share,
  outputTokensPerSecond: positive.nullable(),
  ttftMs: positive.nullable(),
  tpotMs: positive.nullable(),
  statistic: z.enum(['median', 'mean']),
  date: isoDate,
  source: text,
});

const fitted = z.number();

const coefficients = z.strictObject({
  terms: z.array(text),
  effects: z.record(text, z.array(fitted)),
  systems: z.record(text, z.strictObject({ covariance: z.array(fitted), typicalVariance: fitted })),
});

const bandOf = z.strictObject({ low: fitted, high: fitted, rows: z.number() });

const speedSchema = z.strictObject({
  measurements: z.array(measurement),
  contaminated: z.record(text, text),
  fits: z.strictObject({ tpot: coefficients, ttft: coefficients }),
  bands: z.record(z.enum(ATTENTIONS), z.record(z.enum(QUANTITIES), z.record(z.enum(SITUATIONS), bandOf))),
});

const overheadFit = z.strictObject({
  since: version,
  vendor: z.enum(['nvidia', 'amd', 'intel', 'google']),
  baseGiB: fitted,
  groupGiB: fitted,
  doublingGiB: fitted,
  samplerBytes: fitted,
  forwardScale: fitted,
  blockFp8Scale: fitted,
  indexerContexts: fitted,
  graphsGiBPerLayer: fitted,
  graphsCounted: z.boolean(),
  lowGiB: fitted,
  highGiB: fitted,
  calibratedLowGiB: fitted,
  calibratedHighGiB: fitted,
  source: text,
});

const ggufMix = z.strictObject({
  model: text,
  mix: text,
  repository: text,
  fileBytes: bandFact,
  encodings: z.partialRecord(moduleClass, encoding),
});

const own = { sources: true } as const;

/** The compiled catalog: what `data/` becomes once everything is resolved. */
export const catalogSchema = z.strictObject({
  schema: z.literal('kplan/catalog@1'),
  date: isoDay,
  models: z.array(wholeModelFile.omit(own).extend({ id })),
  gpus: z.array(gpuFile.omit(own).extend({ id })),
  engines: z.array(engineFile.omit(own).extend({ id: engineId, overheadFits: z.array(overheadFit) })),
  tariffs: z.array(tariff),
  offers: z.array(offer),
  exchangeRates: z.array(z.strictObject({ date: isoDay, currency: text, unitsPerEur: positive, source: text })),
  servers: z.array(serverFile.omit(own).extend({ id })),
  ownership: z.array(ownershipFile.omit(own).extend({ id })),
  accounts: z.array(accountFile.omit(own).extend({ id })),
  constraints: z.array(constraintFile.shape.constraints.valueType.extend({ id })),
  planning: planningFile.omit(own),
  trends: z.array(trendsFile.shape.trends.valueType.extend({ id })),
  depreciation: z.array(depreciationFile.shape.schedules.valueType.extend({ id })),
  speed: speedSchema,
  workloads: z.array(workloadFile.omit(own).extend({ id })),
  claims: z.array(claimFile.shape.claims.valueType.extend({ id })),
  ggufMixes: z.array(ggufMix),
  llamaCpp: llamaCppFile.omit(own),
  kTransformers: kTransformersFile.omit(own),
  sources: z.record(text, source),
}) satisfies z.ZodType<Catalog>;
