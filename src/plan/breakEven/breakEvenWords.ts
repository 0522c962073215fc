import { fleetUsd } from '../../cost/fleet.ts';
import { exactly } from '../../evidence/estimate.ts';
import { formatUsd } from '../../units/money.ts';
import { formatContext, formatTokens } from '../../units/tokens.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { fleetInWords, percent, tariffInWords, usdInWords } from '../hosting/hostingWords.ts';
import type { Refusal, SelfHost } from '../hosting/selfHost.ts';
import type { CashFlow } from '../outlook/cashFlowAnswer.ts';
import { sureness } from '../outlook/outlookWords.ts';
import type { Sensitivity } from '../outlook/sensitivityAnswer.ts';
import type { BoundedBand, MonthlyRow } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';

function bandInWords({ low, high }: BoundedBand): string {
  return `${low === null ? 'never' : formatTokens(low)} to ${high === null ? 'never' : formatTokens(high)}`;
}

/** One comparison as the rest of a sentence that has named the fleet and the tariff. */
function outcome({ verdict, crossings, costs, stairs }: Comparison): string {
  const [first] = crossings;
  if (verdict.code === 'always') return 'at every volume';
  const likely = percent(verdict.probability ?? 0);
  if (verdict.code === 'open') return `probably not (${likely} likely, from some volume on)`;
  if (!first) return verdict.probability === 0 ? 'never' : 'hardly ever (under 10 % likely)';
  const instances = first.instances === 1 ? 'one instance' : `${first.instances} instances`;
  const usd = formatUsd(fleetUsd(first.instances, stairs));
  const last = crossings.at(-1);
  const forGood =
    costs.count > 1 && last ? `, for good from ${formatTokens(last.tokensPerMonth.value ?? 0)} (${bandInWords(last.tokensPerMonth)})` : '';
  return `from ${formatTokens(first.tokensPerMonth.value ?? 0)} tokens a month (${bandInWords(first.tokensPerMonth)}; ${likely} likely to break even at all), ${percent(first.utilisation)} of ${instances} at ${usd} a month${forGood}`;
}

/** The sentence about the best fleet against each API price. */
function answerFor(comparisons: readonly Comparison[], model: string): string {
  const [first, ...others] = comparisons;
  if (!first) return '';
  const owned = (first.side.supply.rent?.usdPerGpuHour.basis ?? 'assumed') === 'assumed' ? ', at an assumed price,' : '';
  const rest = others.map((comparison) => `; than ${tariffInWords(comparison.api.line, model)}: ${outcome(comparison)}`).join('');
  const subject = `Hosting ${model} on ${fleetInWords(first.side)}${owned} is`;
  const against = tariffInWords(first.api.line, model);
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
function atVolume(monthly: readonly MonthlyRow[], side: SelfHost, prices: readonly ApiPrice[], model: string): string {
  const row = monthly.find(({ offer }) => offer === side.id);
  if (!row) return '';
  const usdOf = ({ line }: ApiPrice) => row.apiUsd[line.id] ?? exactly(0);
  const apis = prices.map((price) => `${tariffInWords(price.line, model)} ${usdInWords(usdOf(price))}`).join(', ');
  const cheaper = prices.some((price) => usdOf(price).value < row.selfHostUsd.value) ? 'an API is cheaper' : 'own GPUs are cheaper';
  return `At ${formatTokens(row.tokensPerMonth)} tokens a month own GPUs cost ${usdInWords(row.selfHostUsd)}, ${apis}: ${cheaper}. `;
}

/**
 * The answer in one sentence: the best fleet against each API price.
 *
 * @param comparisons of all sized fleets, best first, by fleet and then by API price
 */
export function answerInWords(
  comparisons: readonly Comparison[],
  sides: readonly SelfHost[],
  refusals: readonly Refusal[],
  question: HostingQuestion,
  monthly: readonly MonthlyRow[],
): string {
  const model = question.fit.base.model.id;
  if (question.volume.requestsPerMonth === 0) return `At 0 tokens a month the API costs nothing, so hosting ${model} has no break-even.`;
  const best = comparisons[0];
  if (best) {
    const types = new Set([...sides, ...refusals].map(({ gpu }) => gpu)).size;
    const known = new Set(comparisons.map(({ side }) => side)).size;
    const among =
      types > 1 ? ` Best of ${known} ${known === 1 ? 'fleet' : 'fleets'} with a known throughput; ${types} GPU types asked.` : '';
    const own = comparisons.filter(({ side }) => side === best.side);
    const prices = own.map(({ api }) => api);
    const volume = question.volume.requestsPerMonth === null ? '' : atVolume(monthly, best.side, prices, model);
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

/** How sure the answer is, for the best fleet against each API price. */
export function surenessInWords(
  sensitivity: readonly Sensitivity[],
  cashFlows: readonly CashFlow[],
  prices: readonly ApiPrice[],
  question: HostingQuestion,
): string {
  const model = question.fit.base.model.id;
  const [best] = sensitivity;
  const of = sensitivity.filter(({ offer }) => offer === best?.offer);
  const months = cashFlows[0]?.plan.months ?? null;
  const bound = cashFlows.find(({ offer }) => offer === best?.offer)?.committedUsd ?? 0;
  const said = of.flatMap((one) => {
    const line = prices.find((price) => price.line.id === one.tariff)?.line;
    return line ? [` Against ${tariffInWords(line, model)} ${sureness(one, months)}.`] : [];
  });
  return `${said.join('')}${bound > 0 ? ` ${formatUsd(bound)} stay bound by contracts beyond the plan and are in no sum.` : ''}`;
}
