import type { AnswerEvidence } from '../../plan/answerEvidence.ts';
import { ageText, asSentence, questionText } from '../sections.ts';
import { FORMATS } from './numberFormat.ts';
import type { TermSheets } from './termSheets.ts';
import { formulaCell, type SheetRow, textCell, type WorkbookSheet } from './workbook.ts';

/** Columns of a summary. */
const SUMMARY_WIDTHS: readonly number[] = [38, 30, 18, 18, 18, 18, 18, 20, 20];
const SPREAD = SUMMARY_WIDTHS.length;

/** A live sentence over the whole width. */
export function sentence(formula: string, value: string, look: 'strong' | 'muted'): SheetRow {
  return [{ ...formulaCell(formula, value, FORMATS.plain, look), spread: SPREAD }];
}

/** A paragraph over the whole width. */
export function paragraph(text: string, look: 'text' | 'strong' | 'muted' = 'text'): SheetRow {
  return [textCell(text, look, { spread: SPREAD })];
}

/** A title over a part of the summary, with an empty row before it. */
export function section(title: string): SheetRow[] {
  return [[], [textCell(title, 'section', { spread: SPREAD })]];
}

/** Titles of columns. */
export function headers(titles: readonly string[]): SheetRow {
  return titles.map((title) => textCell(title, 'header'));
}

/** Sentences below a title, or nothing. */
export function listed(title: string, texts: readonly string[]): SheetRow[] {
  return texts.length === 0 ? [] : [...section(title), ...texts.map((text) => paragraph(`• ${text}`))];
}

/** Whether the numbers are kplan's, or follow inputs that were changed. */
function stateRow({ changedInputs }: TermSheets): SheetRow {
  const kept = 'All inputs are as kplan had them: the numbers are those of kplan.';
  const changed = ' inputs were changed: yellow and white numbers follow them, grey ones are still those of kplan.';
  return sentence(`IF(${changedInputs}=0,"${kept}",${changedInputs}&"${changed}")`, kept, 'muted');
}

interface Told extends AnswerEvidence {
  readonly answer: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * How a summary begins: what was decided, in words, and how old the facts are.
 *
 * @param headline rows above the words
 */
export function summaryHead(title: string, answer: Told, sheets: TermSheets, headline: readonly SheetRow[] = []): SheetRow[] {
  return [
    [textCell(title, 'title')],
    paragraph(ageText(answer.dataAge), 'muted'),
    ...section('The answer'),
    ...headline,
    paragraph(answer.answer),
    stateRow(sheets),
  ];
}

/** How a summary ends: what was asked, warnings, and how to read the workbook. */
export function summaryEnd(answer: Told, names: readonly string[]): SheetRow[] {
  const left = answer.assumptions.filter(({ code }) => code.startsWith('not-counted'));
  const guide: Readonly<Record<string, string>> = {
    Inputs: 'Inputs: every fact with its source. Overwrite a yellow cell and the workbook follows; column H says how far.',
    Derivation: 'Derivation: each number as a live formula beside the number that kplan computed.',
    'Cash flow': 'Cash flow: both sides month by month as live formulas, with present value, rate of return and payback.',
    Sensitivity: 'Sensitivity: how sure the answer is, what moves it most, and what would turn it; sampled by kplan.',
    Assumptions: 'Assumptions: all that was assumed, counted and left out.',
    Sources: 'Sources: where every fact was read, with its date.',
  };
  return [
    ...listed('Warnings', answer.warnings.map(asSentence)),
    ...listed('Left out', [...new Set(left.map(({ text }) => asSentence(text.replace(/^not counted: /i, ''))))]),
    ...section('What was asked'),
    paragraph(questionText(answer), 'muted'),
    ...listed('How to read this workbook', [...new Set(names.flatMap((name) => guide[name.replace(/ [0-9]+$/, '')] ?? []))]),
  ];
}

/** The first sheet. */
export function summarySheet(rows: readonly SheetRow[]): WorkbookSheet {
  return { name: 'Summary', widths: SUMMARY_WIDTHS, rows, frozenRows: 0 };
}
