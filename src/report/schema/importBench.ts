import { z } from 'zod';
import { amount, count } from './common.ts';

const positive = z.number().positive();

const row = z.strictObject({
  id: z.string().describe('Made of what was measured: a run that is imported again has the same one.'),
  model: z.string(),
  format: z.string(),
  kvCacheDtype: z.string().describe('Empty where it is unknown.'),
  engine: z.string(),
  engineVersion: z.string(),
  gpu: z.string(),
  gpus: count.describe('All of the deployment, those for prefill included.'),
  tp: count,
  pp: count,
  ep: count,
  attentionDp: count,
  dcp: count,
  prefillGpus: z.int().min(0).describe('0 where nothing is disaggregated.'),
  speculation: z.string(),
  inputTokens: positive,
  outputTokens: positive,
  concurrency: positive,
  reuse: amount.max(1),
  outputTokensPerSecond: positive,
  ttftMs: positive.nullable(),
  tpotMs: positive.nullable().describe('Per output token after the first.'),
  statistic: z.enum(['median', 'mean']).describe('Of the two times.'),
  date: z.string(),
  source: z.string(),
  note: z.string(),
  known: z.boolean().describe('The catalog held it before.'),
});

/** The document of `kplan import bench --json`. */
export const importBenchSchema = z.strictObject({
  schema: z.literal('kplan/import-bench@1'),
  answer: z.string(),
  catalog: z.string().describe('The file that rows are appended to.'),
  added: z.int().min(0),
  rows: z.array(row),
  refused: z.array(
    z.strictObject({
      code: z.enum(['unknown', 'missing', 'invalid', 'unsupported', 'contradiction', 'exists', 'unwritable', 'unavailable']),
      where: z.string().describe('File, object and field.'),
      message: z.string(),
      value: z.string().nullable(),
      allowed: z.string().nullable(),
      nearest: z.array(z.string()),
    }),
  ),
  assumed: z.array(z.string()).describe('What neither files nor options say.'),
});
