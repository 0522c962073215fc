import type { Term } from '../../evidence/term.ts';
import type { CostAnswer, CostRow } from '../../plan/cost/costAnswer.ts';
import { asSentence } from '../sections.ts';
import { FORMATS } from './numberFormat.ts';
import { headers, listed, section, summaryEnd, summaryHead } from './summaryParts.ts';
import type { Alternatives } from './termGroups.ts';
import type { TermSheets } from './termSheets.ts';
import { formulaCell, numberCell, type SheetRow, textCell } from './workbook.ts';

interface Told {
  readonly answer: CostAnswer;
  readonly alternatives: Alternatives;
  readonly sheets: TermSheets;
}

function liveTerm(id: string, format: string, terms: readonly Term[], sheets: TermSheets) {
  const term = terms.find((one) => one.id === id);
  return term ? formulaCell(sheets.formulaOf(id), term.value, format) : null;
}

function costRow(row: CostRow, { answer, alternatives, sheets }: Told): SheetRow {
  const { terms, month } = answer;
  const key = [...alternatives.fleets, ...alternatives.tariffs].find(({ id }) => id === row.id)?.key ?? '';
  const usd = terms.find(({ id }) => id === `${key}_usdPerMonth`);
  return [
    textCell(row.name),
    textCell(row.model),
    textCell(row.tier ?? row.role, 'muted'),
    usd ? formulaCell(sheets.formulaOf(usd.id), usd.value, FORMATS.usd, 'result') : numberCell(row.usdPerMonth.value, FORMATS.usd, 'fixed'),
    numberCell(row.usdPerMonth.low, FORMATS.usd, 'fixed'),
    numberCell(row.usdPerMonth.high, FORMATS.usd, 'fixed'),
    usd
      ? formulaCell(
          sheets.formulaOf(`${usd.id} / (requestsPerMonth * tokensPerRequest) * tokensPerMtok`),
          (usd.value / month.tokens) * 1e6,
          FORMATS.price,
        )
      : null,
    liveTerm(`${key}_usdPerUser`, FORMATS.cents, terms, sheets),
    liveTerm(`${key}_usdPerTask`, FORMATS.price, terms, sheets),
  ];
}

/** What the traffic costs everywhere, for somebody who only opens the workbook. */
export function costSummary(told: Told, names: readonly string[]): SheetRow[] {
  const { answer, sheets } = told;
  return [
    ...summaryHead(`What does this traffic of ${String(answer.query['model'])} cost a month?`, answer, sheets),
    ...section('The month, cheapest first as kplan found it'),
    headers([
      'who is paid',
      'model',
      'tier or purchase',
      'USD a month',
      '10th percentile',
      '90th percentile',
      'USD/Mtok',
      'USD a user',
      'USD a finished task',
    ]),
    ...answer.rows.map((row) => costRow(row, told)),
    ...listed(
      'What would help',
      answer.remedies.map(({ row, message }) => asSentence(`${row}: ${message}`)),
    ),
    ...listed(
      'Not priced',
      answer.refusals.map(({ gpu, message }) => asSentence(`${gpu}: ${message}`)),
    ),
    ...listed(
      'Beside money',
      answer.constraints.map(({ label, text }) => asSentence(`${label}: ${text}`)),
    ),
    ...summaryEnd(answer, names),
  ];
}
