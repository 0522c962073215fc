import { z } from 'zod';
import { KV_CACHE_DTYPES } from '../../engine/deployment.ts';
import { amount, count, estimate, evidence, judgement, layout } from './common.ts';
import { term } from './term.ts';

const kvCacheDtype = z.enum(KV_CACHE_DTYPES);

const ledgerEntry = z.strictObject({
  rule: z.string(),
  outcome: z.enum(['pass', 'note', 'warning', 'fail', 'not-applicable']),
  message: z.string(),
  source: z.string(),
});

const result = z.strictObject({
  key: z.string().describe('Unique within the answer.'),
  gpu: z.string(),
  gpuName: z.string(),
  gpus: count,
  nodes: count,
  engine: z.enum(['vllm', 'sglang']),
  engineVersion: z.string(),
  layout,
  format: z.string(),
  kvCacheDtype,
  contextTokens: count,
  ...judgement,
  notes: z.array(z.string()),
  weightBytesPerGpu: amount.nullable(),
  budgetBytesPerGpu: amount.nullable(),
  overheadBytesPerGpu: estimate.nullable(),
  kvMemoryBytesPerGpu: estimate.nullable().describe('Negative where weights and overhead exceed the budget.'),
  kvBytesPerToken: amount.nullable(),
  kvTokens: estimate.nullable(),
  sequences: estimate.nullable(),
  rules: z.array(ledgerEntry).exactOptional(),
  terms: z.array(term).exactOptional(),
});

const contextRow = z.strictObject({
  gpu: z.string(),
  gpus: count,
  layout,
  contextTokens: count,
  kvCacheDtype,
  verdict: judgement.verdict,
  sequences: estimate.nullable(),
});

const formatRow = result
  .pick({
    gpu: true,
    gpuName: true,
    gpus: true,
    layout: true,
    format: true,
    verdict: true,
    binding: true,
    weightBytesPerGpu: true,
    sequences: true,
  })
  .extend({ repository: z.string(), checkpointBytes: amount });

/** The document of `kplan fit --json`. */
export const fitSchema = z.strictObject({
  schema: z.literal('kplan/fit@1'),
  query: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()), z.array(z.number())])),
  answer: z.string(),
  results: z.array(result),
  contextMap: z.array(contextRow).exactOptional(),
  formats: z.array(formatRow).exactOptional().describe('The smallest fleet that holds each format.'),
  ...evidence,
});
