import { OUTPUT_WEIGHT } from '../../cost/tokenSplit.ts';
import { Fault } from '../../faults/fault.ts';
import { lookupName } from '../../faults/nearest.ts';
import { checkNumber } from '../../units/number.ts';
import type { Catalog } from '../catalog.ts';
import { given } from '../fit/question.ts';
import { type HostingQuery, type HostingQuestion, resolveHostingQuery } from '../hosting/hostingQuestion.ts';

/** What `cost` is asked: a workload with a volume, and where it may go. */
export interface CostQuery extends HostingQuery {
  /** Other models whose tariffs stand beside, for the same tokens. */
  readonly against?: readonly string[];
  /** Requests of one task; the workload's where none is asked. */
  readonly requestsPerTask?: number;
  /** Share of the tasks that are finished, above 0. */
  readonly finishedShare?: number;
  /** How many input tokens an output token counts where one bill is split between them. */
  readonly outputWeight?: number;
}

/** What a task is, and what comes of it. */
export interface Task {
  readonly name: string;
  readonly requests: number;
  readonly finishedShare: number;
}

export interface CostQuestion {
  readonly hosting: HostingQuestion;
  readonly requests: number;
  readonly against: readonly string[];
  readonly task: Task | null;
  readonly outputWeight: number;
}

/** Where nothing is asked: the smallest node that holds the default model whole, rented, reserved and owned. */
const DEFAULT_GPU = ['h200'];

function taskOf({ requestsPerTask, finishedShare }: CostQuery, { demand }: HostingQuestion): Task | null {
  const known = demand.workload?.requestsPerTask ?? null;
  if (requestsPerTask === undefined && !known) {
    if (finishedShare === undefined) return null;
    throw new Fault('missing', 'nobody says how many requests a task takes', {
      where: '--finished',
      value: finishedShare,
      allowed: 'with --requests-per-task, or a workload that says so, such as agentic-coding',
    });
  }
  return {
    name: requestsPerTask === undefined ? (known?.name ?? 'task') : 'task',
    requests: checkNumber(requestsPerTask ?? known?.requests ?? 1, '--requests-per-task', { above: 0, max: 1e9 }),
    finishedShare: checkNumber(finishedShare ?? 1, '--finished', { above: 0, max: 1 }),
  };
}

function modelsOf(names: readonly string[], { tariffs, models }: Catalog): string[] {
  const priced = new Map([...new Set(tariffs.map(({ model }) => model))].map((model) => [model.toLowerCase(), model]));
  for (const { id, aliases } of models) if (priced.has(id)) for (const alias of aliases) priced.set(alias.toLowerCase(), id);
  return [...new Set(names.map((name) => lookupName(priced, name, '--against', 'kplan data tariffs')))];
}

/**
 * Resolves names, fills defaults and refuses what cannot be meant.
 *
 * @throws Fault `missing` where no volume is asked, and as `breakEven` does
 */
export function resolveCostQuery(query: CostQuery, catalog: Catalog): CostQuestion {
  const anywhere = query.gpu.length === 0 ? DEFAULT_GPU : query.gpu;
  const offered =
    query.purchases ?? (query.offers && query.offers.length > 0 ? undefined : (['on-demand', 'reserved-3y', 'owned'] as const));
  const hosting = resolveHostingQuery({ ...query, gpu: anywhere, ...given('purchases', offered) }, catalog);
  const { requestsPerMonth } = hosting.volume;
  if (requestsPerMonth === null)
    throw new Fault('missing', 'how much is asked in a month', {
      where: '--users',
      allowed: '--users, --tokens-per-month or --requests-per-month',
    });
  if (requestsPerMonth === 0)
    throw new Fault('invalid', 'no traffic costs nothing at an API', {
      where: '--tokens-per-month',
      value: 0,
      allowed: 'a volume above 0',
    });
  return {
    hosting,
    requests: requestsPerMonth,
    against: modelsOf(query.against ?? [], catalog).filter((name) => name !== hosting.fit.base.model.id),
    task: taskOf(query, hosting),
    outputWeight: checkNumber(query.outputWeight ?? OUTPUT_WEIGHT, '--output-weight', { above: 0, max: 1000 }),
  };
}
