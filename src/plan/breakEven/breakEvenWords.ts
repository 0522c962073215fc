import type { Assumption } from '../../evidence/assumption.ts';
import type { SourceId } from '../../evidence/source.ts';
import { layoutName } from '../../layout/layout.ts';
import { formatUsd } from '../../units/money.ts';
import { formatContext, formatCount, formatTokens } from '../../units/tokens.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import type { Baseline } from './baselines.ts';
import type { BoundedBand, MonthlyRow } from './breakEvenAnswer.ts';
import type { BreakEvenQuery, BreakEvenQuestion } from './breakEvenQuestion.ts';
import type { Comparison } from './comparison.ts';
import type { Refusal, SelfHost } from './selfHost.ts';

/** `8×H200 (TP8, vLLM 0.25.0)`. */
function fleetInWords({ judged, gpusPerReplica, gpu }: SelfHost): string {
  const { layout, release } = judged.deployment;
  return `${gpusPerReplica}×${gpu.name} (${layoutName(layout)}, ${release.engine.name} ${release.version})`;
}

function tariffInWords({ line }: Baseline): string {
  if (line.role === 'list') return `${line.provider}'s list price`;
  return line.role === 'cheapest-host' ? `the cheapest host (${line.provider})` : `${line.provider}'s price`;
}

function bandInWords({ low, high }: BoundedBand): string {
  return `${low === null ? 'never' : formatTokens(low)} to ${high === null ? 'never' : formatTokens(high)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** One comparison as the rest of a sentence that has named the fleet and the tariff. */
function outcome({ verdict, crossings, costs, stairs }: Comparison): string {
  const [first] = crossings;
  if (verdict.code === 'always') return 'at every volume';
  const likely = percent(verdict.probability ?? 0);
  if (verdict.code === 'open') return `probably not (${likely} likely, from some volume on)`;
  if (!first) return verdict.probability === 0 ? 'never' : 'hardly ever (under 10 % likely)';
  const instances = first.instances === 1 ? 'one instance' : `${first.instances} instances`;
  const usd = formatUsd((first.instances / stairs.instancesPerStep) * stairs.usdPerStep);
  const last = crossings.at(-1);
  const forGood =
    costs.count > 1 && last ? `, for good from ${formatTokens(last.tokensPerMonth.value ?? 0)} (${bandInWords(last.tokensPerMonth)})` : '';
  return `from ${formatTokens(first.tokensPerMonth.value ?? 0)} tokens a month (${bandInWords(first.tokensPerMonth)}; ${likely} likely to break even at all), ${percent(first.utilisation)} of ${instances} at ${usd} a month${forGood}`;
}

/** The sentence about the best fleet against each API price. */
function answerFor(comparisons: readonly Comparison[], model: string): string {
  const [first, ...others] = comparisons;
  if (!first) return '';
  const owned = first.side.offer.usdPerGpuHour.basis === 'assumed' ? ', at an assumed price,' : '';
  const rest = others.map((comparison) => `; than ${tariffInWords(comparison.baseline)}: ${outcome(comparison)}`).join('');
  const subject = `Hosting ${model} on ${fleetInWords(first.side)}${owned} is`;
  const against = tariffInWords(first.baseline);
  const likely = percent(first.verdict.probability ?? 0);
  if (first.verdict.code === 'open')
    return `${subject} probably not cheaper than ${against} (${likely} likely to be, from some volume on)${rest}.`;
  if (first.verdict.code === 'never') {
    const rarely = first.verdict.probability === 0 ? 'never cheaper' : 'hardly ever cheaper';
    return `${subject} ${rarely} than ${against}${rest}.`;
  }
  return `${subject} cheaper than ${against} ${outcome(first)}${rest}.`;
}

/** Both sides at the volume that was asked for. */
function atVolume(monthly: readonly MonthlyRow[], side: SelfHost, prices: readonly Baseline[]): string {
  const row = monthly.find(({ offer }) => offer === side.id);
  if (!row) return '';
  const { low, value, high } = row.selfHostUsd;
  const apis = prices.map((price) => `${tariffInWords(price)} ${formatUsd(row.apiUsd[price.line.id] ?? 0)}`).join(', ');
  const cheaper = prices.some(({ line }) => (row.apiUsd[line.id] ?? 0) < value) ? 'an API is cheaper' : 'own GPUs are cheaper';
  return `At ${formatTokens(row.tokensPerMonth)} tokens a month own GPUs cost ${formatUsd(value)} (${formatUsd(low)} to ${formatUsd(high)}), ${apis}: ${cheaper}. `;
}

/**
 * The answer in one sentence: the best fleet against each API price.
 *
 * @param comparisons of all sized fleets, best first, by fleet and then by baseline
 */
export function answerInWords(
  comparisons: readonly Comparison[],
  sides: readonly SelfHost[],
  refusals: readonly Refusal[],
  question: BreakEvenQuestion,
  monthly: readonly MonthlyRow[],
): string {
  const model = question.fit.base.model.id;
  if (question.tokensPerMonth === 0) return `At 0 tokens a month the API costs nothing, so hosting ${model} has no break-even.`;
  const best = comparisons[0];
  if (best) {
    const types = new Set([...sides, ...refusals].map(({ gpu }) => gpu)).size;
    const known = new Set(comparisons.map(({ side }) => side)).size;
    const among =
      types > 1 ? ` Best of ${known} ${known === 1 ? 'fleet' : 'fleets'} with a known throughput; ${types} GPU types asked.` : '';
    const own = comparisons.filter(({ side }) => side === best.side);
    const prices = own.map(({ baseline }) => baseline);
    const volume = question.tokensPerMonth === null ? '' : atVolume(monthly, best.side, prices);
    return `${volume}${answerFor(own, model)}${among}`;
  }
  const [side] = sides;
  if (side?.capacity.kind === 'no-measurement') {
    return `No break-even for ${model} on ${fleetInWords(side)}: ${side.capacity.reason}. State --tokens-per-second to plan without.`;
  }
  if (side) return `No API price of ${model} is known on ${question.asOf}, so there is nothing to break even with.`;
  const [refusal] = refusals;
  if (refusal?.code === 'does-not-fit')
    return `${model} does not fit on ${refusal.gpus === undefined ? `up to four nodes of ${refusal.gpu.name}` : `${refusal.gpus} × ${refusal.gpu.name}`} with a context of ${formatContext(question.contextTokens)}: ${refusal.message}.`;
  return `No break-even for ${model}: ${refusal?.message ?? 'nothing to compare'}.`;
}

const COUNTED: readonly [code: string, text: string][] = [
  ['counted-idle', 'Counted: idle hours; instances are paid around the clock.'],
  ['counted-whole-instances', 'Counted: whole instances; the self-host cost is a staircase.'],
  ['counted-reuse', 'Counted: prefix reuse on both sides, at the cache-read price on the API and as saved prefill on the GPUs.'],
  [
    'not-counted-thinking',
    'Not counted: more output than the workload states; this model always thinks, and presets come from the traffic of other models.',
  ],
  ['not-counted-staff', 'Not counted: engineers and on-call staff.'],
  ['not-counted-storage', 'Not counted: storage, egress, taxes and currency.'],
  ['not-counted-spare', 'Not counted: a spare instance (N+1) and ramp-up months.'],
  ['not-counted-bursts', 'Not counted: bursts and latency targets; load is spread evenly over the month.'],
  ['not-counted-retries', 'Not counted: failed and repeated requests, and price changes after today.'],
];

/** Everything that the answer takes for granted. */
export function assumptionsOf(
  query: BreakEvenQuery,
  question: BreakEvenQuestion,
  sides: readonly SelfHost[],
  prices: readonly Baseline[],
): Assumption[] {
  const { demand, fit } = question;
  const said = (asked: unknown): 'user' | 'kplan' => (asked === undefined ? 'kplan' : 'user');
  const list: Assumption[] = [];
  const add = (code: string, text: string, source: SourceId) => list.push({ code, text, source });
  add('model', `Model ${fit.base.model.id} in ${fit.base.checkpoint.format}.`, said(query.model ?? query.format));
  add(
    'as-of',
    `Prices and measurements as known on ${question.asOf}; specifications of models, GPUs and engines are not dated back.`,
    said(query.asOf),
  );
  add(
    'workload',
    `Per request ${formatCount(demand.inputTokens)} input${demand.asked.inputTokens ? ' (as asked)' : ''} and ${formatCount(demand.outputTokens)} output tokens${demand.asked.outputTokens ? ' (as asked)' : ''}${demand.workload ? `: ${demand.workload.name}. ${demand.workload.note}` : '.'}`,
    demand.workload?.source ?? 'user',
  );
  add(
    'api-reuse',
    `The API finds ${(apiReuse(demand) * 100).toFixed(1)} % of the input in its KV cache${demand.askedReuse === null ? ', the share of an endless one' : ''}.`,
    demand.askedReuse === null ? (demand.workload?.source ?? 'kplan') : said(query.reuse),
  );
  add(
    'context',
    `A replica must hold one sequence of ${formatContext(question.contextTokens)} tokens even at high overhead${query.contextTokens === undefined ? ' (the mean request, at least 32k)' : ''}.`,
    said(query.contextTokens),
  );
  add('hours', `${question.hoursPerMonth} hours in a month.`, said(query.hoursPerMonth));
  add('max-load', `Replicas are planned to ${Math.round(question.maxLoad * 100)} % of their capacity.`, said(query.maxLoad));
  for (const side of sides) {
    const { capacity, offer } = side;
    add(
      `replica-${side.key}`,
      `One replica is ${fleetInWords(side)}: ${formatCount(side.kvTokens)} KV tokens, which find ${(side.reuse.value * 100).toFixed(1)} % of the input${side.reuse.low === side.reuse.high ? '' : ` (${percent(side.reuse.low)} to ${percent(side.reuse.high)})`}.`,
      said(query.tp ?? query.gpus),
    );
    add(`price-${side.key}`, `Price of ${side.gpu.name}: ${offer.method}.`, offer.source);
    add(
      `capacity-${side.key}`,
      `Capacity of ${side.gpu.name}: ${capacity.kind === 'no-measurement' ? capacity.reason : capacity.method}.`,
      capacity.kind === 'no-measurement' ? 'kplan' : capacity.source,
    );
  }
  const both = prices.length === 1 && prices[0]?.line.role === 'list';
  if (both)
    add('one-baseline', 'No standard host with a price of at most 180 days undercuts the list price, so there is one API price.', 'kplan');
  for (const { line, tariff } of prices) {
    const published = tariff.cacheReadUsdPerMtok === null ? ' (no cache-read price published: that of input)' : '';
    add(
      `tariff-${line.role}`,
      `${tariffInWords({ key: '', tariff, line })}: ${line.inputUsdPerMtok} input, ${line.cacheReadUsdPerMtok} cache read${published}, ${line.outputUsdPerMtok} output USD per million tokens, ${line.date}.`,
      line.source,
    );
  }
  for (const [code, text] of COUNTED) add(code, text, 'kplan');
  return list;
}
