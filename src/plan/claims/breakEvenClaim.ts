import { blendedUsdPerMtok } from '../../cost/apiBill.ts';
import { breakEvenMtok, tokensOver } from '../../cost/volume.ts';
import { HOURS_PER_MONTH } from '../../units/time.ts';
import { formatCount, formatTokens } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { fit } from '../fit/fit.ts';
import { inUsd, mixInWords, times } from './amounts.ts';
import { type Judged, judgementOf } from './judgement.ts';
import { listPrice, mixLeaves, tariffInWords } from './listPrice.ts';
import type { BreakEvenClaim } from './moneyClaim.ts';
import { rentsOf } from './rentClaim.ts';

const HOURS_PER_DAY = 24;
const DAYS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_DAY;

interface PricedMix {
  readonly name: string;
  readonly usdPerMtok: number;
}

/** Whether the machine holds the model with the asked context on some layout, and if not, what binds. */
function holding(
  { gpu, gpus, model, contextTokens }: BreakEvenClaim,
  catalog: Catalog,
): { readonly holds: boolean; readonly words: string } {
  const { results } = fit({ gpu, gpus, model, contextTokens }, catalog);
  const [best] = results;
  const holds = results.some(({ verdict }) => verdict === 'fits' || verdict === 'marginal');
  const context = `${formatCount(contextTokens)} tokens of context`;
  return {
    holds,
    words: holds ? `the machine holds ${context}` : `never on this machine, which does not hold ${context}: ${best?.binding.message}`,
  };
}

function ofVolume(usdPerDay: number, claimed: number, mixes: readonly PricedMix[]): Judged {
  const volumes = mixes.map(({ name, usdPerMtok }) => ({ name, usdPerMtok, tokens: 1e6 * breakEvenMtok(usdPerDay, usdPerMtok) }));
  const words = volumes.map(
    ({ name, usdPerMtok, tokens }) =>
      `${name}: ${inUsd(usdPerDay)} / ${inUsd(usdPerMtok)} USD per Mtok = ${formatTokens(tokens)} tokens a day, ${times(tokens / claimed)} the claim, ${formatCount(tokens / tokensOver(1, HOURS_PER_DAY))} tokens/s around the clock; ${formatTokens(claimed)} tokens a day cost ${inUsd((claimed * usdPerMtok) / 1e6)} USD at the API, ${inUsd((claimed * usdPerMtok * DAYS_PER_MONTH) / 1e6)} a month`,
  );
  return {
    claimed: `${formatTokens(claimed)} tokens a day`,
    computed: `${volumes.map(({ name, tokens }) => `${formatTokens(tokens)} (${name})`).join(', ')} tokens a day`,
    judgement: judgementOf(volumes.map(({ tokens }) => tokens <= claimed)),
    arithmetic: words.join('; '),
  };
}

function ofSpend(usdPerMonth: number, claimed: number, mixes: readonly PricedMix[]): Judged {
  const bought = mixes.map(
    ({ name, usdPerMtok }) => `${formatTokens((1e6 * breakEvenMtok(claimed, usdPerMtok)) / DAYS_PER_MONTH)} tokens a day (${name})`,
  );
  return {
    claimed: `${inUsd(claimed)} USD a month`,
    computed: `${inUsd(usdPerMonth)} USD a month`,
    judgement: judgementOf([usdPerMonth <= claimed]),
    arithmetic: `${inUsd(usdPerMonth)} USD a month is ${times(usdPerMonth / claimed)} the claim; ${inUsd(claimed)} USD a month buy ${bought.join(', ')} at the API`,
  };
}

/**
 * Judges from where on a rented machine is cheaper than the API: `rent / blended price` for a volume, the rent itself for a spend. The
 * machine is taken as never full, at its claimed rent, and without people: the most favourable case for hosting.
 *
 * @param day ISO day whose list prices count
 */
export function judgeBreakEven(check: BreakEvenClaim, catalog: Catalog, day: string): Judged {
  const { model, gpu, gpus, usdPerHour, tokens, claimed } = check;
  const tariff = listPrice(catalog, model, day);
  const mixes = tokens.map((mix) => ({ name: mixInWords(mix), usdPerMtok: blendedUsdPerMtok(tariff, mixLeaves(mix)) }));
  const [hours, judged] =
    'tokensPerDay' in claimed
      ? [HOURS_PER_DAY, ofVolume(usdPerHour * HOURS_PER_DAY, claimed.tokensPerDay, mixes)]
      : [HOURS_PER_MONTH, ofSpend(usdPerHour * HOURS_PER_MONTH, claimed.usdPerMonth, mixes)];
  const { holds, words } = holding(check, catalog);
  const [lowest] = rentsOf(catalog, gpu, day).recent;
  const rent = gpus * (lowest?.usdPerGpuHour ?? Number.NaN);
  const parts = [
    `${inUsd(usdPerHour)} USD/h × ${hours} = ${inUsd(usdPerHour * hours)} USD`,
    judged.arithmetic,
    `list prices ${tariffInWords(tariff)}`,
    ...(lowest ? [`${inUsd(rent)} USD/h, ${gpus} GPUs at their lowest list price, is ${times(rent / usdPerHour)} that rent`] : []),
    words,
  ];
  return { ...judged, judgement: holds ? judged.judgement : 'wrong', arithmetic: parts.join('; ') };
}
