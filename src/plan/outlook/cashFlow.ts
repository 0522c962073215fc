import { afterTax } from '../../cost/cashflow/afterTax.ts';
import { compareFlows } from '../../cost/cashflow/flowComparison.ts';
import { apiFlow, closedFlow, type FlowPlan, flowSeries, hostFlow, type MonthlyFlow } from '../../cost/cashflow/monthlyFlow.ts';
import { monthlyRate, netPresentValue, yearlyRate } from '../../cost/cashflow/netPresentValue.ts';
import { trendFactor } from '../../cost/cashflow/trend.ts';
import { formatTrend } from '../../cost/cashflow/trendText.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import type { SizedSelfHost } from '../hosting/selfHost.ts';
import type { CashFlow, CashFlowRow, CashFlowTerms } from './cashFlowAnswer.ts';
import { flowPlanOf } from './flowPlan.ts';
import type { Situation } from './situation.ts';
import type { TimeQuestion } from './timeQuestion.ts';

const MONTHS_PER_YEAR = 12;

/** After taxes where they are asked. */
function taxed(flow: MonthlyFlow, { tax }: TimeQuestion): MonthlyFlow {
  return tax ? afterTax(flow, tax.schedule, tax.rate) : flow;
}

/** The flows of all ways to go: hosting now, the API, hosting after each of the waits. */
function flowsOf(plan: FlowPlan, time: TimeQuestion): MonthlyFlow[] {
  const series = flowSeries(plan);
  const ways = [hostFlow(plan, 0, series), apiFlow(plan, series), ...time.waits.map((months) => hostFlow(plan, months, series))];
  return ways.map((flow) => taxed(flow, time));
}

/** What each way to go costs in money of today: hosting now, the API, hosting after each of the waits. */
export function presentCosts(plan: FlowPlan, time: TimeQuestion): number[] {
  const rate = monthlyRate(time.discount);
  return flowsOf(plan, time).map((flow) => netPresentValue(closedFlow(flow), rate));
}

/** The ways to go that a plan tells apart, in the order of `presentCosts`. */
export function optionNames({ waits }: TimeQuestion): string[] {
  return ['host', 'api', ...waits.map((months) => `wait-${months}`)];
}

/** A month of the calendar, some months after another. */
export function monthAt(firstMonth: string, later: number): string {
  const [year = 0, month = 0] = firstMonth.split('-').map(Number);
  const count = year * MONTHS_PER_YEAR + month - 1 + later;
  return `${String(Math.floor(count / MONTHS_PER_YEAR)).padStart(4, '0')}-${String((count % MONTHS_PER_YEAR) + 1).padStart(2, '0')}`;
}

/**
 * Hosting against an API month by month at middle values: what each pays, what is saved so far, present value, internal rates, payback, and what
 * waiting or staying would cost.
 *
 * @param situation of the pair in the middle
 */
export function cashFlowOf(
  side: SizedSelfHost,
  api: ApiPrice,
  situation: Situation,
  question: HostingQuestion,
  time: TimeQuestion,
): CashFlow {
  const plan = flowPlanOf(side, situation, question, time);
  const [host, bought] = flowsOf(plan, time) as [MonthlyFlow, MonthlyFlow];
  const compared = compareFlows(host, bought, time.discount);
  const perRequest = tokensPerRequest(question.demand);
  const rows = host.usd.map((hostUsd, place): CashFlowRow => {
    const apiUsd = bought.usd[place] ?? 0;
    return {
      month: place === 0 ? null : monthAt(time.firstMonth, place - 1),
      tokens: place === 0 ? 0 : plan.requestsPerMonth * trendFactor(plan.demand, place - 1) * perRequest,
      instances: host.instances[place - 1] ?? 0,
      apiUsd,
      hostUsd,
      savedUsd: apiUsd - hostUsd,
      cumulativeUsd: compared.cumulativeUsd[place] ?? 0,
    };
  });
  const presents = presentCosts(plan, time);
  const least = Math.min(...presents);
  const total = (flow: MonthlyFlow) => closedFlow(flow).reduce((sum, usd) => sum + usd, 0);
  const { internal } = compared;
  return {
    tariff: api.line.id,
    offer: side.id,
    rows,
    endUsd: host.endUsd,
    committedUsd: host.committedUsd,
    totalApiUsd: total(bought),
    totalHostUsd: total(host),
    savedPresentUsd: compared.netPresentValueUsd,
    internalRate: {
      code: internal?.code ?? 'none',
      perYear: internal?.rates.map(({ ratePerPeriod }) => yearlyRate(ratePerPeriod)) ?? [],
    },
    payback: compared.payback,
    options: optionNames(time).map((option, index) => {
      const presentUsd = presents[index] ?? 0;
      return { option, presentUsd, regretUsd: presentUsd - least };
    }),
    plan,
  };
}

/** What holds for all cash flows of an answer. */
export function cashFlowTerms({ months, firstMonth, api, rent, demand, discount, tax }: TimeQuestion): CashFlowTerms {
  const text = (trend: FlowPlan['demand']) => formatTrend(trend, firstMonth);
  return {
    months,
    firstMonth,
    apiTrend: text(api.trend),
    rentTrend: text(rent.trend),
    demandTrend: text(demand.trend),
    discount,
    tax: tax && { schedule: tax.schedule.id, shares: tax.schedule.shares, rate: tax.rate },
  };
}
