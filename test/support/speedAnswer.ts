import { type Estimate, estimate } from '../../src/evidence/estimate.ts';
import type { RankedReplica, SpeedAnswer, SpeedPoint, SpeedRanking, SpeedReplica } from '../../src/plan/speed/speedAnswer.ts';

const MEASURED_FROM = 4;
const MEASURED_TO = 64;

/** Speed of eight GPUs at a concurrency: measured from 4 to 64 in flight, queued beyond a limit. */
function point(concurrency: number, limit: number, speedUp: number): SpeedPoint {
  const admitted = Math.min(concurrency, limit);
  const measured = concurrency >= MEASURED_FROM && concurrency <= MEASURED_TO;
  const basis = measured ? 'measured' : 'modelled';
  const band = (value: number): Estimate => estimate(basis, 0.8 * value, value, 1.25 * value);
  const tpotMs = (8 + 0.75 * admitted) / speedUp;
  const rate = (1000 * admitted) / tpotMs;
  return {
    concurrency,
    ttftMs: band((400 + 25 * admitted) / speedUp),
    tpotMs: band(tpotMs),
    outputTokensPerSecond: band(rate),
    totalTokensPerSecond: band(9 * rate),
    outputTokensPerSecondPerGpu: band(rate / 8),
    tokensPerSecondPerUser: band(1000 / tpotMs),
    basis,
    situation: measured ? 'sameCurve' : 'newShape',
    method: measured
      ? `measured curve at 8192/1024 tokens (vllm 0.16.0, 8 GPUs, 2026-03-27), read at concurrency ${concurrency}; 80 % band -20 % to +25 %`
      : `step-time model at concurrency ${concurrency}, TP8: this layout was measured at other loads`,
    source: measured ? 'sources#silicon' : 'speed-fit',
    queued: concurrency > limit,
  };
}

const CONCURRENCIES = [1, 2, 3, 4, 8, 10, 16, 32, 48, 64, 90, 128, 256] as const;

/** Eight H200, measured, with room for 90 requests. */
export const h200Replica: SpeedReplica = {
  key: 'h200-sxm/tp8',
  gpu: 'h200-sxm',
  gpuName: 'H200 SXM 141GB',
  gpus: 8,
  engine: 'vllm',
  engineVersion: '0.25.0',
  format: 'int4',
  layout: { tp: 8, pp: 1, dp: 1, ep: 1, dcp: 1, attentionDp: 1 },
  kvTokens: { low: 770_000, value: 786_000, high: 808_000, basis: 'measured' },
  concurrencyLimit: 90,
  limitedBy: 'kv-cache',
  knee: 10,
  points: CONCURRENCIES.map((concurrency) => point(concurrency, 90, 1)),
  measured: [4, 16, 64].map((concurrency) => ({ id: `m${concurrency}`, concurrency, tpotMs: 8 + 0.75 * concurrency, ttftMs: null })),
};

/** Eight B200: faster, nothing measured, up to what the engine admits. */
export const b200Replica: SpeedReplica = {
  ...h200Replica,
  key: 'b200-sxm/tp8',
  gpu: 'b200-sxm',
  gpuName: 'B200 SXM',
  concurrencyLimit: 128,
  limitedBy: 'max-num-seqs',
  knee: null,
  points: CONCURRENCIES.filter((n) => n <= 128).map((concurrency) => point(concurrency, 128, 1.5)),
  measured: [],
};

export const speedAnswer: SpeedAnswer = {
  schema: 'kplan/speed@1',
  query: { model: 'kimi-k2.7-code', gpu: ['h200-sxm:8'], inputTokens: 8192, outputTokens: 1024, reuse: 0.9, asOf: '2026-11-22' },
  answer: '8× H200 SXM 141GB puts out 1,190 tokens per second.',
  refusals: [{ gpu: 'rtx-4090', gpuName: 'RTX 4090', code: 'does-not-fit', message: 'weights of 73.41 GiB exceed the budget' }],
  replicas: [h200Replica],
  assumptions: [{ code: 'speculation', text: 'no speculative decoding', source: 'kplan' }],
  warnings: ['the oldest measurement used is of 2026-03-27'],
  sources: {
    'sources#silicon': { ref: 'a file of measurements', date: '2026-08-21', kind: 'measured' },
    'speed-fit': { ref: 'the fit', date: '2026-11-22', kind: 'estimated' },
  },
  dataAge: { asOf: '2026-11-22', oldestPrice: null, oldestMeasurement: '2026-03-27' },
};

export const twoReplicas: SpeedAnswer = { ...speedAnswer, replicas: [h200Replica, b200Replica] };
export const noReplica: SpeedAnswer = { ...speedAnswer, answer: 'Nothing serves this.', replicas: [] };

/** A replica of the ranking at a concurrency. */
function rankedAt({ key, gpu, gpuName, gpus, layout, concurrencyLimit }: SpeedReplica, concurrency: number): RankedReplica {
  return {
    ...{ key, gpu, gpuName, gpus, layout, concurrencyLimit },
    point: point(concurrency, concurrencyLimit, 1),
    usdPerGpuHour: { low: 3.5, value: 4.5, high: 6.3, basis: 'measured' },
    usdPerMtokOutput: { low: 9, value: 12, high: 20, basis: 'modelled' },
  };
}

const { replicas: _, ...context } = speedAnswer;

/** Two on H200, and one on B200 for which nobody has an offer. */
export const speedRanking: SpeedRanking = {
  ...context,
  schema: 'kplan/speed-rank@1',
  answer: 'For 8,192 input and 1,024 output tokens 8× H200 comes first.',
  maxTpotMs: 50,
  ranked: [
    rankedAt(h200Replica, 48),
    rankedAt({ ...h200Replica, key: 'h200-sxm/tp4-pp2', layout: { ...h200Replica.layout, tp: 4, pp: 2 } }, 32),
    { ...rankedAt(b200Replica, 90), usdPerGpuHour: null, usdPerMtokOutput: null },
  ],
};
