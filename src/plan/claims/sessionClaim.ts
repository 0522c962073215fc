import { bill, usdPerRequest } from '../../cost/apiBill.ts';
import type { Tariff } from '../../cost/tariff.ts';
import { formatGiB } from '../../units/bytes.ts';
import { formatCount } from '../../units/tokens.ts';
import type { Catalog } from '../catalog.ts';
import { fit } from '../fit/fit.ts';
import { inUsd, times } from './amounts.ts';
import type { Judged } from './judgement.ts';
import { listPrice, mixLeaves, tariffInWords } from './listPrice.ts';
import type { ResentClaim, SessionClaim, TokenMix } from './moneyClaim.ts';

/** `50,000 × 0.95 + 5,000 × 4 USD per Mtok = 0.0675 USD`. */
function billInWords(tariff: Tariff, mix: TokenMix): string {
  const leaves = mixLeaves(mix);
  const lines = bill(tariff, leaves).map(({ tokens, usdPerMtok }) => `${formatCount(tokens)} × ${inUsd(usdPerMtok)}`);
  return `${lines.join(' + ')} USD per Mtok = ${inUsd(usdPerRequest(tariff, leaves))} USD`;
}

/** Compares the published price of a session with its bill at the vendor's list price on a day. */
export function judgeSession({ model, tokens, claimedUsd, tolerance }: SessionClaim, catalog: Catalog, day: string): Judged {
  const tariff = listPrice(catalog, model, day);
  const usd = usdPerRequest(tariff, mixLeaves(tokens));
  const agrees = Math.abs(claimedUsd / usd - 1) <= tolerance;
  return {
    claimed: `${inUsd(claimedUsd)} USD`,
    computed: `${inUsd(usd)} USD`,
    judgement: agrees ? 'right' : 'wrong',
    arithmetic: `${billInWords(tariff, tokens)} (${tariffInWords(tariff)})${agrees ? '' : `; the claim is ${times(claimedUsd / usd)} that`}`,
  };
}

/**
 * Tokens that later calls of a conversation send again, where each call adds some: `tokens × calls × (calls - 1) / 2`.
 *
 * @example resentTokens(5_000, 10) // 225_000
 */
export function resentTokens(tokensPerCall: number, calls: number): number {
  return (tokensPerCall * calls * (calls - 1)) / 2;
}

/** What so many tokens take of the KV cache, where the catalog knows the model and not its price alone. */
function kvInWords(model: string, tokens: number, catalog: Catalog): string {
  if (!catalog.models.some(({ id }) => id === model)) return '';
  const contextTokens = Math.ceil(tokens);
  const [plan] = fit({ gpu: ['h200'], gpus: 8, tp: 8, model, contextTokens }, catalog).results;
  const bytes = plan?.kvBytesPerToken ?? null;
  return bytes === null
    ? ''
    : `, and ${formatCount(tokens)} tokens of context take ${formatGiB(bytes * tokens)} of KV cache in each sequence`;
}

/** Judges whether tokens are billed once: an API keeps no conversation, so that each call sends again what came before it. */
export function judgeResent(check: ResentClaim, catalog: Catalog, day: string): Judged {
  const { models, calls, inputTokens, outputTokens, carried, claimed } = check;
  const fresh = calls * inputTokens;
  const output = calls * outputTokens;
  const added = carried === 'input' ? inputTokens : outputTokens;
  const resent = resentTokens(added, calls);
  const bills = models.map((model) => {
    const tariff = listPrice(catalog, model, day);
    const cold = billInWords(tariff, { uncached: fresh + resent, cacheRead: 0, output });
    const warm = billInWords(tariff, { uncached: fresh, cacheRead: resent, output });
    const kv = carried === 'output' ? kvInWords(model, output, catalog) : '';
    return `${model}: ${cold} without a cache, ${warm} with the prefix cached (${tariffInWords(tariff)})${kv}`;
  });
  return {
    claimed: claimed === 'once' ? `${formatCount(calls * added)} tokens, each billed once` : 'sent again with every later call',
    computed: `${formatCount(fresh + resent)} input tokens, ${formatCount(resent)} of them sent again`,
    judgement: claimed === 'again' ? 'right' : 'wrong',
    arithmetic: `${calls} calls that each add ${formatCount(added)} tokens: ${formatCount(added)} × ${calls} × ${calls - 1} / 2 = ${formatCount(resent)} sent again; ${bills.join('; ')}`,
  };
}
