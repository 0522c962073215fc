import { distributionOf, shareBelow } from '../../evidence/distribution.ts';
import type { Estimate } from '../../evidence/estimate.ts';
import { Fault } from '../../faults/fault.ts';
import { checkNumber } from '../../units/number.ts';
import { breakEven } from '../breakEven/breakEven.ts';
import type { BreakEvenAnswer } from '../breakEven/breakEvenAnswer.ts';
import type { Catalog } from '../catalog.ts';
import { type HybridQuery, hybrid } from '../hybrid/hybrid.ts';
import type { HybridAnswer, HybridPair } from '../hybrid/hybridAnswer.ts';
import { sourcesUsed } from '../sourcesUsed.ts';
import type { AdviseAnswer, AdvisedCommand, AdvisedWay, Way } from './adviseAnswer.ts';
import { adviceInWords } from './adviseWords.ts';

/** What `advise` is asked: who uses the model, and what may be spent. */
export interface AdviseQuery extends Omit<HybridQuery, 'gpu'> {
  /** GPU types that may be hosted on; all of the catalog where none is named. */
  readonly gpu?: readonly string[];
  readonly budgetUsdPerMonth?: number;
  /** Options of a command line that ask the same, for the commands behind the advice. */
  readonly options?: string;
}

const DEFAULT_WORKLOAD = 'agentic-coding';

/** The ways of one question, and what is known of each. */
interface Looked {
  readonly query: HybridQuery;
  readonly breakEven: BreakEvenAnswer;
  readonly hybrid: HybridAnswer;
}

function look(query: HybridQuery, catalog: Catalog): Looked {
  const { uncertainty: _, profile, ...certain } = query;
  const floors = hybrid({ ...query, terms: false }, catalog);
  const volume = profile ? { requestsPerMonth: floors.demand.requestsPerMonth } : {};
  return { query, breakEven: breakEven({ ...certain, ...volume, terms: false }, catalog), hybrid: floors };
}

function least<T>(items: readonly T[], usd: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>((best, item) => (best === undefined || usd(item) < usd(best) ? item : best), undefined);
}

/** What own replicas cost where they take part. */
function hostedUsd({ allOwn, best, code }: HybridPair): number {
  return code === 'hybrid' ? Math.min(allOwn.usdPerMonth, best.usdPerMonth) : allOwn.usdPerMonth;
}

/** The GPU types of the fleets on which hosting and the best floor cost least; where none was named, of those that somebody lists. */
function bestGpus({ hybrid: { pairs, fleets } }: Looked, named: boolean): string[] {
  const fleetOf = (offer: string) => fleets.find(({ id }) => id === offer);
  const listed = pairs.filter(({ offer }) => named || !fleetOf(offer)?.modelled);
  const known = listed.length > 0 ? listed : pairs;
  const chosen = [least(known, ({ allOwn }) => allOwn.usdPerMonth), least(known, hostedUsd)];
  return [...new Set(chosen.flatMap((pair) => (pair ? (fleetOf(pair.offer)?.gpu ?? []) : [])))];
}

/** A GPU type as it was asked for: with a count where one was given. */
function askedAs(id: string, { breakEven: { query } }: Looked): string {
  const asked = query['gpu'];
  return Array.isArray(asked) ? (asked.find((name) => name === id || name.startsWith(`${id}:`)) ?? id) : id;
}

/** Words of a remedy that are fields of a query. */
const CHANGES = ['dcp', 'attentionDp', 'kvCacheDtype'] as const;

/** The change of layout or KV cache dtype that helps the best fleet most, where it makes hosting cheaper. */
function helped(first: Looked, catalog: Catalog): { readonly looked: Looked; readonly changed: AdviseAnswer['changed'] } {
  const remedy = first.breakEven.verdicts.find((verdict) => verdict.remedy)?.remedy;
  const change = Object.fromEntries(CHANGES.flatMap((name) => (remedy?.change[name] === undefined ? [] : [[name, remedy.change[name]]])));
  if (!remedy || Object.keys(change).length === 0) return { looked: first, changed: null };
  const second = look({ ...first.query, ...change }, catalog);
  const usd = ({ hybrid: { pairs } }: Looked) => Math.min(...pairs.map(hostedUsd));
  return usd(second) < usd(first)
    ? { looked: second, changed: { message: remedy.message, change: remedy.change } }
    : { looked: first, changed: null };
}

function inBudget(usdPerMonth: Estimate, budget: number | null): number | null {
  return budget === null ? null : shareBelow(distributionOf(usdPerMonth), budget);
}

/** Every way once: the API at each price, hosting on the fleet that costs least, and the best floor. */
function waysOf({ hybrid: { pairs }, breakEven: { tariffs, monthly } }: Looked, budget: number | null): AdvisedWay[] {
  const [month] = monthly;
  const bought = tariffs.map(({ id }): AdvisedWay => {
    const usdPerMonth = pairs.find(({ tariff }) => tariff === id)?.allApiUsdPerMonth ??
      month?.apiUsd[id] ?? { low: 0, value: 0, high: 0, basis: 'exact' };
    return {
      way: 'api',
      offer: null,
      tariff: id,
      usdPerMonth,
      replicas: 0,
      instances: 0,
      ownShare: 0,
      inBudget: inBudget(usdPerMonth, budget),
    };
  });
  const hosted = least(pairs, ({ allOwn }) => allOwn.usdPerMonth);
  const floor = least(
    pairs.filter(({ code }) => code === 'hybrid'),
    ({ best }) => best.usdPerMonth,
  );
  const own: AdvisedWay[] = hosted
    ? [
        {
          way: 'host',
          offer: hosted.offer,
          tariff: null,
          usdPerMonth: hosted.allOwnUsdPerMonth,
          replicas: hosted.allOwn.replicas,
          instances: hosted.allOwn.instances,
          ownShare: 1,
          inBudget: inBudget(hosted.allOwnUsdPerMonth, budget),
        },
      ]
    : [];
  const both: AdvisedWay[] = floor
    ? [
        {
          way: 'both',
          offer: floor.offer,
          tariff: floor.tariff,
          usdPerMonth: floor.usdPerMonth,
          replicas: floor.best.replicas,
          instances: floor.best.instances,
          ownShare: floor.best.ownShare,
          inBudget: inBudget(floor.usdPerMonth, budget),
        },
      ]
    : [];
  return [...bought, ...own, ...both].sort((a, b) => a.usdPerMonth.value - b.usdPerMonth.value);
}

const CODES = { host: 'own', api: 'api', both: 'hybrid' } as const satisfies Record<Way, keyof HybridPair['cheapest']>;

/** How likely the chosen way is the cheapest, on its fleet or the best one, against the API price it competes with. */
function likelihoodOf(chosen: AdvisedWay, ways: readonly AdvisedWay[], pairs: readonly HybridPair[]): number | null {
  const offer = chosen.offer ?? ways.find(({ way }) => way === 'host')?.offer;
  const tariff = chosen.tariff ?? ways.find(({ way }) => way === 'api')?.tariff;
  const pair = pairs.find((one) => one.offer === offer && one.tariff === tariff);
  return pair ? pair.cheapest[CODES[chosen.way]] : null;
}

/** What the commands behind an advice ask beside the options that were given. */
interface Beside {
  readonly looked: Looked;
  readonly changed: AdviseAnswer['changed'];
  /** Whether the time per token is the advice's own limit. */
  readonly limited: boolean;
  readonly profile: boolean;
}

function commandsOf(options: string | undefined, { looked, changed, limited, profile }: Beside): AdvisedCommand[] {
  if (options === undefined) return [];
  const { gpu, maxTpotMs, purchases } = looked.query;
  const flag = ([name, value]: readonly [string, string | number]) =>
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`;
  const own = [`--gpu ${gpu.join()}`, ...(limited ? [`--max-tpot ${maxTpotMs}`] : []), ...Object.entries(changed?.change ?? {}).map(flag)];
  const command = (name: string, more: readonly string[]) =>
    ['kplan', name, options, ...own, ...more].filter((word) => word !== '').join(' ');
  const volume = profile ? [`--requests-per-month ${Math.round(looked.hybrid.demand.requestsPerMonth)}`] : [];
  return [
    { part: 'both', command: command('hybrid', []) },
    { part: 'volumes', command: command('breakeven', volume) },
    ...(profile ? [] : [{ part: 'replicas', command: command('size', []) } as const]),
    { part: 'cost', command: command('cost', [...volume, ...(purchases ? [] : ['--purchase on-demand'])]) },
  ];
}

/**
 * Host, buy from an API, or both? The cheapest of hosting the busiest hour, every API price and the best floor with overflow, how likely that
 * is so, whether it keeps within the budget, what would turn it, and the command behind each part.
 *
 * @param query users, tokens or requests of a month, or demand by the hour; GPU types and workload where they are known
 * @param catalog facts; prices and measurements later than the asked day are not used
 * @throws Fault `missing` where no volume is asked; `unknown`, `invalid` or `contradiction` for a query that cannot be meant
 * @example advise({ users: 40, gpu: ['h200'], budgetUsdPerMonth: 4000 }, loadCatalog()).choice // 'api'
 */
export function advise(query: AdviseQuery, catalog: Catalog): AdviseAnswer {
  const { budgetUsdPerMonth, options, gpu = ['all'], ...rest } = query;
  const budget = budgetUsdPerMonth === undefined ? null : checkNumber(budgetUsdPerMonth, '--budget', { above: 0, max: 1e15 });
  const volumes = [rest.tokensPerMonth, rest.requestsPerMonth, rest.users, rest.profile];
  if (volumes.every((volume) => volume === undefined))
    throw new Fault('missing', 'how much is asked in a month', {
      where: '--users',
      allowed: '--users, --tokens-per-month, --requests-per-month, --hourly or --quantiles',
    });
  const counted = rest.inputTokens !== undefined && rest.outputTokens !== undefined;
  const { interactiveTpotMs } = catalog.planning;
  const asked: HybridQuery = {
    ...rest,
    gpu,
    maxTpotMs: rest.maxTpotMs ?? interactiveTpotMs.value,
    ...(rest.workload === undefined && !counted ? { workload: DEFAULT_WORKLOAD } : {}),
  };
  const first = look(asked, catalog);
  const gpus = bestGpus(first, query.gpu !== undefined);
  const narrowed = gpus.length > 0 ? look({ ...asked, gpu: gpus.map((id) => askedAs(id, first)) }, catalog) : first;
  const { looked, changed } = helped(narrowed, catalog);
  const { breakEven: even, hybrid: floors } = looked;
  const ways = waysOf(looked, budget);
  const [chosen] = ways;
  if (!chosen)
    throw new Fault('missing', 'no API price and no fleet is known', {
      where: '--model',
      value: rest.model,
      allowed: 'a model with a tariff or a measured GPU',
    });
  const hosting = ways.find(({ way }) => way === 'host');
  const against = chosen.tariff ?? ways.find(({ way }) => way === 'api')?.tariff;
  const probability = likelihoodOf(chosen, ways, floors.pairs);
  const fleet = chosen.offer ?? hosting?.offer;
  const turns = floors.turns.find(({ offer, tariff }) => offer === fleet && tariff === against)?.rows ?? [];
  const beside = { looked, changed, limited: rest.maxTpotMs === undefined, profile: rest.profile !== undefined };
  const commands = commandsOf(options, beside);
  return {
    schema: 'kplan/advise@1',
    query: { ...floors.query, ...(budget === null ? {} : { budgetUsdPerMonth: budget }) },
    answer: adviceInWords({ ways, chosen, probability, budget, turns, answer: even }),
    choice: chosen.way,
    probability,
    budgetUsdPerMonth: budget,
    ways,
    turns,
    changed,
    commands,
    fleets: floors.fleets.filter(({ id }) => ways.some(({ offer }) => offer === id)),
    tariffs: even.tariffs,
    assumptions: [
      ...floors.assumptions,
      {
        code: 'a-month',
        text: "A month at today's prices: `kplan breakeven --months` plans trends, contracts and ramps.",
        source: 'kplan',
      },
      ...(rest.purchases
        ? []
        : [
            {
              code: 'on-demand',
              text: 'GPUs are rented on demand: reserved ones or machines of your own may cost less (--purchase).',
              source: 'kplan',
            },
          ]),
      ...(rest.maxTpotMs === undefined
        ? [
            {
              code: 'interactive',
              text: `Own replicas take ${interactiveTpotMs.value} ms between two tokens of an answer at most, on average (--max-tpot).`,
              source: interactiveTpotMs.source,
            },
          ]
        : []),
    ],
    warnings: floors.warnings,
    sources: {
      ...even.sources,
      ...floors.sources,
      ...sourcesUsed(rest.maxTpotMs === undefined ? [interactiveTpotMs.source] : [], catalog),
    },
    dataAge: floors.dataAge,
  };
}
