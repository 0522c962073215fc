import { describe, expect, it } from 'vitest';
import * as endpointText from '../../src/calibration/client/endpointText.ts';
import * as endpointUrl from '../../src/calibration/client/endpointUrl.ts';
import * as failure from '../../src/calibration/client/failure.ts';
import * as key from '../../src/calibration/client/key.ts';
import * as keyShape from '../../src/calibration/client/keyShape.ts';
import * as modelRules from '../../src/calibration/client/modelRules.ts';
import * as rateLimits from '../../src/calibration/client/rateLimits.ts';
import * as retryAfter from '../../src/calibration/client/retryAfter.ts';
import * as secrets from '../../src/calibration/client/secrets.ts';
import * as timings from '../../src/calibration/client/timings.ts';
import * as pauses from '../../src/calibration/fit/pauses.ts';
import * as balance from '../../src/calibration/run/balance.ts';
import * as fullLength from '../../src/calibration/run/fullLength.ts';
import { loadCatalog, loadLaunch } from '../../src/catalog/index.ts';
import * as account from '../../src/cost/account.ts';
import * as apiBill from '../../src/cost/apiBill.ts';
import * as afterTax from '../../src/cost/cashflow/afterTax.ts';
import * as depreciation from '../../src/cost/cashflow/depreciation.ts';
import * as flowComparison from '../../src/cost/cashflow/flowComparison.ts';
import * as instances from '../../src/cost/cashflow/instances.ts';
import * as internalRate from '../../src/cost/cashflow/internalRate.ts';
import * as monthlyFlow from '../../src/cost/cashflow/monthlyFlow.ts';
import * as netPresentValue from '../../src/cost/cashflow/netPresentValue.ts';
import * as positiveRoots from '../../src/cost/cashflow/positiveRoots.ts';
import * as trend from '../../src/cost/cashflow/trend.ts';
import * as trendText from '../../src/cost/cashflow/trendText.ts';
import * as crossings from '../../src/cost/crossings.ts';
import * as exchange from '../../src/cost/exchange.ts';
import * as fleet from '../../src/cost/fleet.ts';
import * as floor from '../../src/cost/floor.ts';
import * as fullUse from '../../src/cost/fullUse.ts';
import * as hoursText from '../../src/cost/hoursText.ts';
import * as offerChoice from '../../src/cost/offerChoice.ts';
import * as ownership from '../../src/cost/ownership.ts';
import * as payback from '../../src/cost/payback.ts';
import * as purchase from '../../src/cost/purchase.ts';
import * as tariff from '../../src/cost/tariff.ts';
import * as tariffChoice from '../../src/cost/tariffChoice.ts';
import * as tokenLeaves from '../../src/cost/tokenLeaves.ts';
import * as tokenPrice from '../../src/cost/tokenPrice.ts';
import * as tokenSplit from '../../src/cost/tokenSplit.ts';
import * as volume from '../../src/cost/volume.ts';
import * as address from '../../src/deploy/address.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import * as serviceName from '../../src/deploy/serviceName.ts';
import * as sizing from '../../src/deploy/sizing.ts';
import * as word from '../../src/deploy/word.ts';
import * as otherEngines from '../../src/engine/otherEngines.ts';
import * as release from '../../src/engine/release.ts';
import * as version from '../../src/engine/version.ts';
import * as distribution from '../../src/evidence/distribution.ts';
import * as distributionText from '../../src/evidence/distributionText.ts';
import * as estimate from '../../src/evidence/estimate.ts';
import * as flipPoint from '../../src/evidence/flipPoint.ts';
import * as median from '../../src/evidence/median.ts';
import * as normal from '../../src/evidence/normal.ts';
import * as quantileOf from '../../src/evidence/quantileOf.ts';
import * as quasiRandom from '../../src/evidence/quasiRandom.ts';
import * as randomisationInterval from '../../src/evidence/randomisationInterval.ts';
import * as sampler from '../../src/evidence/sampler.ts';
import * as signChanges from '../../src/evidence/signChanges.ts';
import * as studentT from '../../src/evidence/studentT.ts';
import * as tornado from '../../src/evidence/tornado.ts';
import * as uncertainty from '../../src/evidence/uncertainty.ts';
import * as varianceShares from '../../src/evidence/varianceShares.ts';
import * as nearest from '../../src/faults/nearest.ts';
import * as instant from '../../src/importers/usage/instant.ts';
import * as parquetValues from '../../src/importers/usage/parquetValues.ts';
import * as plainDigits from '../../src/importers/usage/plainDigits.ts';
import * as rateSeen from '../../src/importers/usage/rateSeen.ts';
import * as dialect from '../../src/importers/usage/sql/dialect.ts';
import * as lengthCase from '../../src/importers/usage/sql/lengthCase.ts';
import * as enumeration from '../../src/layout/enumeration.ts';
import * as layout from '../../src/layout/layout.ts';
import * as stage from '../../src/memory/stage.ts';
import * as checkpointSize from '../../src/model/checkpointSize.ts';
import * as encoding from '../../src/model/encoding.ts';
import * as layers from '../../src/model/layers.ts';
import * as mixing from '../../src/model/mixing.ts';
import * as tensors from '../../src/model/tensors.ts';
import * as traffic from '../../src/model/traffic.ts';
import * as display from '../../src/notebook/display.ts';
import * as ownTable from '../../src/notebook/ownTable.ts';
import { shown } from '../../src/notebook/shown.ts';
import * as shownChart from '../../src/notebook/shownChart.ts';
import { advise } from '../../src/plan/advise/advise.ts';
import { breakEven } from '../../src/plan/breakEven/breakEven.ts';
import * as amounts from '../../src/plan/claims/amounts.ts';
import { judgeClaims } from '../../src/plan/claims/claims.ts';
import * as judgement from '../../src/plan/claims/judgement.ts';
import { resentTokens } from '../../src/plan/claims/sessionClaim.ts';
import { cost } from '../../src/plan/cost/cost.ts';
import * as commonDoubt from '../../src/plan/diff/commonDoubt.ts';
import * as conditions from '../../src/plan/diff/conditions.ts';
import * as diffAnswers from '../../src/plan/diff/diffAnswers.ts';
import * as pairs from '../../src/plan/diff/pairs.ts';
import * as effect from '../../src/plan/figures/effect.ts';
import * as figure from '../../src/plan/figures/figure.ts';
import * as figures from '../../src/plan/figures/figures.ts';
import { fit } from '../../src/plan/fit/fit.ts';
import * as demandHours from '../../src/plan/hybrid/demandHours.ts';
import { hybrid } from '../../src/plan/hybrid/hybrid.ts';
import { judge } from '../../src/plan/judge.ts';
import { reuse } from '../../src/plan/reuse/reuse.ts';
import { size } from '../../src/plan/size/size.ts';
import { rankSpeed } from '../../src/plan/speed/rank.ts';
import { speed } from '../../src/plan/speed/speed.ts';
import * as chartData from '../../src/report/charts/chartData.ts';
import * as chartFigures from '../../src/report/charts/figures.ts';
import * as palette from '../../src/report/charts/palette.ts';
import * as heardVariables from '../../src/scenario/heardVariables.ts';
import * as place from '../../src/scenario/place.ts';
import * as scenarioSchema from '../../src/scenario/scenarioSchema.ts';
import * as batchQueue from '../../src/serving/batchQueue.ts';
import * as fleetEvent from '../../src/serving/fleetEvent.ts';
import * as plannedRate from '../../src/serving/plannedRate.ts';
import * as birthDeath from '../../src/serving/queueing/birthDeath.ts';
import * as littlesLaw from '../../src/serving/queueing/littlesLaw.ts';
import * as manyServers from '../../src/serving/queueing/manyServers.ts';
import * as oneServer from '../../src/serving/queueing/oneServer.ts';
import * as replicaRate from '../../src/serving/replicaRate.ts';
import * as serviceLevel from '../../src/serving/serviceLevel.ts';
import * as arrivals from '../../src/serving/simulation/arrivals.ts';
import * as conversations from '../../src/serving/simulation/conversations.ts';
import * as percentile from '../../src/serving/simulation/percentile.ts';
import * as random from '../../src/serving/simulation/random.ts';
import * as recordedConversations from '../../src/serving/simulation/recordedConversations.ts';
import * as simulation from '../../src/serving/simulation/simulate.ts';
import * as stepClock from '../../src/serving/stepClock.ts';
import * as capacity from '../../src/throughput/capacity.ts';
import * as coefficients from '../../src/throughput/coefficients.ts';
import * as curve from '../../src/throughput/curve.ts';
import * as machine from '../../src/throughput/machine.ts';
import * as speedOf from '../../src/throughput/speed.ts';
import * as stepModel from '../../src/throughput/stepModel.ts';
import * as work from '../../src/throughput/work.ts';
import * as duration from '../../src/units/duration.ts';
import * as money from '../../src/units/money.ts';
import * as number from '../../src/units/number.ts';
import * as time from '../../src/units/time.ts';
import * as tokens from '../../src/units/tokens.ts';
import * as arrivalTally from '../../src/workload/arrivalTally.ts';
import * as dayProfile from '../../src/workload/dayProfile.ts';
import * as joinedCells from '../../src/workload/joinedCells.ts';
import * as lengthTally from '../../src/workload/lengthTally.ts';
import { demandOf } from '../../src/workload/loadPoint.ts';
import * as curveLine from '../../src/workload/reuse/curveLine.ts';
import * as prefixReuse from '../../src/workload/reuse/prefixReuse.ts';
import * as reuseCurve from '../../src/workload/reuse/reuseCurve.ts';
import * as stepGaps from '../../src/workload/stepGaps.ts';
import * as thinking from '../../src/workload/thinking.ts';
import { breakEvenAnswer } from '../support/breakEvenAnswer.ts';
import { deploymentOf } from '../support/deployments.ts';
import { checkExample, docExamples } from '../support/docExamples.ts';
import { fleet as simulatedFleet } from '../support/fleets.ts';
import { flowPlan } from '../support/flowPlans.ts';
import { recorded } from '../support/recorded.ts';
import { capacityQuestion, replica, shipped } from '../support/speed.ts';
import { gpt55, kimiList, moonshot, machine as ownedMachine } from '../support/tariffs.ts';
import { ask } from '../support/traffic.ts';

const deployment = deploymentOf();
const model = { k27: deployment.model, int4: deployment.checkpoint };

/** Two points of one line. */
const toyChart = {
  $schema: '',
  usermeta: { kplan: 'kplan/chart@1' },
  data: {
    values: [
      { series: 'list price', tokens: 1, usd: 2, colour: '#ffffff' },
      { series: 'list price', tokens: 3, usd: 4 },
    ],
  },
};

/** Rooms with the names that their examples may use. */
const ROOMS: readonly [room: string, scope: Readonly<Record<string, unknown>>, files?: RegExp][] = [
  ['faults', { ...nearest }],
  ['units', { ...duration, ...money, ...number, ...time, ...tokens }],
  [
    'evidence',
    {
      ...distribution,
      ...distributionText,
      ...estimate,
      ...flipPoint,
      ...median,
      ...normal,
      ...quantileOf,
      ...quasiRandom,
      ...randomisationInterval,
      ...sampler,
      ...signChanges,
      ...studentT,
      ...tornado,
      ...uncertainty,
      ...varianceShares,
    },
  ],
  ['model', { ...checkpointSize, ...encoding, ...layers, ...mixing, ...tensors, ...traffic, ...model }],
  ['layout', { ...enumeration, ...layout }],
  ['engine', { ...otherEngines, ...release, ...version, catalog: loadCatalog() }],
  ['memory', { ...stage }],
  [
    'throughput',
    {
      ...capacity,
      ...coefficients,
      ...curve,
      ...machine,
      ...speedOf,
      ...stepModel,
      ...work,
      exactly: estimate.exactly,
      question: capacityQuestion(),
      h200: deployment.gpu,
      h200TP8: replica(),
      knowledge: shipped(),
      machine: replica().machine,
      k27: replica().traffic,
    },
  ],
  [
    'serving',
    {
      ...arrivals,
      ...batchQueue,
      ...birthDeath,
      ...conversations,
      ...fleetEvent,
      ...littlesLaw,
      ...manyServers,
      ...oneServer,
      ...percentile,
      ...random,
      ...recordedConversations,
      ...plannedRate,
      ...replicaRate,
      ...serviceLevel,
      ...simulation,
      ...stepClock,
      demandOf,
      replica: replica(),
      speedModel: speedOf.speedModel,
      load: { inputTokens: 101_897, outputTokens: 437, reuse: 0.7 },
      millisecondSteps: simulatedFleet(),
      h200TP8: replica(),
      knowledge: shipped(),
    },
  ],
  [
    'cost',
    {
      ...account,
      ...afterTax,
      ...depreciation,
      ...flowComparison,
      ...instances,
      ...internalRate,
      ...monthlyFlow,
      ...netPresentValue,
      ...positiveRoots,
      ...trend,
      ...trendText,
      ...apiBill,
      ...crossings,
      ...fleet,
      ...floor,
      ...fullUse,
      ...exchange,
      ...hoursText,
      ...offerChoice,
      ...ownership,
      ...payback,
      ...purchase,
      ...tariff,
      ...tariffChoice,
      ...tokenLeaves,
      ...tokenPrice,
      ...tokenSplit,
      ...volume,
      gpt55,
      kimiList,
      macrs5: { shares: [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576] },
      plan: flowPlan,
      machine: ownedMachine,
      moonshot,
    },
  ],
  ['plan/speed', { speed, rankSpeed, loadCatalog }],
  ['plan/cost', { cost, loadCatalog }],
  ['plan/size', { size, loadCatalog }],
  ['plan/advise', { advise, loadCatalog }],
  ['plan/hybrid', { hybrid, ...demandHours, loadCatalog }],
  ['plan/reuse', { reuse, loadCatalog }],
  ['plan/diff', { ...commonDoubt, ...conditions, ...diffAnswers, ...pairs }],
  ['plan/figures', { ...effect, ...figure, ...figures }],
  ['plan/breakEven', { breakEven, loadCatalog }],
  ['deploy', { ...address, ...serviceName, ...sizing, ...word, deploy, loadCatalog, loadLaunch }],
  [
    'workload',
    { ...arrivalTally, ...dayProfile, ...joinedCells, ...lengthTally, ...stepGaps, ...thinking },
    /^(arrivalTally|joinedCells|lengthTally|stepGaps|thinking)/,
  ],
  ['importers/usage/sql', { ...dialect, ...lengthCase }],
  [
    'calibration/client',
    {
      ...endpointText,
      ...endpointUrl,
      ...failure,
      ...key,
      ...keyShape,
      ...modelRules,
      ...rateLimits,
      ...retryAfter,
      ...secrets,
      ...timings,
      recorded,
    },
  ],
  ['calibration/run', { ...balance, ...fullLength }],
  ['calibration/fit', { ...pauses, recorded }, /^pauses\.ts$/],
  ['notebook', { ...display, ...ownTable, ...shownChart, shown, answer: breakEvenAnswer, toyChart }],
  ['report/charts', { ...chartData, ...chartFigures, ...palette, toyChart }],
  ['scenario', { ...heardVariables, ...place, ...scenarioSchema }],
  ['workload/reuse', { ...curveLine, ...prefixReuse, ...reuseCurve, ask }],
  ['importers/usage', { ...instant, ...parquetValues, ...plainDigits, ...rateSeen }, /^(instant|parquetValues|plainDigits|rateSeen)/],
  ['plan', { ...amounts, ...judgement, fit, judge, judgeClaims, loadCatalog, deployment, resentTokens }, /^(fit|judge|claims).*\.ts$/],
];

describe.each(ROOMS)('examples of src/%s', (room, scope, files) => {
  const examples = docExamples(room, files);

  it('there are some', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)('$file: $expression', (example) => {
    checkExample(example, scope);
  });
});

describe('the check of examples', () => {
  it('fails on a wrong result and on none', () => {
    const example = { file: 'x.ts', expression: '1 + 1', result: '3' };
    expect(() => checkExample(example, {})).toThrow();
    expect(() => checkExample({ ...example, result: '' }, {})).toThrow('says what comes out');
  });
});
