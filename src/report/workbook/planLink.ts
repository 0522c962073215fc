import type { Term } from '../../evidence/term.ts';
import type { PlanLink } from './cashFlowSheet.ts';
import type { ParseFormula } from './sheetFormula.ts';
import type { Alternative } from './termGroups.ts';
import type { TermSheets } from './termSheets.ts';
import { timeTermIds } from './timeTerms.ts';

const RUNNING = ['maintenanceCost', 'energyCost', 'colocationCost', 'networkCost', 'staffCost'] as const;

/** Formulas over the terms that may give a number of a plan. */
function candidates(name: string, k: string, t: string, ids: ReadonlySet<string>): readonly string[] {
  const running = (lines: readonly string[]) =>
    lines
      .map((line) => `${k}_${line}`)
      .filter((id) => ids.has(id))
      .join(' + ');
  const known: Readonly<Record<string, readonly string[]>> = {
    requestsPerMonth: ['requestsPerMonth'],
    usdPerRequest: [`${t}_usdPerRequest`],
    requestsPerReplica: [`${k}_plannedRequests`],
    replicasPerStep: [`${k}_replicasPerInstance`],
    instancesPerStep: [`${k}_instancesPerReplica`],
    spareReplicas: ['spareReplicas'],
    instanceUsd: [`${k}_capexUsd`, `${k}_rent`],
    lifeMonths: [`max(1, floor(${k}_lifeYears * 12 + 0.5))`],
    residualShare: [`${k}_residualShare`],
    runningUsdPerMonth: [running(RUNNING), running(RUNNING.filter((line) => line !== 'staffCost'))],
    oneOffUsd: ['oneOffUsd'],
    overlapMonths: ['floor(rampMonths + 0.5)'],
    costOfCapital: [`${k}_costOfCapital`, ...[...ids].filter((id) => id.endsWith('_costOfCapital'))],
  };
  const shared = timeTermIds(name).filter((id) => ids.has(id));
  return [...(known[name] ?? []), ...shared].filter((formula) => formula !== '');
}

/**
 * Finds the cells from which a number of a plan follows: the first formula over the terms that gives it. A number without one is an input
 * of its own.
 */
export function planLink(
  terms: readonly Term[],
  fleet: Alternative,
  tariff: Alternative,
  sheets: TermSheets,
  parse: ParseFormula,
): PlanLink {
  const scope = Object.fromEntries(terms.map(({ id, value }) => [id, value]));
  const ids = new Set(terms.map(({ id }) => id));
  const gives = (formula: string, wanted: number): boolean => {
    const node = parse(formula);
    const symbols = formula.match(/[A-Za-z_]\w*/g) ?? [];
    if (symbols.some((symbol) => !ids.has(symbol) && symbol !== 'max' && symbol !== 'floor')) return false;
    return Math.abs(Number(node.evaluate({ ...scope })) - wanted) <= 1e-9 * Math.max(Math.abs(wanted), 1e-9);
  };
  return ({ name, value }) => {
    const found = candidates(name, fleet.key, tariff.key, ids).find((formula) => gives(formula, value));
    return found === undefined ? null : sheets.formulaOf(found);
  };
}
