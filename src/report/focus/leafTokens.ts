import type { LeafPrices } from '../../cost/tokenPrice.ts';
import type { Term } from '../../evidence/term.ts';
import type { ParseFormula } from '../workbook/sheetFormula.ts';
import { isLeaf } from './tokenMeters.ts';

/** Tokens of one kind that a request bills at an API, and their price. */
export interface LeafTokens {
  readonly leaf: keyof LeafPrices;
  readonly tokensPerRequest: number;
  readonly usdPerMtok: number;
}

/**
 * What a request bills at a tariff, kind by kind, read from the formula of its price: it is linear in each price, so that a price of 1 beside
 * others of 0 gives the tokens.
 *
 * @param key prefix of the tariff's terms
 */
export function leafTokens(terms: readonly Term[], key: string, parse: ParseFormula): LeafTokens[] {
  const request = terms.find(({ id }) => id === `${key}_usdPerRequest`);
  if (request?.kind !== 'formula') return [];
  const prices = terms.flatMap((term) => {
    const leaf = term.id.startsWith(`${key}_`) && term.id.endsWith('Price') ? term.id.slice(key.length + 1, -'Price'.length) : '';
    return isLeaf(leaf) ? [{ id: term.id, leaf, usdPerMtok: term.value }] : [];
  });
  const values = Object.fromEntries(terms.map(({ id, value }) => [id, value]));
  const none = Object.fromEntries(prices.map(({ id }) => [id, 0]));
  const node = parse(request.formula);
  return prices.map(({ id, leaf, usdPerMtok }) => ({
    leaf,
    usdPerMtok,
    tokensPerRequest: Number(node.evaluate({ ...values, ...none, [id]: 1 })) * 1e6,
  }));
}
