import { bill } from '../../cost/apiBill.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { inPercent, inUsd, listed, mixInWords } from './amounts.ts';
import type { Judged } from './judgement.ts';
import { listPrice, mixLeaves, tariffInWords } from './listPrice.ts';
import type { ThinkingSavingClaim, ThinkingTokensClaim, TokenMix } from './moneyClaim.ts';

/** A bill and what of it is thinking. */
interface ThinkingBill {
  readonly usd: number;
  readonly thinkingUsd: number;
}

function thinkingBill(catalog: Catalog, model: string, day: string, mix: TokenMix, thinkingShare: number): ThinkingBill {
  const lines = bill(listPrice(catalog, model, day), mixLeaves(mix, thinkingShare));
  return {
    usd: lines.reduce((sum, { usd }) => sum + usd, 0),
    thinkingUsd: lines.find(({ leaf }) => leaf === 'thinking')?.usd ?? 0,
  };
}

/**
 * Judges what fewer thinking tokens save: `reduction × share of thinking in the bill`. Nobody knows that share, so that a claim within
 * reach depends on it.
 *
 * @param day ISO day whose list prices count
 */
export function judgeThinkingSaving(check: ThinkingSavingClaim, catalog: Catalog, day: string): Judged {
  const { model, tokens, reduction, thinkingShares, claimed } = check;
  const mixes = tokens.map((mix) => {
    const bills = thinkingShares.map((share) => ({ share, ...thinkingBill(catalog, model, day, mix, share) }));
    const savings = bills.map(({ usd, thinkingUsd }) => (reduction * thinkingUsd) / usd);
    const words = bills.map(
      ({ share, usd, thinkingUsd }, index) =>
        `${inPercent(savings[index] ?? 0)} where ${inPercent(share)} of the output is thinking, ${inPercent(thinkingUsd / usd)} of ${inUsd(usd)} USD`,
    );
    return { mix, savings, words: `${mixInWords(mix)}: ${words.join('; ')}` };
  });
  const savings = mixes.flatMap((each) => each.savings);
  const inside = savings.every((saving) => saving >= claimed.low && saving <= claimed.high);
  const needed = [claimed.low, claimed.high].map((saving) => inPercent(saving / reduction));
  return {
    claimed: `${inPercent(claimed.low)} to ${inPercent(claimed.high)} less`,
    computed: mixes.map((each) => `${listed(each.savings.map(inPercent))} less (${mixInWords(each.mix)})`).join(', '),
    judgement: inside ? 'right' : Math.max(...savings) < claimed.low ? 'wrong' : 'depends',
    arithmetic: `${reduction} × the share of thinking in the bill (${tariffInWords(listPrice(catalog, model, day))}); ${mixes.map(({ words }) => words).join('; ')}; the claim needs a share of ${needed.join(' to ')}`,
  };
}

/** Judges how many thinking tokens a reduction leaves, and what that is worth on the bill. */
export function judgeThinkingTokens(check: ThinkingTokensClaim, catalog: Catalog, day: string): Judged {
  const { model, tokens, reduction, thinkingTokens, claimedTokens, tolerance } = check;
  const left = thinkingTokens * (1 - reduction);
  const { usd, thinkingUsd } = thinkingBill(catalog, model, day, tokens, thinkingTokens / tokens.output);
  const agrees = Math.abs(claimedTokens / left - 1) <= tolerance;
  const implied = `; ${formatCount(claimedTokens)} would be ${inPercent(1 - claimedTokens / thinkingTokens)} fewer`;
  return {
    claimed: `${formatCount(claimedTokens)} thinking tokens`,
    computed: `${formatCount(left)} thinking tokens`,
    judgement: agrees ? 'right' : 'wrong',
    arithmetic: `${formatCount(thinkingTokens)} × ${inUsd(1 - reduction)} = ${formatCount(left)}${agrees ? '' : implied}; ${formatCount(thinkingTokens - left)} fewer save ${inUsd(reduction * thinkingUsd)} of ${inUsd(usd)} USD (${mixInWords(tokens)}, ${tariffInWords(listPrice(catalog, model, day))}) = ${inPercent((reduction * thinkingUsd) / usd)}`,
  };
}
