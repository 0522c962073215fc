import { z } from 'zod';
import { amount, count, estimate, evidence, query } from './common.ts';
import { fleetLine } from './money.ts';

const bridge = z.strictObject({
  activeUsers: amount.nullable(),
  conversationsPerHour: amount.nullable(),
  concurrentRequests: amount,
  requestsPerSecond: amount,
  inputTokensPerSecond: amount,
  freshTokensPerSecond: amount,
  outputTokensPerSecond: amount,
});

const bridgeBand = z.strictObject({
  activeUsers: estimate.nullable(),
  conversationsPerHour: estimate.nullable(),
  concurrentRequests: estimate.nullable(),
  requestsPerSecond: estimate.nullable(),
  inputTokensPerSecond: estimate.nullable(),
  freshTokensPerSecond: estimate.nullable(),
  outputTokensPerSecond: estimate.nullable(),
});

const binding = z.strictObject({
  code: z.enum(['prefill', 'decode', 'kv-cache', 'max-num-seqs', 'ttft', 'tpot']),
  message: z.string(),
});

const percentiles = z.strictObject({ p50: estimate, p90: estimate, p95: estimate, p99: estimate });
const latency = z
  .strictObject({ ttft: percentiles, tpot: percentiles })
  .describe('Milliseconds; each with the 95 % interval of its mean over the replications.');

const levels = z.array(
  z.strictObject({
    metric: z.enum(['ttft', 'tpot']),
    percentile: z.union([z.literal(50), z.literal(90), z.literal(95), z.literal(99)]),
    limitMs: amount,
  }),
);

const method = z.strictObject({
  code: z.enum(['closed-form', 'birth-death', 'simulation']),
  ttftMs: estimate.nullable().describe('Mean; null where the queue grows without end.'),
  tpotMs: estimate.nullable(),
  inFlight: estimate.nullable().describe('Requests of one replica.'),
  reuse: estimate,
  ttftOverClosed: amount.nullable().describe('Mean TTFT over that of the closed forms.'),
});

const whatIf = z.strictObject({
  kind: z.enum(['fail', 'burst']),
  failed: count.nullable(),
  factor: amount.nullable(),
  seconds: amount,
  replicas: count,
  percentiles: latency.nullable().describe('null where no replica is left.'),
  broken: levels,
});

const point = z.strictObject({
  requestsPerSecond: amount,
  utilisation: amount,
  hour: z.int().min(0).max(23).nullable().describe('UTC; null where the point is of no hour.'),
  percentiles: latency,
});

const fleet = z.strictObject({
  id: z.string(),
  fleet: fleetLine,
  replicas: estimate.describe('That carry the busiest hour on average, without spare ones.'),
  binding,
  laws: z.array(z.strictObject({ code: z.enum(['prefill', 'decode', 'kv-cache']), replicas: amount, message: z.string() })),
  simulation: z
    .strictObject({
      replicas: count,
      closedReplicas: count,
      percentiles: latency,
      broken: levels,
      traffic: z.enum(['lengths', 'conversations', 'trace']),
      reuse: estimate,
      busyShare: estimate,
      preemptionShare: estimate,
      refusedShare: amount,
    })
    .nullable(),
  methods: z.array(method).describe('Means of the busiest hour, one row for each method.'),
  rows: z.array(
    z.strictObject({
      code: z.enum(['load', 'spare', 'upgrade']),
      replicas: count,
      instances: count,
      usdPerMonth: estimate,
      utilisation: amount,
      utilisationWithOneDown: amount.nullable(),
    }),
  ),
  utilisation: amount,
  headroom: amount,
  requestsPerSecondPerReplica: estimate,
  concurrencyLimit: count,
  ttftMs: estimate,
  tpotMs: estimate,
  reuse: estimate,
  kvTokensPerUser: amount.nullable(),
  activeUsersPerReplica: estimate.nullable(),
  perReplica: bridge,
  plannedPerReplica: bridgeBand.describe('At the rate that is planned for a replica.'),
  coldStart: z.strictObject({ checkpointBytes: count, seconds: estimate }),
});

/** The document of `kplan size --json`. */
export const sizeSchema = z.strictObject({
  schema: z.literal('kplan/size@1'),
  query,
  answer: z.string(),
  replicas: estimate.nullable().describe('Of the cheapest fleet.'),
  instances: count.nullable(),
  binding: binding.nullable(),
  levels,
  percentiles: latency.nullable(),
  whatIfs: z.array(whatIf),
  loadCurve: z.array(point).nullable(),
  day: z.array(point).nullable(),
  load: bridge,
  fleets: z.array(fleet),
  refusals: z.array(z.strictObject({ gpu: z.string(), code: z.string(), message: z.string() })),
  ...evidence,
});
