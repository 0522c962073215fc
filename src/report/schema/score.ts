import { z } from 'zod';

const n = z.int().min(0);
const figure = z.number().nullable();

const percent = z.strictObject({ n, biasPct: figure, medianAbsPct: figure, p90AbsPct: figure });

const memory = z.strictObject({
  n,
  biasGiB: figure.describe('Predicted less logged, on average.'),
  medianAbsGiB: figure,
  p90AbsGiB: figure,
  medianPctOfGpu: figure.describe('Of the memory that an engine sees on the GPU.'),
  p90PctOfGpu: figure,
  coverage: figure.describe('Share of rows inside the band that shall hold 80 %.'),
  coverageInterval: z.tuple([z.number(), z.number()]).nullable().describe('95 % interval of the coverage, by resampling sources.'),
});

const metrics = z.strictObject({
  weights: percent,
  kvTokensGivenGiB: percent.extend({ checked: n, outsideTolerance: z.array(z.string()) }),
  kvGiB: memory,
  kvGiBCalibrated: memory.describe('After one log of the same model on the same GPU, the row itself left out.'),
  overhead: memory,
});

const told = z.array(z.strictObject({ id: z.string(), why: z.string() }));
const reasons = z.array(z.strictObject({ id: z.string(), reason: z.string() }));

/** The document of `kplan score memory --json`. */
export const scoreMemorySchema = z.strictObject({
  schema: z.literal('kplan/score-memory@1'),
  answer: z.string(),
  file: z.string(),
  rows: n,
  metrics,
  byVendor: z.strictObject({ nvidia: metrics, amd: metrics }),
  nvidiaExactConfig: metrics.describe('NVIDIA rows of models whose geometry and storage are published in full.'),
  verdicts: z.strictObject({
    n,
    right: n,
    marginal: n,
    wrong: n,
    exceptions: told.describe('Failures outside the static budget.'),
    wrongRows: told,
    marginalRows: told,
  }),
  skipped: reasons,
  apart: z
    .array(z.strictObject({ id: z.string(), reason: z.string(), weightsErrorPct: figure }))
    .describe('Rows whose weights and KV memory the metrics leave out.'),
  partly: reasons,
  worst: z.array(
    z.strictObject({
      id: z.string(),
      predictedKvGiB: z.number(),
      loggedKvGiB: z.number(),
      errorGiB: z.number(),
      errorPctOfGpu: z.number(),
      weightsErrorGiB: figure,
      overheadErrorGiB: z.number(),
      explanation: z.string(),
    }),
  ),
});
