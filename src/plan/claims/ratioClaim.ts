import { usdPerRequest } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import type { Catalog } from '../catalog.ts';
import { inUsd, listed, mixInWords, times } from './amounts.ts';
import { type Judged, judgementOf } from './judgement.ts';
import { listPrice, mixLeaves, restated, tariffInWords } from './listPrice.ts';
import type { ClaimedRange, ComparedMix, RatioClaim } from './moneyClaim.ts';

/** Prices are compared as they are written, not to the last bit. */
const ROUNDING = 1e-9;

interface Comparison {
  readonly model: string;
  readonly mix: ComparedMix;
  readonly ratio: number;
  readonly agrees: boolean;
  readonly words: string;
}

function compare(model: string, mix: ComparedMix, dear: Tariff, cheap: Tariff, { low, high }: ClaimedRange): Comparison {
  const { outputRatio = 1 } = mix;
  const one = usdPerRequest(dear, mixLeaves({ ...mix, output: mix.output * outputRatio }));
  const other = usdPerRequest(cheap, mixLeaves(mix));
  const ratio = one / other;
  const fewer = outputRatio === 1 ? '' : `, ${outputRatio} output tokens for each`;
  return {
    model,
    mix,
    ratio,
    agrees: ratio >= low - ROUNDING && ratio <= high + ROUNDING,
    words: `${model}, ${mixInWords(mix)}${fewer}: ${inUsd(one)} / ${inUsd(other)} USD = ${times(ratio)}`,
  };
}

/** By the prices of whoever claims it: those mixes alone for whose tokens it states them. */
function byOwnPrices({ models, than, tokens, claimed, ownUsdPerMtok = {} }: RatioClaim, prices: (model: string) => Tariff): Comparison[] {
  const cheap = ownUsdPerMtok[than];
  return models.flatMap((model) => {
    const dear = ownUsdPerMtok[model];
    if (!dear || !cheap) return [];
    const stated = tokens.filter(({ cacheRead }) => cacheRead === 0 || (dear.cacheRead !== undefined && cheap.cacheRead !== undefined));
    return stated.map((mix) => compare(model, mix, restated(prices(model), dear), restated(prices(than), cheap), claimed));
  });
}

function rangeInWords({ low, high }: ClaimedRange): string {
  if (low === 0) return `at most ${times(high)}`;
  return low === high ? times(low) : `${low} to ${times(high)}`;
}

/** The models for which a claim holds, with the tokens where it does not hold for all of them. */
function holdingInWords(models: readonly string[], all: readonly Comparison[]): string {
  const holding = models.flatMap((model) => {
    const own = all.filter((each) => each.model === model);
    const agreeing = own.filter(({ agrees }) => agrees);
    if (agreeing.length === 0) return [];
    return [agreeing.length === own.length ? model : `${model} (${listed(agreeing.map(({ mix }) => mixInWords(mix)))})`];
  });
  return `it holds for ${listed(holding)}`;
}

/**
 * Compares the bills of models for the same tokens. A claim that holds at the prices of the catalog, but not by its own, depends on them.
 *
 * @param day ISO day whose list prices count
 */
export function judgeRatio(check: RatioClaim, catalog: Catalog, day: string): Judged {
  const { models, than, tokens, claimed } = check;
  const prices = (model: string) => listPrice(catalog, model, day);
  const all = models.flatMap((model) => tokens.map((mix) => compare(model, mix, prices(model), prices(than), claimed)));
  const own = byOwnPrices(check, prices);
  const judgement = judgementOf(all.map(({ agrees }) => agrees));
  const contradicted = judgement === 'right' && own.some(({ agrees }) => !agrees);
  const ratios = models.map((model) => listed(all.filter((each) => each.model === model).map(({ ratio }) => times(ratio))));
  const parts = [
    ...all.map(({ words }) => words),
    ...(judgement === 'depends' ? [holdingInWords(models, all)] : []),
    ...(own.length > 0 ? [`by its own prices ${own.map(({ words }) => words).join('; ')}`] : []),
    `list prices ${listed([...models, than].map((model) => tariffInWords(prices(model))))}`,
  ];
  return {
    claimed: `${rangeInWords(claimed)} ${than}`,
    computed: ratios.map((ratio, index) => (models.length > 1 ? `${models[index]} ${ratio}` : ratio)).join(', '),
    judgement: contradicted ? 'depends' : judgement,
    arithmetic: parts.join('; '),
  };
}
