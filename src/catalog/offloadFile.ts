import { z } from 'zod';
import { bandFact, count, encoding, positive, sourceKey, sources, text } from './fields.ts';

const kvCacheDtypes = z.strictObject({ values: z.array(text).min(1), source: sourceKey });

/** data/offload/llama.cpp.yaml. */
export const llamaCppFile = z.strictObject({
  name: text,
  gpuReserveGiB: bandFact,
  workBufferGiB: bandFact,
  hostReserveGB: bandFact,
  restEncoding: z.strictObject({ value: encoding, source: sourceKey }),
  kvCacheDtypes,
  latentStoredOnce: z.strictObject({ source: sourceKey }),
  microBatchTokens: z.strictObject({ value: count, source: sourceKey }),
  sources,
});

/** data/offload/ktransformers.yaml. */
export const kTransformersFile = z.strictObject({
  name: text,
  gpuReserveGB: bandFact,
  layerwisePrefillGB: z.strictObject({ value: positive, source: sourceKey }),
  prefillChunkTokens: z.strictObject({ value: count, source: sourceKey }),
  hostReserveGB: bandFact,
  kvCacheDtypes,
  methods: z.array(z.strictObject({ encoding, method: text, source: sourceKey })).min(1),
  sources,
});
