import { fleetUsd } from '../../cost/fleet.ts';
import { type Term, TermSheet } from '../../evidence/term.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import { apiTerms } from '../api/apiTerms.ts';
import type { Catalog } from '../catalog.ts';
import { modelTerms } from '../hosting/capacityTerms.ts';
import { demandTerms } from '../hosting/demandTerms.ts';
import { hostTerms } from '../hosting/hostTerms.ts';
import { isSized, middleStairs, type SelfHost } from '../hosting/selfHost.ts';
import { fleetVolumeTerms } from '../hosting/volumeTerms.ts';
import type { CostRow } from './costAnswer.ts';
import type { CostQuery, CostQuestion } from './costQuestion.ts';

/** What both kinds of row derive from the month's cost `<key>_usdPerMonth`. */
function unitTerms(sheet: TermSheet, key: string, row: CostRow, usdPerMonth: number, { hosting, task, requests }: CostQuestion): void {
  const { users } = hosting.volume;
  if (users)
    sheet.formula(`${key}_usdPerUser`, `${row.name}: a user`, 'USD/month', usdPerMonth / users.count, `${key}_usdPerMonth / users`);
  if (task)
    sheet.formula(
      `${key}_usdPerTask`,
      `${row.name}: a finished ${task.name}`,
      'USD',
      ((usdPerMonth / requests) * task.requests) / task.finishedShare,
      `${key}_usdPerMonth / requestsPerMonth * requestsPerTask / finishedShare`,
    );
}

function apiRowTerms(sheet: TermSheet, price: ApiPrice, row: CostRow, question: CostQuestion): void {
  const { key: t, bill, line } = price;
  apiTerms(sheet, price);
  for (const { leaf, tokens, usdPerMtok } of bill)
    sheet.formula(
      `${t}_${leaf}Usd`,
      `${line.id}: ${leaf} of the month`,
      'USD/month',
      (question.requests * tokens * usdPerMtok) / 1e6,
      `requestsPerMonth * ${price.tokens[leaf]} * ${t}_${leaf}Price / tokensPerMtok`,
    );
  const usd = question.requests * line.usdPerRequest;
  sheet.formula(`${t}_usdPerMonth`, `${line.id}: the month`, 'USD/month', usd, bill.map(({ leaf }) => `${t}_${leaf}Usd`).join(' + '));
  unitTerms(sheet, t, row, usd, question);
}

function ownRowTerms(sheet: TermSheet, side: SelfHost, row: CostRow, question: CostQuestion): void {
  const { hosting, requests } = question;
  hostTerms(sheet, side, hosting);
  if (!isSized(side)) return;
  const { replicas = 0, instances = 0 } = row;
  const usd = fleetUsd(instances ?? 0, middleStairs(side, hosting));
  const id = `${side.key}_usdPerMonth`;
  fleetVolumeTerms(
    sheet,
    { id, requests, formula: 'requestsPerMonth', fleet: { replicas: replicas ?? 0, instances: instances ?? 0, usdPerMonth: usd } },
    side,
  );
  const { inputTokens, outputTokens } = hosting.demand;
  const output = (usd / (requests * (inputTokens / question.outputWeight + outputTokens))) * 1e6;
  sheet
    .formula(
      `${side.key}_outputUsdPerMtok`,
      'a million output tokens, by the split rule',
      'USD/Mtoken',
      output,
      `${id} / (requestsPerMonth * (inputTokens / outputWeight + outputTokens)) * tokensPerMtok`,
    )
    .formula(
      `${side.key}_inputUsdPerMtok`,
      'a million input tokens, by the split rule',
      'USD/Mtoken',
      output / question.outputWeight,
      `${side.key}_outputUsdPerMtok / outputWeight`,
    );
  unitTerms(sheet, side.key, row, usd, question);
}

/** The derivation of a cost answer: the request and its volume, then each tariff and each fleet with its month. */
export function costTerms(
  question: CostQuestion,
  query: CostQuery,
  prices: readonly ApiPrice[],
  sides: readonly SelfHost[],
  rows: readonly CostRow[],
  catalog: Catalog,
): readonly Term[] {
  const { hosting, task, outputWeight } = question;
  const sheet = new TermSheet();
  demandTerms(sheet, hosting, query, catalog);
  sheet.input(
    'outputWeight',
    'input tokens that an output token counts',
    '',
    outputWeight,
    query.outputWeight === undefined ? 'kplan' : 'user',
  );
  if (task) {
    const source = hosting.demand.workload?.source ?? 'kplan';
    sheet
      .input(
        'requestsPerTask',
        `requests of one ${task.name}`,
        'request',
        task.requests,
        query.requestsPerTask === undefined ? source : 'user',
      )
      .input(
        'finishedShare',
        'share of tasks that are finished',
        '',
        task.finishedShare,
        query.finishedShare === undefined ? 'kplan' : 'user',
      );
  }
  const rowOf = (id: string) => rows.find((row) => row.id === id);
  for (const price of prices) {
    const row = rowOf(price.line.id);
    if (row) apiRowTerms(sheet, price, row, question);
  }
  if (sides.some(({ capacity }) => capacity.kind === 'modelled')) modelTerms(sheet, hosting);
  for (const side of sides) {
    const row = rowOf(side.id);
    if (row) ownRowTerms(sheet, side, row, question);
  }
  return sheet.terms;
}
