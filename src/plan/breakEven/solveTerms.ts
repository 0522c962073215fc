import type { BillLine } from '../../cost/apiBill.ts';
import { counts } from '../../cost/purchase.ts';
import type { TermSheet } from '../../evidence/term.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { fullRequestsFormula, instancesFormula } from '../hosting/volumeTerms.ts';
import type { Solved } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';
import { solvedAt } from './solve.ts';
import { type AtReuse, isEqual } from './solveReuse.ts';

/** The monthly cost of the fleet with the rent as an unknown. */
function costWithRent(rent: string, { side }: Comparison, instances: string, { lens }: HostingQuestion): string {
  const { key: k, supply } = side;
  const rented = `${rent} * ${k}_gpusPerInstance * ${k}_billedHours`;
  const staffed = counts('staff', lens) ? `${rented} + ${k}_staffCost` : rented;
  const ramped = supply.lines.some(({ code }) => code === 'ramp-up') && counts('ramp-up', lens);
  return `fixedUsd + ${instances} * (${staffed})${ramped ? ' * (1 + rampMonths / spreadMonths)' : ''}`;
}

function reuseTerms(sheet: TermSheet, id: string, pair: Comparison, root: AtReuse): void {
  if (!isEqual(root)) {
    sheet.lookup(
      id,
      'prefix reuse at which the number of instances and the cheaper side change',
      '',
      root.reuse,
      'bisection',
      pair.side.supply.source,
    );
    return;
  }
  const { key: t } = pair.api;
  sheet
    .lookup(
      `${id}_requests`,
      'requests that are compared: as asked, or of a full smallest fleet at this reuse',
      'request/month',
      root.requests,
      'speed and KV cache as in the answer, at this reuse',
      pair.side.capacity.source,
    )
    .lookup(`${id}_usd`, 'what that fleet costs', 'USD/month', root.usdPerMonth, 'the staircase of the answer', pair.side.supply.source);
  const priceOf = ({ leaf, usdPerMtok }: BillLine) => {
    if (pair.api.bill.some((line) => line.leaf === leaf)) return `${t}_${leaf}Price`;
    sheet.input(`${id}_${leaf}Price`, `${pair.api.line.id}: ${leaf} at this reuse`, 'USD/Mtoken', usdPerMtok, pair.api.line.source);
    return `${id}_${leaf}Price`;
  };
  const fresh = `inputTokens * (1 - ${id})`;
  const written = root.apiBill.some(({ leaf }) => leaf === 'cacheWrite');
  if (written)
    sheet.input(`${id}_cacheWriteShare`, 'share of the fresh input that is written to the cache', '', root.cacheWriteShare, 'kplan');
  const tokens: Readonly<Record<BillLine['leaf'], string>> = {
    uncached: written ? `${fresh} * (1 - ${id}_cacheWriteShare)` : fresh,
    cacheRead: `inputTokens * ${id}`,
    cacheWrite: `${fresh} * ${id}_cacheWriteShare`,
    cacheWrite1h: '0 * inputTokens',
    answer: 'answerTokens',
    thinking: 'thinkingTokens',
  };
  sheet.solved(
    id,
    'prefix reuse at which both cost the same at full use',
    '',
    root.reuse,
    'bisection between 64 steps from 0 to 1',
    `${id}_requests * (${root.apiBill.map((line) => `${tokens[line.leaf]} * ${priceOf(line)}`).join(' + ')}) / tokensPerMtok - ${id}_usd`,
  );
}

/** How the solved unknown of a pair came about; the first crossing is a term of its own already. */
export function solveTerms(
  sheet: TermSheet,
  { id, unknown, value, unit }: Solved,
  root: AtReuse | null,
  pair: Comparison,
  question: HostingQuestion,
): void {
  if (value === null || unknown === 'volume') return;
  if (unknown === 'reuse') {
    if (root) reuseTerms(sheet, id, pair, root);
    return;
  }
  const { key: k } = pair.side;
  const { key: t } = pair.api;
  const { requests, instances, usdPerMonth } = solvedAt(pair, question);
  sheet
    .formula(
      `${id}_requests`,
      'requests of the month',
      'request/month',
      requests,
      question.volume.requestsPerMonth === null ? fullRequestsFormula(k) : 'requestsPerMonth',
    )
    .formula(`${id}_instances`, 'instances that carry them', 'instance', instances, instancesFormula(`${id}_requests`, k))
    .formula(`${id}_usd`, 'what the fleet costs there', 'USD/month', usdPerMonth, `fixedUsd + ${id}_instances * ${k}_usdPerInstanceMonth`);
  const equal = {
    price: `${id} / tokensPerMtok * tokensPerRequest * ${id}_requests - ${id}_usd`,
    rent: `${costWithRent(id, pair, `${id}_instances`, question)} - ${id}_requests * ${t}_usdPerRequest`,
    utilisation: `${id} * ${id}_instances / ${k}_instancesPerReplica * ${k}_replicasPerInstance * ${k}_paidRequests * ${t}_usdPerRequest - ${id}_usd`,
  }[unknown];
  const units = { 'USD/Mtok': 'USD/Mtoken', 'USD/GPU-hour': 'USD/GPU/hour', share: '', 'tokens/month': 'token/month' } as const;
  sheet.solved(id, `${unknown} at which both cost the same`, units[unit], value, 'one linear equation', equal);
}
