import { through } from '../../evidence/estimate.ts';
import { type Term, TermSheet } from '../../evidence/term.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { SECONDS_PER_HOUR } from '../../units/time.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import type { Baseline } from './baselines.ts';
import type { MonthlyRow } from './breakEvenAnswer.ts';
import type { BreakEvenQuestion } from './breakEvenQuestion.ts';
import { capacityTerms, modelTerms } from './capacityTerms.ts';
import type { Comparison } from './comparison.ts';
import { comparisonTerms } from './crossingTerms.ts';
import { isSized, requestsPerMonth, type SelfHost, type SizedSelfHost, stairsOf } from './selfHost.ts';

function demandTerms(sheet: TermSheet, { demand, hoursPerMonth, maxLoad, tokensPerMonth }: BreakEvenQuestion): void {
  const source = demand.workload?.source ?? 'user';
  const origin = (asked: boolean) => (asked ? 'user' : source);
  sheet
    .input('inputTokens', 'input of one request, reused or not', 'token/request', demand.inputTokens, origin(demand.asked.inputTokens))
    .input('outputTokens', 'output of one request', 'token/request', demand.outputTokens, origin(demand.asked.outputTokens))
    .formula('tokensPerRequest', 'tokens of one request', 'token/request', tokensPerRequest(demand), 'inputTokens + outputTokens')
    .input(
      'apiReuse',
      'share of the input that the API finds in its KV cache',
      '',
      apiReuse(demand),
      demand.askedReuse === null ? source : 'user',
    )
    .input('tokensPerMtok', 'tokens in a million', 'token/Mtoken', 1e6, 'kplan')
    .input('secondsPerHour', 'seconds in an hour', 's/hour', SECONDS_PER_HOUR, 'kplan')
    .input('hoursPerMonth', 'hours in a month', 'hour/month', hoursPerMonth, 'kplan')
    .input('maxLoad', 'share of the capacity that is planned', '', maxLoad, 'kplan');
  if (tokensPerMonth !== null) sheet.input('tokensPerMonth', 'volume asked', 'token/month', tokensPerMonth, 'user');
}

function tariffTerms(sheet: TermSheet, { key: t, line }: Baseline): void {
  sheet
    .input(`${t}_inputPrice`, `${line.id}: input`, 'USD/Mtoken', line.inputUsdPerMtok, line.source)
    .input(`${t}_cacheReadPrice`, `${line.id}: cache read`, 'USD/Mtoken', line.cacheReadUsdPerMtok, line.source)
    .input(`${t}_outputPrice`, `${line.id}: output`, 'USD/Mtoken', line.outputUsdPerMtok, line.source)
    .formula(
      `${t}_usdPerRequest`,
      `${line.id}: one request`,
      'USD/request',
      line.usdPerRequest,
      `(inputTokens * (1 - apiReuse) * ${t}_inputPrice + inputTokens * apiReuse * ${t}_cacheReadPrice + outputTokens * ${t}_outputPrice) / tokensPerMtok`,
    )
    .formula(
      `${t}_usdPerMtok`,
      `${line.id}: a million tokens of this mix`,
      'USD/Mtoken',
      line.usdPerMtok,
      `${t}_usdPerRequest / tokensPerRequest * tokensPerMtok`,
    );
}

function priceTerms(sheet: TermSheet, { key: k, offer }: SelfHost, { hoursPerMonth }: BreakEvenQuestion): void {
  if (offer.offers.length === 1) sheet.input(`${k}_usdPerGpuHour`, offer.method, 'USD/GPU/hour', offer.usdPerGpuHour, offer.source);
  else sheet.lookup(`${k}_usdPerGpuHour`, 'price of a GPU', 'USD/GPU/hour', offer.usdPerGpuHour, offer.method, offer.source);
  sheet.input(`${k}_gpusPerInstance`, 'GPUs of an instance', 'GPU/instance', offer.gpusPerInstance, offer.source).formula(
    `${k}_usdPerInstanceMonth`,
    'an instance, all hours of a month',
    'USD/instance/month',
    through(offer.usdPerGpuHour, (usd) => usd * offer.gpusPerInstance * hoursPerMonth),
    `${k}_usdPerGpuHour * ${k}_gpusPerInstance * hoursPerMonth`,
  );
}

function stairTerms(sheet: TermSheet, side: SizedSelfHost, question: BreakEvenQuestion): void {
  const { key: k, packing, load } = side;
  const { requestsPerSecond } = side.capacity;
  const tokens = tokensPerRequest(load);
  const stairs = stairsOf(side, question, side.offer.usdPerGpuHour.value, requestsPerSecond.value);
  sheet
    .formula(
      `${k}_requestsPerMonth`,
      'requests of one replica in a month',
      'request/month',
      through(requestsPerSecond, (requests) => requestsPerMonth(requests, question)),
      `${k}_requestsPerSecond * secondsPerHour * hoursPerMonth`,
    )
    .formula(
      `${k}_tokensPerMonth`,
      'tokens of one replica in a month',
      'token/month',
      through(requestsPerSecond, (requests) => requestsPerMonth(requests, question) * tokens),
      `${k}_requestsPerMonth * tokensPerRequest`,
    )
    .formula(
      `${k}_replicasPerInstance`,
      'replicas on an instance',
      '',
      packing.replicasPerInstance,
      `max(1, floor(${k}_gpusPerInstance * (1 instance) / ${k}_gpusPerReplica))`,
    )
    .formula(
      `${k}_instancesPerReplica`,
      'instances of a replica',
      'instance',
      packing.instancesPerReplica,
      `ceil(${k}_gpusPerReplica / ${k}_gpusPerInstance, instance)`,
    )
    .formula(
      `${k}_requestsPerStep`,
      'requests that one step of instances carries',
      'request/month',
      stairs.requestsPerStep,
      `${k}_requestsPerMonth * maxLoad * ${k}_replicasPerInstance`,
    )
    .formula(
      `${k}_usdPerStep`,
      'cost of one step of instances',
      'USD/month',
      stairs.usdPerStep,
      `${k}_usdPerInstanceMonth * ${k}_instancesPerReplica`,
    );
}

function volumeFormula(row: MonthlyRow, comparisons: readonly Comparison[], requestsPerStep: number, k: string, asked: boolean): string {
  if (asked) return 'tokensPerMonth / tokensPerRequest';
  const crossing = comparisons
    .flatMap(({ crossings }) => crossings)
    .find(({ requestsPerMonth: requests }) => requests === row.requestsPerMonth);
  return crossing ? crossing.id : `${row.requestsPerMonth / requestsPerStep} * ${k}_requestsPerStep`;
}

function monthlyTerms(
  sheet: TermSheet,
  row: MonthlyRow,
  side: SizedSelfHost,
  comparisons: readonly Comparison[],
  prices: readonly Baseline[],
  question: BreakEvenQuestion,
): void {
  const { id } = row;
  const { key: k } = side;
  const stairs = stairsOf(side, question, side.offer.usdPerGpuHour.value, side.capacity.requestsPerSecond.value);
  const formula = volumeFormula(row, comparisons, stairs.requestsPerStep, k, question.tokensPerMonth !== null);
  sheet
    .formula(`${id}_requests`, 'requests in the month', 'request/month', row.requestsPerMonth, formula)
    .formula(
      `${id}_instances`,
      'instances that carry them',
      'instance',
      row.instances,
      `ceil(${id}_requests / ${k}_requestsPerStep) * ${k}_instancesPerReplica`,
    )
    .formula(
      id,
      'self-hosting',
      'USD/month',
      (row.instances / stairs.instancesPerStep) * stairs.usdPerStep,
      `${id}_instances * ${k}_usdPerInstanceMonth`,
    );
  for (const { key: t, line } of prices) {
    sheet.formula(
      `${id}_${t}`,
      `the API, ${line.id}`,
      'USD/month',
      row.requestsPerMonth * line.usdPerRequest,
      `${id}_requests * ${t}_usdPerRequest`,
    );
  }
}

/**
 * The derivation of an answer, in the order in which it is reasoned: the request, the API prices, then per fleet its price, capacity,
 * staircase, crossings and monthly rows.
 */
export function breakEvenTerms(
  question: BreakEvenQuestion,
  sides: readonly SelfHost[],
  prices: readonly Baseline[],
  comparisons: readonly Comparison[],
  monthly: readonly MonthlyRow[],
): readonly Term[] {
  const sheet = new TermSheet();
  demandTerms(sheet, question);
  for (const price of prices) tariffTerms(sheet, price);
  if (sides.some(({ capacity }) => capacity.kind === 'modelled')) modelTerms(sheet, question);
  for (const side of sides) {
    const overhead = side.judged.memory?.overheadSource ?? '';
    priceTerms(sheet, side, question);
    sheet
      .lookup(
        `${side.key}_kvTokens`,
        'tokens that the KV cache of one replica holds',
        'token',
        side.judged.memory?.kvTokens ?? 0,
        'memory plan, as in `kplan fit`',
        overhead,
      )
      .lookup(
        `${side.key}_reuse`,
        'share of the input that such a KV cache finds',
        '',
        side.reuse,
        'reuse curve of the workload, at the KV tokens',
        question.demand.askedReuse === null ? (question.demand.workload?.source ?? 'user') : 'user',
      );
    if (!isSized(side)) continue;
    const own = comparisons.filter((comparison) => comparison.side === side);
    capacityTerms(sheet, side);
    stairTerms(sheet, side, question);
    for (const pair of own) comparisonTerms(sheet, pair);
    for (const row of monthly.filter(({ offer }) => offer === side.id)) monthlyTerms(sheet, row, side, own, prices, question);
  }
  return sheet.terms;
}
