import { formatTrend } from '../../cost/cashflow/trendText.ts';
import type { Assumption } from '../../evidence/assumption.ts';
import { formatDistribution } from '../../evidence/distributionText.ts';
import type { Origin } from '../../evidence/term.ts';
import { percent } from '../hosting/hostingWords.ts';
import type { PriceTrend, TimeQuestion } from './timeQuestion.ts';

/** Where the figures about time come from. */
export function timeOrigins(time: TimeQuestion | null): Origin[] {
  return time ? [time.api.source, time.rent.source, time.discountSource, ...(time.tax ? [time.tax.schedule.source] : [])] : [];
}

function trendAssumption(code: string, what: string, { trend, factor, source }: PriceTrend, firstMonth: string): Assumption {
  const doubt =
    factor.kind === 'point'
      ? ''
      : `; the change of a year is taken as ${formatDistribution(factor, (of) => `${Number(((of - 1) * 100).toFixed(2))} %`)}`;
  return { code, text: `${what}: ${formatTrend(trend, firstMonth)}${doubt}.`, source };
}

/** What is assumed about the months to come. */
export function timeAssumptions(time: TimeQuestion | null): Assumption[] {
  if (!time) return [];
  const { firstMonth, months, discount, tax, commitmentMonths } = time;
  return [
    { code: 'plan', text: `Months are planned from ${firstMonth} on, ${months} of them; bills are paid at their end.`, source: 'kplan' },
    trendAssumption('api-trend', 'API prices', time.api, firstMonth),
    trendAssumption('rent-trend', 'Rents and prices of machines', time.rent, firstMonth),
    trendAssumption('demand-trend', 'Demand', time.demand, firstMonth),
    { code: 'discount', text: `Later money counts ${percent(discount)} less a year.`, source: time.discountSource },
    {
      code: 'commitment',
      text:
        commitmentMonths === null
          ? 'Rented instances are bound by their purchase: on demand and spot for a month, reserved ones for a year or three; then renewed at the rent of that month.'
          : `Rented instances are bound for ${commitmentMonths} months, then renewed at the rent of that month`,
      source: commitmentMonths === null ? 'kplan' : 'user',
    },
    ...(tax
      ? [
          {
            code: 'taxes',
            text: `After taxes of ${percent(tax.rate)} on profit, of which there is enough to deduct from; machines are deducted by ${tax.schedule.name}.`,
            source: tax.schedule.source,
          },
        ]
      : []),
  ];
}
