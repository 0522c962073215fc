import type { Dossier } from '../../plan/dossier/dossier.ts';
import { figuresOf } from '../../plan/figures/figures.ts';
import { listBlock, type Report } from '../report.ts';
import { questionBlock } from '../sections.ts';
import { bandedColumn, type Table } from '../table.ts';
import { keyFigures } from './keyFigures.ts';
import { pageSections } from './pageSections.ts';
import { provenanceBlocks, provenanceOf } from './provenance.ts';

/** A dossier as text, for a terminal, a pull request or a wiki: what the page says, without its charts. */
export function dossierReport(dossier: Dossier): Report {
  const figures = keyFigures(dossier).map(
    ({ label, of, value, band }) => `${label}: ${value}${band === '' ? '' : ` (${band})`}${of === '' ? '' : `, ${of}`}`,
  );
  return {
    schema: dossier.schema,
    blocks: [
      { kind: 'answer', text: dossier.breakEven.answer },
      ...listBlock('In short', figures),
      ...pageSections(dossier).flatMap(({ blocks }) => blocks),
      questionBlock(dossier.breakEven),
      ...provenanceBlocks(provenanceOf(dossier), dossier.missing),
    ],
  };
}

/** Every figure of every answer of a dossier, for CSV. */
export function dossierFigures({ breakEven, cost, hybrid, size, speed, fit }: Dossier): Table {
  const answers = [breakEven, cost, hybrid, size, speed, fit].filter((answer) => answer !== null);
  return {
    columns: [{ title: 'answer' }, { title: 'figure' }, { title: 'of' }, { title: 'unit' }, bandedColumn('value')],
    rows: answers.flatMap((answer) =>
      figuresOf(answer).map(({ code, subject, unit, value }) => ({ cells: [answer.schema, code, subject, unit, value] })),
    ),
  };
}
