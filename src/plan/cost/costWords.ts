import type { Purchase } from '../../cost/purchase.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatUsd } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { counted, PAID_FOR, usdInWords } from '../hosting/hostingWords.ts';
import type { CostRemedy, CostRow } from './costAnswer.ts';
import type { CostQuestion } from './costQuestion.ts';

/** Who asks, what and how much; as the subject of a sentence about one or several. */
function whoAsks({ hosting, requests }: CostQuestion): { readonly subject: string; readonly costs: 'cost' | 'costs' } {
  const { users } = hosting.volume;
  const tokens = `${formatTokens(requests * tokensPerRequest(hosting.demand))} tokens a month`;
  const { model } = hosting.fit.base;
  const what = `${hosting.demand.workload ? ` on ${hosting.demand.workload.id}` : ''}`;
  if (!users) return { subject: `${tokens}${what} of ${model.id}`, costs: 'cost' };
  const people = `${Number(users.count < 0.01 ? users.count.toPrecision(2) : users.count.toFixed(2)).toLocaleString('en-US', { maximumFractionDigits: 9 })} user${users.count === 1 ? '' : 's'}`;
  return { subject: `${people}${what} (${tokens}) of ${model.id}`, costs: users.count === 1 ? 'costs' : 'cost' };
}

function each({ usdPerUser }: CostRow): string {
  return usdPerUser === null ? '' : ` (${formatUsd(usdPerUser)} a user)`;
}

/** `13 instances of your own, each replica on 8×H200 (TP8)`. */
function fleetOf(row: CostRow): string {
  const { instances, name, role, modelled } = row;
  const rent = modelled ? ' at the rent of a cost model' : '';
  return `${counted(instances ?? 0, 'instance')}${PAID_FOR[role as Purchase]}${rent}, each replica on ${name}`;
}

/** A tariff by name: its model and tier always, for it may be any. */
function nameOf({ name, model, tier }: CostRow): string {
  return `${name} for ${model}${tier === 'standard' || tier === null ? '' : ` (${tier})`}`;
}

interface Standing {
  readonly asked: readonly CostRow[];
  readonly list: CostRow | null;
  readonly cheapest: CostRow | null;
  readonly own: CostRow | null;
}

/** How the cheapest fleet of one's own stands to the list price and to the cheapest host. */
function verdictOf({ asked, list, cheapest, own }: Standing): string {
  if (!own) return '; no fleet that was asked for can be priced';
  const against = [
    ...(list ? [{ row: list, words: 'the list price' }] : []),
    ...(cheapest ? [{ row: cheapest, words: 'the cheapest host' }] : []),
    ...asked.map((row) => ({ row, words: nameOf(row) })),
  ];
  const under = against.filter(({ row }) => own.usdPerMonth.value < row.usdPerMonth.value).map(({ words }) => words);
  const over = against.filter(({ row }) => own.usdPerMonth.value >= row.usdPerMonth.value).map(({ words }) => words);
  if (against.length === 0) return '';
  if (over.length === 0) return `; at middle values own GPUs cost less than ${under.join(' and ')}`;
  return under.length === 0
    ? `; own GPUs cost more than ${over.join(' and ')}`
    : `; own GPUs cost less than ${under.join()} and more than ${over.join()}`;
}

/** The answer in one sentence: list price, cheapest host, the cheapest fleet of one's own, how it stands, and what would help it. */
export function costInWords(rows: readonly CostRow[], remedies: readonly CostRemedy[], question: CostQuestion): string {
  const { model } = question.hosting.fit.base;
  const asks = (wanted: CostRow['role']) => rows.find(({ role, model: id }) => role === wanted && id === model.id) ?? null;
  const standing: Standing = {
    asked: rows.filter(({ role }) => role === 'asked'),
    list: asks('list'),
    cheapest: asks('cheapest-host'),
    own: rows.find(({ kind }) => kind === 'own') ?? null,
  };
  const { list, cheapest, own } = standing;
  const apis = [
    ...(list ? [`${usdInWords(list.usdPerMonth)} a month at ${list.name}'s list price${each(list)}`] : []),
    ...(cheapest ? [`${usdInWords(cheapest.usdPerMonth)}${list ? '' : ' a month'} at the cheapest host (${cheapest.name})`] : []),
    ...standing.asked.map((row) => `${usdInWords(row.usdPerMonth)} a month at ${nameOf(row)}${each(row)}`),
  ];
  const hosts = own ? [`${usdInWords(own.usdPerMonth)}${apis.length === 0 ? ' a month' : ''} on ${fleetOf(own)}${each(own)}`] : [];
  const unpriced = apis.length === 0 ? `; no API price of ${model.id} is known on ${question.hosting.asOf}` : '';
  const help = remedies.find(({ row }) => row === own?.id);
  const better = help ? `; on these GPUs ${help.message}` : '';
  const { subject, costs } = whoAsks(question);
  return `${subject} ${costs} ${[...apis, ...hosts].join(', ') || 'an unknown amount'}${unpriced}${verdictOf(standing)}${better}.`;
}
