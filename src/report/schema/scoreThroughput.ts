import { z } from 'zod';
import { SCORED_SITUATIONS } from '../../accuracy/throughput/holdOut.ts';

const n = z.int().min(0);
const figure = z.number().nullable();

const metric = z.strictObject({
  n,
  biasPct: figure.describe('Median of predicted over measured, less one.'),
  medianAbsPct: figure,
  p90AbsPct: figure,
  coverage: figure.describe('Share of rows inside the band that shall hold 80 %.'),
  coverageInterval: z.tuple([z.number(), z.number()]).nullable().describe('95 % interval of the coverage, by resampling configurations.'),
});

const metrics = z.strictObject({
  tpot: metric,
  ttft: metric,
  ttftLight: metric.describe('TTFT at a concurrency of at most 16.'),
  outputTokensPerSecond: metric,
});

/** The document of `kplan score throughput --json`. */
export const scoreThroughputSchema = z.strictObject({
  schema: z.literal('kplan/score-throughput@1'),
  answer: z.string(),
  file: z.string(),
  seen: z.boolean().describe('Whether measurements of the same configuration and load point could be used.'),
  rows: n,
  scoredRows: n,
  configurations: n,
  situations: z.record(z.enum(SCORED_SITUATIONS), metrics),
  overall: metrics,
  skipped: z.array(z.strictObject({ id: z.string(), line: n, reason: z.string() })),
  worst: z.array(
    z.strictObject({
      id: z.string(),
      situation: z.enum(SCORED_SITUATIONS),
      predictedTpotMs: z.number(),
      measuredTpotMs: z.number(),
      errorPct: z.number(),
    }),
  ),
});
