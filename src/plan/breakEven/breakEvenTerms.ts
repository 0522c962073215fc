import { fleetUsd, requestsPerStep } from '../../cost/fleet.ts';
import { type Term, TermSheet } from '../../evidence/term.ts';
import type { ApiPrice } from '../api/apiPrices.ts';
import { apiTerms } from '../api/apiTerms.ts';
import type { Catalog } from '../catalog.ts';
import { modelTerms } from '../hosting/capacityTerms.ts';
import { demandTerms } from '../hosting/demandTerms.ts';
import type { HostingQuery, HostingQuestion } from '../hosting/hostingQuestion.ts';
import { hostTerms } from '../hosting/hostTerms.ts';
import { isSized, middleStairs, type SelfHost, type SizedSelfHost } from '../hosting/selfHost.ts';
import { apiVolumeTerms, fleetVolumeTerms } from '../hosting/volumeTerms.ts';
import type { MonthlyRow } from './breakEvenAnswer.ts';
import type { Comparison } from './comparison.ts';
import { comparisonTerms } from './crossingTerms.ts';
import type { PaybackPair } from './payback.ts';
import { paybackTerms } from './paybackTerms.ts';
import type { solve } from './solve.ts';
import { solveTerms } from './solveTerms.ts';

function volumeFormula(row: MonthlyRow, comparisons: readonly Comparison[], side: SizedSelfHost, question: HostingQuestion): string {
  if (question.volume.requestsPerMonth !== null) return 'requestsPerMonth';
  const crossing = comparisons
    .flatMap(({ crossings }) => crossings)
    .find(({ requestsPerMonth: requests }) => requests === row.requestsPerMonth);
  const share = row.requestsPerMonth / requestsPerStep(middleStairs(side, question));
  return crossing ? crossing.id : `${share} * ${side.key}_requestsPerStep`;
}

function monthlyTerms(
  sheet: TermSheet,
  row: MonthlyRow,
  side: SizedSelfHost,
  comparisons: readonly Comparison[],
  prices: readonly ApiPrice[],
  question: HostingQuestion,
): void {
  const usd = fleetUsd(row.instances, middleStairs(side, question));
  const volume = {
    id: row.id,
    requests: row.requestsPerMonth,
    formula: volumeFormula(row, comparisons, side, question),
    fleet: { replicas: row.replicas, instances: row.instances, usdPerMonth: usd },
  };
  fleetVolumeTerms(sheet, volume, side);
  for (const price of prices) apiVolumeTerms(sheet, volume, price);
}

/** All parts of an answer that its derivation tells of. */
export interface Derived {
  readonly sides: readonly SelfHost[];
  readonly prices: readonly ApiPrice[];
  readonly comparisons: readonly Comparison[];
  readonly monthly: readonly MonthlyRow[];
  readonly paybacks: readonly PaybackPair[];
  readonly solved: readonly ReturnType<typeof solve>[];
}

/**
 * The derivation of an answer, in the order in which it is reasoned: the request, the API prices, then per fleet its price, capacity,
 * staircase, crossings, monthly rows, paybacks and what was solved for.
 */
export function breakEvenTerms(question: HostingQuestion, query: HostingQuery, parts: Derived, catalog: Catalog): readonly Term[] {
  const { sides, prices, comparisons, monthly } = parts;
  const sheet = new TermSheet();
  demandTerms(sheet, question, query, catalog);
  for (const price of prices) apiTerms(sheet, price);
  if (sides.some(({ capacity }) => capacity.kind === 'modelled')) modelTerms(sheet, question);
  for (const side of sides) {
    hostTerms(sheet, side, question);
    if (!isSized(side)) continue;
    const own = comparisons.filter((comparison) => comparison.side === side);
    for (const pair of own) comparisonTerms(sheet, pair);
    for (const row of monthly.filter(({ offer }) => offer === side.id)) monthlyTerms(sheet, row, side, own, prices, question);
    for (const pair of own)
      for (const found of parts.solved.filter(({ offer, tariff }) => offer === side.id && tariff === pair.api.line.id))
        solveTerms(sheet, found, found.root, pair, question);
  }
  for (const pair of parts.paybacks) paybackTerms(sheet, pair, question);
  return sheet.terms;
}
