import type { TermSheet } from '../../evidence/term.ts';
import type { ApiPrice } from './apiPrices.ts';

const LEAF_WORDS = {
  uncached: 'input',
  cacheRead: 'cache read',
  cacheWrite: 'cache write',
  cacheWrite1h: 'cache write for an hour',
  answer: 'output',
  thinking: 'thinking',
} as const;

/** What a request costs at one tariff, leaf by leaf; the sheet holds the tokens of the leaves already. */
export function apiTerms(sheet: TermSheet, { key: t, line, tariff, bill, tokens, tokensPerRequest }: ApiPrice): void {
  const { id, source } = line;
  const conditional = tariff.conditions.length > 0;
  for (const { leaf, usdPerMtok } of bill) {
    const label = `${id}: ${LEAF_WORDS[leaf]}`;
    if (conditional)
      sheet.lookup(
        `${t}_${leaf}Price`,
        label,
        'USD/Mtoken',
        usdPerMtok,
        'price of the context tier of the mean request, mean over the hours of the traffic',
        source,
      );
    else sheet.input(`${t}_${leaf}Price`, label, 'USD/Mtoken', usdPerMtok, source);
  }
  const sum = bill.map(({ leaf }) => `${tokens[leaf]} * ${t}_${leaf}Price`).join(' + ');
  sheet
    .formula(`${t}_usdPerRequest`, `${id}: one request`, 'USD/request', line.usdPerRequest, `(${sum}) / tokensPerMtok`)
    .formula(
      `${t}_usdPerMtok`,
      `${id}: a million tokens of this mix`,
      'USD/Mtoken',
      line.usdPerMtok.value,
      `${t}_usdPerRequest / ${tokensPerRequest} * tokensPerMtok`,
    );
}
