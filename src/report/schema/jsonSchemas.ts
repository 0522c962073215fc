import { z } from 'zod';
import { calibrationSchema } from '../../calibration/calibrationFile.ts';
import { endpointSchema } from '../../calibration/endpointSchema.ts';
import { workloadDocument } from '../../importers/usage/index.ts';
import { adviseSchema } from './advise.ts';
import { breakEvenSchema } from './breakEven.ts';
import { calibrateSchema } from './calibrate.ts';
import { claimsSchema } from './claims.ts';
import { costSchema } from './cost.ts';
import { dataCheckSchema } from './dataCheck.ts';
import { dataDiffSchema } from './dataDiff.ts';
import { deploySchema } from './deploy.ts';
import { diffSchema } from './diff.ts';
import { errorSchema } from './error.ts';
import { explainSchema } from './explain.ts';
import { fitSchema } from './fit.ts';
import { hybridSchema } from './hybrid.ts';
import { importBenchSchema } from './importBench.ts';
import { importOffersSchema } from './importOffers.ts';
import { importPricesSchema } from './importPrices.ts';
import { offloadSchema } from './offload.ts';
import { reconcileSchema } from './reconcile.ts';
import { reuseSchema } from './reuse.ts';
import { scoreMemorySchema } from './score.ts';
import { scoreThroughputSchema } from './scoreThroughput.ts';
import { sizeSchema } from './size.ts';
import { speedRankSchema, speedSchema } from './speed.ts';
import { workloadSqlSchema } from './workloadSql.ts';

/**
 * The JSON Schemas (draft 2020-12) of the documents that `--json` prints and of calibration files, by file name; those of `kplan data` are
 * made of the catalog's.
 *
 * @example 'fit.schema.json' in jsonSchemas() // true
 */
export function jsonSchemas(): Record<string, z.core.JSONSchema.BaseSchema> {
  return {
    'fit.schema.json': z.toJSONSchema(fitSchema),
    'offload.schema.json': z.toJSONSchema(offloadSchema),
    'reconcile.schema.json': z.toJSONSchema(reconcileSchema),
    'score.schema.json': z.toJSONSchema(scoreMemorySchema),
    'score-throughput.schema.json': z.toJSONSchema(scoreThroughputSchema),
    'speed.schema.json': z.toJSONSchema(speedSchema),
    'speed-rank.schema.json': z.toJSONSchema(speedRankSchema),
    'import-bench.schema.json': z.toJSONSchema(importBenchSchema),
    'import-offers.schema.json': z.toJSONSchema(importOffersSchema),
    'import-prices.schema.json': z.toJSONSchema(importPricesSchema),
    'import-workload.schema.json': z.toJSONSchema(workloadDocument),
    'calibration.schema.json': z.toJSONSchema(calibrationSchema),
    'calibration-endpoint.schema.json': z.toJSONSchema(endpointSchema),
    'calibrate.schema.json': z.toJSONSchema(calibrateSchema),
    'breakeven.schema.json': z.toJSONSchema(breakEvenSchema),
    'cost.schema.json': z.toJSONSchema(costSchema),
    'advise.schema.json': z.toJSONSchema(adviseSchema),
    'hybrid.schema.json': z.toJSONSchema(hybridSchema),
    'reuse.schema.json': z.toJSONSchema(reuseSchema),
    'size.schema.json': z.toJSONSchema(sizeSchema),
    'explain.schema.json': z.toJSONSchema(explainSchema),
    'claims.schema.json': z.toJSONSchema(claimsSchema),
    'data-check.schema.json': z.toJSONSchema(dataCheckSchema),
    'data-diff.schema.json': z.toJSONSchema(dataDiffSchema),
    'deploy.schema.json': z.toJSONSchema(deploySchema),
    'diff.schema.json': z.toJSONSchema(diffSchema),
    'workload-sql.schema.json': z.toJSONSchema(workloadSqlSchema),
    'error.schema.json': z.toJSONSchema(errorSchema),
  };
}
