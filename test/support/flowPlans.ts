import type { FlowPlan } from '../../src/cost/cashflow/monthlyFlow.ts';

/** One machine for 240,000 USD, sold after four years for a fifth of it, against 15,000 USD a month. */
export const flowPlan: FlowPlan = {
  months: 48,
  requestsPerMonth: 1_000,
  demand: [],
  api: { usdPerRequest: 15, price: [] },
  host: {
    fleet: { requestsPerReplica: 1_000, replicasPerStep: 1, instancesPerStep: 1, spareReplicas: 0 },
    instances: { kind: 'buy', usd: 240_000, price: [], lifeMonths: 48, residualShare: 0.2 },
    runningUsdPerMonth: 3_000,
    oneOffUsd: 0,
    overlapMonths: 0,
  },
};
