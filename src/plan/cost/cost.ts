import type { Assumption } from '../../evidence/assumption.ts';
import { tokensPerRequest } from '../../throughput/loadPoint.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import type { Catalog } from '../catalog.ts';
import { fleetLine } from '../hosting/fleetLine.ts';
import { fleetsOf, unpricedLines } from '../hosting/fleets.ts';
import { hostingAssumptions, OTHER_MODELS } from '../hosting/hostingAssumptions.ts';
import { accountWarning, hostingAge, hostingOrigins, hostingQueryOf, hostingWarnings } from '../hosting/hostingEvidence.ts';
import { percent } from '../hosting/hostingWords.ts';
import { isSized } from '../hosting/selfHost.ts';
import { sourcesUsed, termSources } from '../sourcesUsed.ts';
import { apiRow, costPrices } from './apiRows.ts';
import type { CostAnswer, CostRow } from './costAnswer.ts';
import { type CostQuery, type CostQuestion, resolveCostQuery } from './costQuestion.ts';
import { costRemedy } from './costRemedy.ts';
import { costTerms } from './costTerms.ts';
import { costInWords } from './costWords.ts';
import { ownRow } from './ownRows.ts';

function ownAssumptions(query: CostQuery, { task, outputWeight, against }: CostQuestion): Assumption[] {
  const said = (asked: unknown) => (asked === undefined ? 'kplan' : 'user');
  return [
    {
      code: 'split',
      text: `On own GPUs one bill is split: an output token counts ${outputWeight} input tokens.`,
      source: said(query.outputWeight),
    },
    ...(task
      ? [
          {
            code: 'task',
            text: `A task is one ${task.name} of ${Number(task.requests.toFixed(2))} ${task.requests === 1 ? 'request' : 'requests'}; ${percent(task.finishedShare)} are finished, and the others are paid too.`,
            source: said(query.finishedShare),
          },
        ]
      : []),
    ...(against.length > 0
      ? [
          {
            code: 'against',
            text: OTHER_MODELS,
            source: 'kplan' as const,
          },
        ]
      : []),
  ];
}

/** Prices of the model whose roles an assumption names. */
function named(prices: readonly ApiPrice[], { hosting }: CostQuestion): ApiPrice[] {
  return prices.filter(({ line }) => line.role !== 'other' && line.model === hosting.fit.base.model.id);
}

/**
 * What does this traffic cost everywhere? One row for each tariff that holds on the day and each fleet of one's own, with its bill to
 * the cent, per million tokens, request, user and finished task, under both lenses, and what decides beside money.
 *
 * @param query workload, volume, GPUs and how they are paid for; H200 on demand, reserved for 3 years and owned where none are asked
 * @param catalog facts; prices and measurements later than the asked day are not used
 * @returns rows ascending in cost
 * @throws Fault `missing` without a volume; `unknown`, `invalid` or `contradiction` for a query that cannot be meant
 * @example cost({ gpu: ['h200'], workload: 'agentic-coding', users: 200 }, loadCatalog()).rows.length > 10 // true
 */
export function cost(query: CostQuery, catalog: Catalog): CostAnswer {
  const question = resolveCostQuery(query, catalog);
  const { hosting, requests, task } = question;
  const { knowledge, sides, refusals } = fleetsOf(query, hosting, catalog);
  const prices = costPrices(question, query.tariffs, catalog);
  const rows: CostRow[] = [
    ...prices.map((price) => apiRow(price, question, catalog)),
    ...sides.filter(isSized).map((side) => ownRow(side, question, catalog)),
  ].sort((a, b) => a.usdPerRequest - b.usdPerRequest);
  const terms = query.terms === false ? [] : costTerms(question, query, prices, sides, rows, catalog);
  const used = new Set(rows.flatMap(({ constraints }) => constraints));
  const constraints = catalog.constraints.filter(({ id }) => used.has(id));
  const accounts = prices.flatMap((price) => accountWarning(price) ?? []);
  const { demand, volume } = hosting;
  const remedies = sides.filter(isSized).flatMap((side) => costRemedy(query, question, side, knowledge) ?? []);
  return {
    schema: 'kplan/cost@1',
    query: { ...hostingQueryOf(query, hosting), ...(question.against.length > 0 ? { against: question.against } : {}) },
    answer: costInWords(rows, remedies, question),
    rows,
    fleets: sides.map((side) => fleetLine(side, hosting)),
    remedies,
    refusals: unpricedLines({ sides, refusals }),
    month: {
      requests,
      tokens: requests * tokensPerRequest(demand),
      inputTokens: requests * demand.inputTokens,
      outputTokens: requests * demand.outputTokens,
      users: volume.users?.count ?? null,
      task: task?.name ?? null,
      finishedTasks: task && (requests / task.requests) * task.finishedShare,
      outputWeight: question.outputWeight,
    },
    constraints,
    terms,
    assumptions: [...hostingAssumptions(query, hosting, sides, named(prices, question)), ...ownAssumptions(query, question)],
    warnings: [...new Set([...hostingWarnings(sides, named(prices, question), hosting, catalog), ...accounts])],
    sources: sourcesUsed(
      [...hostingOrigins(sides, prices, hosting), ...constraints.map(({ source }) => source), ...termSources(terms)],
      catalog,
    ),
    dataAge: hostingAge(sides, prices, hosting),
  };
}
