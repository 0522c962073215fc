import type { Tariff } from '../../cost/tariff.ts';
import { inForce } from '../../cost/tariffChoice.ts';
import { type LeafPrices, leafPrices } from '../../cost/tokenPrice.ts';
import type { Catalog } from '../catalog.ts';
import { inUsd, listed, times } from './amounts.ts';
import { type Judged, judgementOf } from './judgement.ts';
import { isListPrice, listPrice, tariffInWords } from './listPrice.ts';
import type { PriceClaim, PricedToken } from './moneyClaim.ts';

const LEAF: Readonly<Record<PricedToken, keyof LeafPrices>> = {
  input: 'uncached',
  cacheRead: 'cacheRead',
  output: 'answer',
  thinking: 'thinking',
};

const WORDS: Readonly<Record<PricedToken, string>> = {
  input: 'input',
  cacheRead: 'cached input',
  output: 'output',
  thinking: 'thinking',
};

function priceOf(tariff: Tariff, token: PricedToken): number {
  return leafPrices(tariff, 0)[LEAF[token]];
}

/** The other models whose price of such a token the same vendor lists at the claimed figure: what may have been mixed up. */
function mistakenFor({ tariffs }: Catalog, own: Tariff, token: PricedToken, claimed: number, day: string): string {
  const others = tariffs.filter(
    (other) =>
      isListPrice(other) &&
      other.provider === own.provider &&
      other.model !== own.model &&
      inForce(other, day) &&
      priceOf(other, token) === claimed,
  );
  const models = [...new Set(others.map(({ model }) => model))];
  return models.length > 0 ? `; ${inUsd(claimed)} is that of ${listed(models)}` : '';
}

/** Compares published prices with the vendor's list on a day. */
export function judgePrice({ model, claimedUsdPerMtok }: PriceClaim, catalog: Catalog, day: string): Judged {
  const tariff = listPrice(catalog, model, day);
  const figures = (Object.entries(claimedUsdPerMtok) as [PricedToken, number][]).map(([token, claimed]) => {
    const price = priceOf(tariff, token);
    const agrees = price === claimed;
    const difference = `not ${inUsd(claimed)}, ${times(claimed / price)} as much${mistakenFor(catalog, tariff, token, claimed, day)}`;
    return {
      agrees,
      claimed: `${WORDS[token]} ${inUsd(claimed)}`,
      computed: `${WORDS[token]} ${inUsd(price)}`,
      words: `${WORDS[token]} ${inUsd(price)}, ${agrees ? 'as claimed' : difference}`,
    };
  });
  return {
    claimed: `${figures.map(({ claimed }) => claimed).join(', ')} USD per Mtok`,
    computed: `${figures.map(({ computed }) => computed).join(', ')} USD per Mtok`,
    judgement: judgementOf(figures.map(({ agrees }) => agrees)),
    arithmetic: `${tariffInWords(tariff)}: ${figures.map(({ words }) => words).join('; ')}`,
  };
}
