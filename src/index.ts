export { afterTax } from './cost/cashflow/afterTax.ts';
export {
  type DepreciationSchedule,
  decliningBalance,
  decliningThenStraight,
  fixedDecliningBalance,
  scheduledDepreciation,
  straightLine,
} from './cost/cashflow/depreciation.ts';
export {
  compareFlows,
  type FlowComparison,
  type FlowPayback,
  regrets,
  type WaitOption,
  waitOptions,
} from './cost/cashflow/flowComparison.ts';
export type { InstanceTerms } from './cost/cashflow/instances.ts';
export { type InternalRates, internalRates, modifiedInternalRate, spreadsheetRate } from './cost/cashflow/internalRate.ts';
export { apiFlow, closedFlow, type FlowPlan, hostFlow, type MonthlyFlow } from './cost/cashflow/monthlyFlow.ts';
export {
  datedNetPresentValue,
  monthlyRate,
  netPresentValue,
  spreadsheetNpv,
  yearlyRate,
} from './cost/cashflow/netPresentValue.ts';
export { type PublishedTrend, type Trend, trendFactor } from './cost/cashflow/trend.ts';
export { formatTrend, parseTrend } from './cost/cashflow/trendText.ts';
export type { Lens, Purchase } from './cost/purchase.ts';
export { type Distribution, distributionOf, meanOf, shareBelow, valueAt } from './evidence/distribution.ts';
export { formatDistribution, parseDistribution } from './evidence/distributionText.ts';
export { type Flip, type FlipPoint, flipPoints } from './evidence/flipPoint.ts';
export type { Sampled } from './evidence/randomisationInterval.ts';
export { type Swing, type Tornado, tornado } from './evidence/tornado.ts';
export {
  type Inputs,
  type Model,
  type SampledModel,
  type SampledOutcome,
  type SamplingOptions,
  sampleModel,
} from './evidence/uncertainty.ts';
export { type VarianceShare, varianceShares } from './evidence/varianceShares.ts';
export { Fault } from './faults/fault.ts';
export { type AdviseQuery, advise } from './plan/advise/advise.ts';
export type * from './plan/advise/adviseAnswer.ts';
export type * from './plan/api/tariffLine.ts';
export { type BreakEvenQuery, breakEven } from './plan/breakEven/breakEven.ts';
export type * from './plan/breakEven/breakEvenAnswer.ts';
export type { Catalog } from './plan/catalog.ts';
export { type ClaimsAnswer, judgeClaims } from './plan/claims/claims.ts';
export { cost } from './plan/cost/cost.ts';
export type * from './plan/cost/costAnswer.ts';
export type { CostQuery } from './plan/cost/costQuestion.ts';
export { type Condition, parseCondition } from './plan/diff/conditions.ts';
export type * from './plan/diff/diffAnswer.ts';
export { type DiffOptions, type DiffSide, diffAnswers, type SaidInput } from './plan/diff/diffAnswers.ts';
export { type Dossier, dossier } from './plan/dossier/dossier.ts';
export type { Audience, DossierQuery } from './plan/dossier/dossierQuery.ts';
export type { FiguredAnswer } from './plan/figures/figures.ts';
export { fit } from './plan/fit/fit.ts';
export type * from './plan/fit/fitAnswer.ts';
export type { FitQuery } from './plan/fit/question.ts';
export type { FleetLine } from './plan/hosting/fleetLine.ts';
export { type HybridQuery, hybrid } from './plan/hybrid/hybrid.ts';
export type * from './plan/hybrid/hybridAnswer.ts';
export { judge } from './plan/judge.ts';
export type * from './plan/outlook/cashFlowAnswer.ts';
export type * from './plan/outlook/sensitivityAnswer.ts';
export type { TimeQuery } from './plan/outlook/timeQuestion.ts';
export { UNCERTAIN_FIELDS, type Uncertainty } from './plan/outlook/uncertainty.ts';
export { reuse } from './plan/reuse/reuse.ts';
export type * from './plan/reuse/reuseAnswer.ts';
export type { ReuseQuery } from './plan/reuse/reuseQuestion.ts';
export { size } from './plan/size/size.ts';
export type * from './plan/size/sizeAnswer.ts';
export type { SizeQuery } from './plan/size/sizeQuestion.ts';
export { rankSpeed } from './plan/speed/rank.ts';
export { speed } from './plan/speed/speed.ts';
export type * from './plan/speed/speedAnswer.ts';
export type { SpeedQuery } from './plan/speed/speedQuestion.ts';
