import type { Purchase } from '../../cost/purchase.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatUsd } from '../../units/money.ts';
import { formatCount, formatTokens } from '../../units/tokens.ts';
import { PAID_FOR } from '../hosting/hostingWords.ts';
import type { CostRemedy, CostRow } from './costAnswer.ts';
import type { CostQuestion } from './costQuestion.ts';

function whoAsks({ hosting, requests }: CostQuestion): string {
  const { users } = hosting.volume;
  const tokens = formatTokens(requests * tokensPerRequest(hosting.demand));
  const workload = hosting.demand.workload;
  const what = workload ? ` on ${workload.id}` : '';
  return users ? `${formatCount(users.count)} users${what} (${tokens} tokens a month)` : `${tokens} tokens a month${what}`;
}

function each({ usdPerUser }: CostRow): string {
  return usdPerUser === null ? '' : ` (${formatUsd(usdPerUser)} a user)`;
}

function monthly({ usdPerMonth: { low, value, high } }: CostRow): string {
  return low === high ? formatUsd(value) : `${formatUsd(value)} (${formatUsd(low)} to ${formatUsd(high)})`;
}

/** The answer in one sentence: list price, cheapest host, the cheapest fleet of one's own, which is least, and what would help that fleet. */
export function costInWords(rows: readonly CostRow[], remedies: readonly CostRemedy[], question: CostQuestion): string {
  const { model } = question.hosting.fit.base;
  const asks = (wanted: CostRow['role']) => rows.find(({ role, model: id }) => role === wanted && id === model.id) ?? null;
  const list = asks('list');
  const cheapest = asks('cheapest-host');
  const own = rows.find(({ kind }) => kind === 'own');
  const asked = list || cheapest ? [] : rows.filter(({ kind }) => kind !== 'own').slice(0, 2);
  const parts = [
    ...(list ? [`${formatUsd(list.usdPerMonth.value)} a month at ${list.name}'s list price${each(list)}`] : []),
    ...(cheapest ? [`${formatUsd(cheapest.usdPerMonth.value)} at the cheapest host (${cheapest.name})`] : []),
    ...asked.map((row) => `${formatUsd(row.usdPerMonth.value)} a month at ${row.name}${each(row)}`),
    ...(own
      ? [`${monthly(own)} on ${own.replicas === 1 ? '' : `${own.replicas} × `}${own.name}${PAID_FOR[own.role as Purchase]}${each(own)}`]
      : []),
  ];
  const [least] = rows.filter(({ tier, model: id }) => (tier === null || tier === 'standard') && id === model.id);
  const verdict = own && least ? `; ${least.kind === 'own' ? 'own GPUs cost least at middle values' : 'the API costs less'}` : '';
  const help = remedies.find(({ row }) => row === own?.id);
  const better = help ? `; on these GPUs ${help.message}` : '';
  const none = own ? '' : '; no fleet that was asked for can be priced';
  return `${whoAsks(question)} of ${model.id} cost ${parts.join(', ')}${verdict}${better}${none}.`;
}
