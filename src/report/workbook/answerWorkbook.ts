import type { AnswerEvidence } from '../../plan/answerEvidence.ts';
import type { BreakEvenAnswer } from '../../plan/breakEven/breakEvenAnswer.ts';
import type { CostAnswer } from '../../plan/cost/costAnswer.ts';
import { fleetLineName, namesOf } from '../breakEvenTables.ts';
import { breakEvenSummary } from './breakEvenSummary.ts';
import { costSummary } from './costSummary.ts';
import { assumptionSheet, sourceSheet } from './evidenceSheets.ts';
import { sensitivitySheet } from './sensitivitySheet.ts';
import { formulaParser } from './sheetFormula.ts';
import { summarySheet } from './summaryParts.ts';
import { alternativesOf } from './termGroups.ts';
import { type TermSheets, termSheets } from './termSheets.ts';
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
  const sheets = termSheets(answer, alternatives, await formulaParser());
  return bound(answer, `Break-even of ${String(answer.query['model'])}`, sheets, [sensitivitySheet(answer)], (names) =>
    breakEvenSummary({ answer, alternatives, sheets }, names),
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
