import { fleetFor } from '../../cost/fleet.ts';
import { fullFleet } from '../../cost/fullUse.ts';
import { instanceCost } from '../../cost/purchase.ts';
import { exactly } from '../../evidence/estimate.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatDerivedPrice, formatPrice } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { paidCapacity } from '../hosting/selfHost.ts';
import { rentedSupply } from '../hosting/supply.ts';
import type { Solved, Unknown } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';
import { type AtReuse, percent, reuseMessage, reuseRoot } from './solveReuse.ts';

/** What both sides cost at the volume for which an unknown is solved. */
export interface SolvedAt {
  readonly requests: number;
  readonly instances: number;
  readonly usdPerMonth: number;
  readonly apiUsd: number;
}

/** The volume at which an unknown is solved: the asked one, or that of a full smallest fleet. */
export function solvedAt({ stairs, api }: Pick<Comparison, 'stairs' | 'api'>, { volume }: HostingQuestion): SolvedAt {
  const requests = volume.requestsPerMonth ?? fullFleet(stairs).requests;
  const { instances, usdPerMonth } = fleetFor(requests, stairs);
  return { requests, instances, usdPerMonth, apiUsd: requests * api.line.usdPerRequest };
}

type Root = Pick<Solved, 'value' | 'now' | 'unit' | 'message'>;

function priceRoot({ api }: Comparison, question: HostingQuestion, { requests, usdPerMonth }: SolvedAt): Root {
  const value = (usdPerMonth / requests / tokensPerRequest(question.demand)) * 1e6;
  const now = api.line.usdPerMtok.value;
  const factor = (value / now).toPrecision(3);
  return {
    value,
    now,
    unit: 'USD/Mtok',
    message: `the API would have to take ${formatDerivedPrice(value)} per million tokens of this mix, ${factor} times its price`,
  };
}

/** USD per GPU-hour at which the fleet costs what the API takes; the cost of an instance is linear in it. */
function rentRoot({ side, stairs }: Comparison, question: HostingQuestion, { instances, apiUsd }: SolvedAt): Root {
  const { rent, purchase } = side.supply;
  const now = rent?.usdPerGpuHour.value ?? null;
  const unit = 'USD/GPU-hour';
  if (!rent) return { value: null, now, unit, message: 'these machines are bought, not rented' };
  const costAt = (usd: number) =>
    instanceCost(rentedSupply({ ...rent, usdPerGpuHour: exactly(usd) }, purchase, question).lines, question.lens);
  const value = ((apiUsd - stairs.fixedUsd) / instances - costAt(0)) / (costAt(1) - costAt(0));
  if (!(value > 0)) return { value: null, now, unit, message: 'even without rent the rest costs more than the API' };
  return {
    value,
    now,
    unit,
    message: `rent of at most ${formatDerivedPrice(value)} per GPU-hour; it is ${formatPrice(rent.usdPerGpuHour.value)}`,
  };
}

function utilisationRoot({ api, side }: Comparison, question: HostingQuestion, { requests, instances, usdPerMonth }: SolvedAt): Root {
  const capacity = paidCapacity(side, instances);
  const value = usdPerMonth / (api.line.usdPerRequest * capacity);
  const { requestsPerMonth, trafficHours, hoursPerMonth } = question.volume;
  const now = requestsPerMonth === null ? null : requests / capacity;
  const most = Math.min(1, (trafficHours / Math.min(side.supply.billedHours, hoursPerMonth)) * question.maxLoad);
  const need = `${percent(value)} of what ${instances === 1 ? 'the instance' : `the ${instances} instances`} could carry in all hours paid for`;
  const uses = now === null ? '' : `; the volume uses ${percent(now)}`;
  if (!(value <= most))
    return { value: null, now, unit: 'share', message: `never: it would take ${need}, and ${percent(most)} is planned at most` };
  return { value, now, unit: 'share', message: `${need}${uses}` };
}

function volumeRoot({ crossings, costs, api }: Comparison, question: HostingQuestion, { requests, usdPerMonth, apiUsd }: SolvedAt): Root {
  const tokens = tokensPerRequest(question.demand);
  const unit = 'tokens/month';
  const now = question.volume.requestsPerMonth === null ? null : requests * tokens;
  const cheaper = apiUsd > usdPerMonth ? 'own GPUs are' : `${api.line.provider} is`;
  const there = now === null ? '' : `; at ${formatTokens(now)} ${cheaper} cheaper`;
  const [first] = costs.crossings;
  if (!first)
    return { value: costs.code === 'always' ? 0 : null, now, unit, message: costs.code === 'always' ? 'any volume' : 'no volume' };
  const value = first.requests * tokens;
  const last = crossings.at(-1)?.tokensPerMonth.value ?? value;
  const good = costs.count > 1 ? `, for good from ${formatTokens(last)}` : '';
  return { value, now, unit, message: `first at ${formatTokens(value)} tokens a month${good}${there}` };
}

/**
 * The value of one unknown at which both sides cost the same, the others as they are: of the API's price, the rent, the utilisation, the
 * volume, or the prefix reuse of both sides.
 *
 * @param knowledge what is known of speed on the day of the question
 * @returns value null where none does
 */
export function solve(
  unknown: Unknown,
  pair: Comparison,
  question: HostingQuestion,
  knowledge: Knowledge,
): Solved & { readonly root: AtReuse | null } {
  const { side, api } = pair;
  const at = solvedAt(pair, question);
  const root = unknown === 'reuse' ? reuseRoot(pair, question, knowledge) : null;
  const found: Record<Unknown, () => Root> = {
    price: () => priceRoot(pair, question, at),
    rent: () => rentRoot(pair, question, at),
    utilisation: () => utilisationRoot(pair, question, at),
    volume: () => volumeRoot(pair, question, at),
    reuse: () => ({
      value: root?.reuse ?? null,
      now: apiReuse(question.demand),
      unit: 'share',
      message: reuseMessage(root, pair, question, knowledge),
    }),
  };
  const asked = question.volume.requestsPerMonth;
  const atVolume = unknown === 'volume' || asked === null ? null : asked * tokensPerRequest(question.demand);
  return {
    id: `${side.key}_${api.key}_${unknown}Root`,
    unknown,
    tariff: api.line.id,
    offer: side.id,
    ...found[unknown](),
    tokensPerMonth: atVolume,
    root,
  };
}
