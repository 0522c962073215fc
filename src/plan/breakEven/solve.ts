import { bill } from '../../cost/apiBill.ts';
import { fleetFor, type Staircase } from '../../cost/fleet.ts';
import { fullFleet } from '../../cost/fullUse.ts';
import { instanceCost } from '../../cost/purchase.ts';
import { exactly } from '../../evidence/estimate.ts';
import type { Knowledge } from '../../throughput/knowledge.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import { formatUsd } from '../../units/money.ts';
import { formatTokens } from '../../units/tokens.ts';
import { apiReuse } from '../../workload/loadPoint.ts';
import { apiLeaves } from '../api/apiPrices.ts';
import type { HostingQuestion } from '../hosting/hostingQuestion.ts';
import { fleetCapacity, hostOn, isSized, middleStairs, type SizedSelfHost } from '../hosting/selfHost.ts';
import { rentedSupply } from '../hosting/supply.ts';
import type { Solved, Unknown } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';

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

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function priceRoot({ api }: Comparison, question: HostingQuestion, { requests, usdPerMonth }: SolvedAt): Root {
  const value = (usdPerMonth / requests / tokensPerRequest(question.demand)) * 1e6;
  const now = api.line.usdPerMtok;
  const factor = (value / now).toPrecision(3);
  return {
    value,
    now,
    unit: 'USD/Mtok',
    message: `the API would have to take ${formatUsd(value)} per million tokens of this mix, ${factor} times its price`,
  };
}

/** USD per GPU-hour at which the fleet costs what the API takes; the cost of an instance is linear in it. */
function rentRoot({ side, stairs }: Comparison, question: HostingQuestion, { instances, apiUsd }: SolvedAt): Root {
  const { rent, purchase, usdPerGpuHour } = side.supply;
  const now = usdPerGpuHour.value;
  const unit = 'USD/GPU-hour';
  if (!rent) return { value: null, now, unit, message: 'these machines are bought, not rented' };
  const costAt = (usd: number) =>
    instanceCost(rentedSupply({ ...rent, usdPerGpuHour: exactly(usd) }, purchase, question).lines, question.lens);
  const value = ((apiUsd - stairs.fixedUsd) / instances - costAt(0)) / (costAt(1) - costAt(0));
  if (!(value > 0)) return { value: null, now, unit, message: 'even without rent the rest costs more than the API' };
  return { value, now, unit, message: `rent of at most ${formatUsd(value)} per GPU-hour; it is ${formatUsd(now)}` };
}

function utilisationRoot({ api, stairs }: Comparison, question: HostingQuestion, { requests, instances, usdPerMonth }: SolvedAt): Root {
  const capacity = fleetCapacity(instances, stairs, question);
  const value = usdPerMonth / (api.line.usdPerRequest * capacity);
  const now = requests / capacity;
  const need = `${percent(value)} of what ${instances === 1 ? 'the instance' : `the ${instances} instances`} could carry`;
  if (!(value <= 1)) return { value: null, now, unit: 'share', message: `never: it would take ${need}` };
  return { value, now, unit: 'share', message: `${need}; the volume uses ${percent(now)}` };
}

function volumeRoot({ crossings, costs }: Comparison, question: HostingQuestion, { requests }: SolvedAt): Root {
  const tokens = tokensPerRequest(question.demand);
  const [first] = costs.crossings;
  const now = requests * tokens;
  if (!first)
    return {
      value: costs.code === 'always' ? 0 : null,
      now,
      unit: 'tokens/month',
      message: costs.code === 'always' ? 'any volume' : 'no volume',
    };
  const value = first.requests * tokens;
  const last = crossings.at(-1)?.tokensPerMonth.value ?? value;
  const good = costs.count > 1 ? `, for good from ${formatTokens(last)}` : '';
  return { value, now, unit: 'tokens/month', message: `${formatTokens(value)} tokens a month${good}` };
}

/** Both sides at one prefix reuse, on a full smallest fleet. */
export interface AtReuse {
  readonly reuse: number;
  readonly side: SizedSelfHost;
  readonly stairs: Staircase;
  readonly usdPerRequest: number;
  readonly apiUsdPerRequest: number;
}

/** Both sides if both find a share of the input in their cache. */
function atReuse({ side, api }: Comparison, question: HostingQuestion, knowledge: Knowledge, reuse: number): AtReuse | null {
  const asked = { ...question, demand: { ...question.demand, askedReuse: reuse } };
  const other = hostOn(asked, side.judged, side.supply, knowledge);
  if (!isSized(other)) return null;
  const stairs = middleStairs(other, asked);
  const full = fullFleet(stairs);
  const lines = bill(api.tariff, apiLeaves(asked), question.trafficUtc);
  return {
    reuse,
    side: other,
    stairs,
    usdPerRequest: full.usdPerMonth / full.requests,
    apiUsdPerRequest: lines.reduce((sum, { usd }) => sum + usd, 0),
  };
}

const GRID = 64;
const HALVINGS = 40;

/** The least prefix reuse at which both sides cost the same per request at full use; null where there is none. */
function reuseRoot(pair: Comparison, question: HostingQuestion, knowledge: Knowledge): AtReuse | null {
  const gain = (at: AtReuse) => at.apiUsdPerRequest - at.usdPerRequest;
  const at = (reuse: number) => atReuse(pair, question, knowledge, reuse);
  let before = at(1e-6);
  for (let step = 1; step <= GRID && before; step++) {
    const next = at(step / GRID);
    if (!next) return null;
    if (gain(before) > 0 !== gain(next) > 0) {
      let [low, high] = [before, next];
      for (let halving = 0; halving < HALVINGS; halving++) {
        const middle = at((low.reuse + high.reuse) / 2);
        if (!middle) return null;
        if (gain(middle) > 0 === gain(low) > 0) low = middle;
        else high = middle;
      }
      return low;
    }
    before = next;
  }
  return null;
}

function reuseMessage(root: AtReuse | null, pair: Comparison, question: HostingQuestion, knowledge: Knowledge): string {
  if (!root) return 'no share of reuse makes both cost the same at full use';
  const beyond = atReuse(pair, question, knowledge, Math.min(1, root.reuse + 0.01));
  const own = beyond && beyond.apiUsdPerRequest > beyond.usdPerRequest;
  return `at ${percent(root.reuse)} reuse on both sides and full use; above it ${own ? 'own GPUs are' : 'the API is'} cheaper`;
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
  const atVolume = unknown === 'volume' || unknown === 'reuse' || asked === null ? null : asked * tokensPerRequest(question.demand);
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
