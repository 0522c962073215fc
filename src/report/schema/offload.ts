import { z } from 'zod';
import { amount, count, estimate, evidence, judgement, query } from './common.ts';
import { term } from './term.ts';

const result = z.strictObject({
  key: z.string().describe('Unique within the answer.'),
  engine: z.enum(['llama.cpp', 'ktransformers']),
  gpu: z.string().nullable().describe('null for a host without GPUs.'),
  gpuName: z.string().nullable(),
  gpus: z.int().min(0),
  ramBytes: amount,
  diskBytes: amount.nullable(),
  format: z.string(),
  kvCacheDtype: z.string(),
  contextTokens: count,
  sequences: count,
  ...judgement,
  placement: z
    .strictObject({ kind: z.enum(['expert-layers', 'layers', 'experts-per-layer']), onGpus: z.int().min(0), of: z.int().min(0) })
    .nullable()
    .describe('null where the question is invalid, as are the figures below.'),
  fileBytes: estimate.nullable(),
  gpuMemoryBytes: amount.nullable().describe('What an engine sees of one GPU.'),
  gpuWeightBytes: amount.nullable().describe('On all GPUs together.'),
  kvBytes: amount.nullable(),
  gpuOverheadBytes: estimate.nullable().describe('Of one GPU.'),
  ramNeededBytes: estimate.nullable(),
  diskNeededBytes: amount.nullable(),
  launchOptions: z.array(z.string()),
  speed: z.strictObject({ code: z.literal('no-measurement'), message: z.string() }),
  terms: z.array(term).exactOptional(),
});

/** The document of `kplan fit --engine llama.cpp|ktransformers --json`. */
export const offloadSchema = z.strictObject({
  schema: z.literal('kplan/offload@1'),
  query,
  answer: z.string(),
  results: z.array(result),
  ...evidence,
});
