import type { FlowPlan } from '../../src/cost/cashflow/monthlyFlow.ts';

/** One machine for 240,000 USD, sold after four years for a fifth of it, against 15,000 USD a month. */
export const flowPlan: FlowPlan = {
  months: 48,
  demand: [],
  api: { usdPerMonth: 15_000, price: [] },
  host: {
    instancesPerDemand: 1,
    leastInstances: 1,
    instances: { kind: 'buy', usd: 240_000, price: [], lifeMonths: 48, residualShare: 0.2 },
    runningUsdPerMonth: 3_000,
    oneOffUsd: 0,
    overlapMonths: 0,
  },
};
