import type { InstanceTerms } from '../../cost/cashflow/instances.ts';
import type { FlowPlan } from '../../cost/cashflow/monthlyFlow.ts';
import type { Trend } from '../../cost/cashflow/trend.ts';
import { type CostCode, counts, type Purchase } from '../../cost/purchase.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import type { Supply } from '../hosting/supply.ts';
import type { Situation } from './situation.ts';
import { type TimeQuestion, withRate } from './timeQuestion.ts';
import type { Values } from './uncertainty.ts';

const MONTHS_PER_YEAR = 12;

/** Months for which a kind of purchase binds. */
const BOUND: Readonly<Record<Exclude<Purchase, 'owned'>, number>> = {
  'on-demand': 1,
  spot: 1,
  reserved: 12,
  'reserved-1y': 12,
  'reserved-3y': 36,
};

/** Paid in another way than month by month for each instance: bought, discounted, or as an overlap with the API. */
const NOT_RUNNING: ReadonlySet<CostCode> = new Set(['rent', 'depreciation', 'cost-of-capital', 'ramp-up']);

/** Machines that are there already and cost nothing more. */
const SUNK: InstanceTerms = { kind: 'rent', usdPerMonth: 0, price: [], commitmentMonths: 1 };

function bought({ inputs }: Supply, { supplied }: Situation, price: Trend): InstanceTerms {
  const at = (name: 'capexUsd' | 'lifeYears' | 'lostShare') => supplied[name] ?? inputs[name]?.value ?? 0;
  return {
    kind: 'buy',
    usd: at('capexUsd'),
    price,
    lifeMonths: Math.max(1, Math.round(at('lifeYears') * MONTHS_PER_YEAR)),
    residualShare: Math.min(1, Math.max(0, 1 - at('lostShare'))),
  };
}

/**
 * The months to come of a pair in a situation: what the API takes, and instances that are rented under contracts or bought and sold, with what
 * they cost beside, moving, and the months in which both are paid.
 *
 * @param values of `apiTrend`, `rentTrend` and `demandTrend`, what a year makes of 1, where they are not in the middle
 */
export function flowPlanOf(
  { supply }: SizedSelfHost,
  situation: Situation,
  { lens }: HostingQuestion,
  time: TimeQuestion,
  values: Values = {},
): FlowPlan {
  const { apiTrend, rentTrend, demandTrend } = values;
  const { lines, stairs, requestsPerMonth, usdPerRequest, oneOffUsd, rampMonths } = situation;
  const { requestsPerReplica, replicasPerStep, instancesPerStep, spareReplicas } = stairs;
  const rent = rentTrend === undefined ? time.rent.trend : withRate(time.rent.trend, rentTrend - 1);
  const { purchase } = supply;
  const usdPerMonth = lines.find(({ code }) => code === 'rent')?.usdPerMonth ?? 0;
  const instances: InstanceTerms =
    purchase === 'owned'
      ? lens === 'incremental'
        ? SUNK
        : bought(supply, situation, rent)
      : { kind: 'rent', usdPerMonth, price: rent, commitmentMonths: time.commitmentMonths ?? BOUND[purchase] };
  return {
    months: time.months,
    requestsPerMonth,
    demand: demandTrend === undefined ? time.demand.trend : withRate(time.demand.trend, demandTrend - 1),
    api: { usdPerRequest, price: apiTrend === undefined ? time.api.trend : withRate(time.api.trend, apiTrend - 1) },
    host: {
      fleet: { requestsPerReplica, replicasPerStep, instancesPerStep, spareReplicas },
      instances,
      runningUsdPerMonth: lines.reduce(
        (sum, { code, usdPerMonth }) => (!NOT_RUNNING.has(code) && counts(code, lens) ? sum + usdPerMonth : sum),
        0,
      ),
      oneOffUsd,
      overlapMonths: lens === 'incremental' ? 0 : Math.round(rampMonths),
    },
  };
}
