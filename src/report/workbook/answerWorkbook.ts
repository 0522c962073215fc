import type { Term } from '../../evidence/term.ts';
import type { AnswerEvidence } from '../../plan/answerEvidence.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { CostAnswer } from '../../plan/cost/costAnswer.ts';
import { fleetLineName, namesOf } from '../breakEvenTables.ts';
import { breakEvenSummary } from './breakEvenSummary.ts';
import type { CashFlowCase } from './cashFlowCase.ts';
import { CASH_FLOW, cashFlowSheet } from './cashFlowSheet.ts';
import { costSummary } from './costSummary.ts';
import { assumptionSheet, sourceSheet } from './evidenceSheets.ts';
import type { PairFlow } from './outlookRows.ts';
import { planLink } from './planLink.ts';
import { sensitivitySheet } from './sensitivitySheet.ts';
import { formulaParser, type ParseFormula } from './sheetFormula.ts';
import { summarySheet } from './summaryParts.ts';
import { type Alternative, type Alternatives, alternativesOf } from './termGroups.ts';
import { type TermSheets, termSheets } from './termSheets.ts';
import { timeTerms } from './timeTerms.ts';
import type { SheetRow, Workbook, WorkbookSheet } from './workbook.ts';

interface Told extends AnswerEvidence {
  readonly schema: string;
}

/** All sheets in order: the summary knows the names of the others. */
function bound(
  answer: Told,
  title: string,
  sheets: TermSheets,
  between: readonly (WorkbookSheet | null)[],
  summary: (names: readonly string[]) => SheetRow[],
): Workbook {
  const others = [
    sheets.inputs,
    sheets.derivation,
    ...between.flatMap((sheet) => sheet ?? []),
    assumptionSheet(answer),
    sourceSheet(answer),
  ];
  const first = summarySheet(summary(others.map(({ name }) => name)));
  return { schema: answer.schema, title, asOf: answer.dataAge.asOf, sheets: [first, ...others] };
}

/** A cash flow with the terms of its pair. */
interface PairCase {
  readonly own: Alternative;
  readonly api: Alternative;
  readonly flowCase: CashFlowCase;
}

/** The cash flows of the pairs that have terms. */
function pairCases({ cashFlows, time }: BreakEvenAnswer, { fleets, tariffs }: Alternatives): PairCase[] {
  if (!time) return [];
  return cashFlows.flatMap(({ plan, offer, tariff }) => {
    const [own, api] = [fleets.find(({ id }) => id === offer), tariffs.find(({ id }) => id === tariff)];
    if (!own || !api) return [];
    const { firstMonth, discount, tax } = time;
    const title = `${own.name} against ${api.name}, from ${firstMonth}`;
    return [{ own, api, flowCase: { title, plan, firstMonth, costOfCapital: discount, waitMonths: 0, tax } }];
  });
}

/** A sheet for each cash flow, with the numbers of its plan linked to the terms. */
function cashFlowSheets(cases: readonly PairCase[], terms: readonly Term[], sheets: TermSheets, parse: ParseFormula): PairFlow[] {
  return cases.map(({ own, api, flowCase }, place) => {
    const name = cases.length === 1 ? CASH_FLOW : `${CASH_FLOW} ${place + 1}`;
    return { offer: own.id, tariff: api.id, ...cashFlowSheet(name, flowCase, planLink(terms, own, api, sheets, parse)) };
  });
}

/**
 * The workbook of a break-even: what was decided and why, the inputs, the derivation as live formulas, how sure it is, and the evidence.
 *
 * @param answer with terms
 */
export async function breakEvenWorkbook(answer: BreakEvenAnswer): Promise<Workbook> {
  const alternatives = alternativesOf(
    answer.terms,
    answer.offers.map(({ id }) => id),
    namesOf(answer),
  );
  const parse = await formulaParser();
  const cases = pairCases(answer, alternatives);
  const terms = [
    ...answer.terms,
    ...timeTerms(
      answer,
      cases.map(({ flowCase }) => flowCase),
    ),
  ];
  const sheets = termSheets({ terms, sources: answer.sources }, alternatives, parse);
  const flows = cashFlowSheets(cases, terms, sheets, parse);
  const between = [...flows.map(({ sheet }) => sheet), sensitivitySheet(answer)];
  return bound(answer, `Break-even of ${String(answer.query['model'])}`, sheets, between, (names) =>
    breakEvenSummary({ answer, alternatives, sheets, flows }, names),
  );
}

/**
 * The workbook of a cost answer: what the traffic costs everywhere, the inputs, the derivation as live formulas, and the evidence.
 *
 * @param answer with terms
 */
export async function costWorkbook(answer: CostAnswer): Promise<Workbook> {
  const rows = new Map(answer.rows.map((row) => [row.id, `${row.name}, ${row.model}`]));
  const fleets = new Map(answer.fleets.map((fleet) => [fleet.id, fleetLineName(fleet)]));
  const alternatives = alternativesOf(
    answer.terms,
    answer.fleets.map(({ id }) => id).filter((id) => rows.has(id)),
    (id) => fleets.get(id) ?? rows.get(id) ?? id,
  );
  const sheets = termSheets(answer, alternatives, await formulaParser());
  return bound(answer, `Cost of ${String(answer.query['model'])}`, sheets, [], (names) =>
    costSummary({ answer, alternatives, sheets }, names),
  );
}
