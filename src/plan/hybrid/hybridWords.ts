import { formatUsd } from '../../units/money.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { RefusalLine } from '../hosting/fleets.ts';
import { counted, fleetInWords, percent, tariffInWords, usdInWords } from '../hosting/hostingWords.ts';
import type { SelfHost } from '../hosting/selfHost.ts';
import type { HybridPair } from './hybridAnswer.ts';

/** What the pairs are of. */
interface Sides {
  readonly sides: readonly SelfHost[];
  readonly prices: readonly ApiPrice[];
  readonly refusals: readonly RefusalLine[];
}

/** The answer for one pair: the floor, its cost, what it saves and how sure that is. */
function pairInWords(
  { best, code, usdPerMonth, allApiUsdPerMonth, savingUsdPerMonth, savingShare, probability, allOwn, ...pair }: HybridPair,
  { sides, prices }: Sides,
): string {
  const side = sides.find(({ id }) => id === pair.offer);
  const api = prices.find(({ line }) => line.id === pair.tariff)?.line;
  const fleet = side ? fleetInWords(side) : pair.offer;
  const name = api ? tariffInWords(api, api.model) : pair.tariff;
  const likely = `${percent(probability)} likely that some floor is cheaper than ${name} alone`;
  if (code === 'api')
    return `Buy all from ${name} at ${usdInWords(allApiUsdPerMonth)} a month: no floor of ${fleet} costs less (${likely}).`;
  const rest = code === 'own' ? 'nothing is left to buy' : `${name} takes the rest`;
  const against =
    allOwn.usdPerMonth > best.usdPerMonth
      ? `, and ${formatUsd(allOwn.usdPerMonth - best.usdPerMonth)} against hosting the busiest hour`
      : '';
  return `A floor of ${counted(best.carrying, 'replica')} (${counted(best.instances, 'instance')}) on ${fleet} serves ${percent(best.ownShare)} of the requests and ${rest}: ${usdInWords(usdPerMonth)} a month, which saves ${usdInWords(savingUsdPerMonth)} (${percent(savingShare)}) against ${name} alone${against}; ${likely}.`;
}

/** The answer in words: the cheapest pair, then the other tariffs on the same fleet. */
export function hybridInWords(pairs: readonly HybridPair[], of: Sides): string {
  const [cheapest] = pairs;
  if (!cheapest) return `No floor can be planned: ${of.refusals[0]?.message ?? 'no GPUs were asked for'}.`;
  const others = pairs.filter(({ offer, tariff }) => offer === cheapest.offer && tariff !== cheapest.tariff);
  return [cheapest, ...others].map((pair) => pairInWords(pair, of)).join(' ');
}
