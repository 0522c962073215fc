import { z } from 'zod';
import { alias, count, fact, positive, sources, text } from './fields.ts';

const known = fact.nullable();

/** A file of data/gpus: every figure is `{ value, source }`, or null where nobody publishes it. */
export const gpuFile = z.strictObject({
  name: text,
  aliases: z.array(alias),
  vendor: z.enum(['nvidia', 'amd', 'intel', 'google']),
  formFactor: text,
  microarchitecture: text,
  computeCapability: positive.nullable(),
  gfxTarget: z
    .string()
    .regex(/^gfx[0-9a-f]+$/, { error: 'an AMD target such as gfx942' })
    .nullable(),
  marketedGB: fact,
  driverVisibleMiB: known,
  torchTotalGiB: known,
  memoryBandwidthGBPerSecond: known,
  bf16DenseTflops: known,
  fp8DenseTflops: known,
  fp4DenseTflops: known,
  scaleUpTechnology: text,
  scaleUpGBPerSecond: known,
  scaleUpDomainGpus: count,
  gpusPerNode: count,
  boardPowerWatts: known,
  confidence: z.enum(['high', 'medium', 'low']),
  notes: text.exactOptional(),
  sources,
});
