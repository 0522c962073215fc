import type { BreakEvenAnswer, PairVerdict } from '../plan/breakEvenAnswer.ts';
import { crossingTable, fleetLineName, fleetTable, monthlyTable, namesOf, tariffTable } from './breakEvenTables.ts';
import { codeInWords } from './format.ts';
import { listBlock, type Report, tableBlock } from './report.ts';
import { evidenceBlocks, questionBlock } from './sections.ts';
import { termTable } from './termTable.ts';

export interface BreakEvenReportOptions {
  /** Gives the id under which `kplan explain` finds a term; with it, the terms are listed. */
  readonly ids?: (termId: string) => string;
}

/**
 * The answer of `breakeven` arranged for reading: the verdict in words, each pair, the crossings, both sides month by month,
 * what the GPUs and the API cost, and the evidence.
 *
 * @param answer what `breakEven` returned
 * @param options how much to show
 * @see renderText, renderMarkdown
 */
export function breakEvenReport(answer: BreakEvenAnswer, { ids }: BreakEvenReportOptions = {}): Report {
  const nameOf = namesOf(answer);
  const verdict = ({ offer, tariff, code, message }: PairVerdict) =>
    `${nameOf(offer)} against ${nameOf(tariff)}: ${codeInWords(code)}, ${message}`;
  return {
    schema: answer.schema,
    blocks: [
      { kind: 'answer', text: answer.answer },
      questionBlock(answer),
      ...listBlock('Verdicts', answer.verdicts.map(verdict)),
      ...tableBlock('Break-even volumes', crossingTable(answer)),
      ...answer.offers.flatMap((fleet) => tableBlock(`Both sides by month, ${fleetLineName(fleet)}`, monthlyTable(answer, fleet))),
      ...tableBlock('Own GPUs', fleetTable(answer)),
      ...tableBlock('API prices', tariffTable(answer)),
      ...(ids === undefined ? [] : tableBlock('Terms', termTable(answer.terms, ids))),
      ...evidenceBlocks(answer),
    ],
  };
}
