import type { Dossier } from '../../plan/dossier/dossier.ts';
import { breakEvenReport } from '../breakEvenReport.ts';
import { costReport } from '../costReport.ts';
import { fitReport } from '../fitReport.ts';
import { hybridReport } from '../hybridReport.ts';
import type { Block, Report } from '../report.ts';
import { isEvidence } from '../sections.ts';
import { sizeReport } from '../sizeReport.ts';
import { speedReport } from '../speedReport.ts';
import type { DerivedAnswer } from './derivations.ts';

/** An answer of a page with all that its command prints, but for what all answers share. */
export interface AnswerTables {
  readonly command: string;
  readonly blocks: readonly Block[];
}

function tablesOf(command: string, { blocks }: Report): AnswerTables {
  return { command, blocks: blocks.filter((block) => block.kind !== 'answer' && !isEvidence(block)) };
}

/** What each command behind a page prints. */
export function answerTables({ breakEven, cost, hybrid, size, speed, fit }: Dossier): AnswerTables[] {
  return [
    tablesOf('breakeven', breakEvenReport(breakEven)),
    ...(cost ? [tablesOf('cost', costReport(cost))] : []),
    ...(hybrid ? [tablesOf('hybrid', hybridReport(hybrid))] : []),
    ...(size ? [tablesOf('size', sizeReport(size))] : []),
    ...(speed ? [tablesOf('speed', speedReport(speed))] : []),
    ...(fit ? [tablesOf('fit', fitReport(fit))] : []),
  ];
}

/** The terms of the answers of a page. */
export function derivedAnswers({ breakEven, cost, fit }: Dossier): DerivedAnswer[] {
  return [
    { command: 'breakeven', row: '', terms: breakEven.terms },
    ...(cost ? [{ command: 'cost', row: '', terms: cost.terms }] : []),
    ...(fit?.results ?? []).map(({ key, terms = [] }) => ({ command: 'fit', row: key, terms })),
  ].filter(({ terms }) => terms.length > 0);
}
