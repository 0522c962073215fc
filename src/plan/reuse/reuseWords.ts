import type { Estimate } from '../../evidence/estimate.ts';
import { formatDerivedPrice } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { dependsOnRate } from '../../workload/loadPoint.ts';
import { counted, PAID_FOR, percent, replicaInWords } from '../hosting/hostingWords.ts';
import { isSized, plannedPerSecond, type SelfHost } from '../hosting/selfHost.ts';
import type { KvWay } from './reuseAnswer.ts';
import type { ReuseQuestion } from './reuseQuestion.ts';

/** The options of a way as they are typed. */
export function wayFlags({ change }: Pick<KvWay, 'change'>): string {
  return Object.entries(change)
    .map(([flag, value]) => `--${flag} ${value}`)
    .join(' ');
}

function usd({ usdPerMtok }: KvWay): number {
  return usdPerMtok?.value ?? Number.MAX_VALUE;
}

function priceInWords({ low, value, high }: Estimate): string {
  return `${formatDerivedPrice(value)} (${formatDerivedPrice(low)} to ${formatDerivedPrice(high)})`;
}

/** Whether the knee is reached, or by which way with the fewest options. */
function reachInWords(now: KvWay, others: readonly KvWay[]): string {
  if (now.reachesKnee) return 'which it passes';
  const options = ({ change }: KvWay) => Object.keys(change).length;
  const [least] = others.filter(({ reachesKnee }) => reachesKnee).sort((a, b) => options(a) - options(b) || usd(a) - usd(b));
  return least ? `which ${wayFlags(least)} reaches` : 'which no way to hold the KV cache on these GPUs reaches';
}

/** What the cheapest other way would change, or why there is none. */
function bestInWords(now: KvWay, others: readonly KvWay[]): string {
  const [best] = [...others].sort((a, b) => usd(a) - usd(b));
  if (!best) return 'How the KV cache is held leaves nothing open to try.';
  if (!now.usdPerMtok && !best.usdPerMtok) return 'Nothing can be said of its speed at this load, and so of what a token costs.';
  if (!best.usdPerMtok || usd(best) >= usd(now)) return 'No other way to hold the KV cache on these GPUs costs less a token.';
  const instead = now.usdPerMtok ? ` instead of ${priceInWords(now.usdPerMtok)}` : '';
  return `On these GPUs ${wayFlags(best)} costs least: ${formatTokens(best.kvTokens.value)} KV tokens find ${percent(best.reuse.value)}, and a million tokens cost ${priceInWords(best.usdPerMtok)}${instead}.`;
}

function rounded(perSecond: number): number {
  return Number(perSecond.toPrecision(3));
}

/**
 * Where the knee is.
 *
 * @param held KV tokens that a replica of the fleet must hold for each one of the curve
 */
function kneeInWords(held: number, { workload, knee }: ReuseQuestion): string {
  const behind = workload.reuseCurveRequestsPerSecond;
  const there =
    held === 1 || behind === null ? '' : `, ${formatTokens(knee.kvTokens)} at the ${rounded(behind)} requests/s behind the curve`;
  return `the knee, beyond which a doubling finds less than 2 points more, is at ${formatTokens(knee.kvTokens * held)} tokens (${percent(knee.reuse)}${there})`;
}

/** The answer in two sentences: what a replica holds and finds and where the knee is, and which way costs least. */
export function reuseInWords(side: SelfHost | undefined, ways: readonly KvWay[], question: ReuseQuestion): string {
  const { workload } = question;
  const [now, ...others] = ways.filter(({ fleet }) => fleet === side?.id);
  if (!side || !now) return `No replica can be planned on the GPUs that were asked for; for ${workload.id} ${kneeInWords(1, question)}.`;
  const { low, value, high } = now.reuse;
  const band = low < high ? ` (${percent(low)} to ${percent(high)})` : '';
  const split = now.kvCaches > 1 ? ` in ${counted(now.kvCaches, 'KV cache')}` : '';
  const holds = `One replica of ${replicaInWords(side)}${PAID_FOR[side.supply.purchase]} holds ${formatTokens(now.kvTokens.value)} KV tokens${split}`;
  const rate =
    dependsOnRate(question.hosting.demand) && isSized(side)
      ? ` at the ${rounded(plannedPerSecond(side, question.hosting))} requests/s that it is planned for`
      : '';
  const knee = kneeInWords(now.kvTokens.value / now.curveTokens, question);
  return `${holds} and finds ${percent(value)}${band} of the input of ${workload.id}${rate}; ${knee}, ${reachInWords(now, others)}. ${bestInWords(now, others)}`;
}
