import type { AnswerEvidence } from '../../plan/answerEvidence.ts';
import { asSentence } from '../sections.ts';
import { type SheetRow, textCell, type WorkbookSheet } from './workbook.ts';

function headers(...titles: readonly string[]): SheetRow {
  return titles.map((title) => textCell(title, 'header'));
}

function kindOf(code: string): string {
  if (code.startsWith('not-counted')) return 'not counted';
  return code.startsWith('counted') ? 'counted' : 'assumed';
}

/** Everything that was assumed, counted and left out. */
export function assumptionSheet({ assumptions }: Pick<AnswerEvidence, 'assumptions'>): WorkbookSheet {
  const told = new Map(assumptions.map((assumption) => [assumption.text, assumption]));
  const order = ['assumed', 'counted', 'not counted'];
  const rows = [...told.values()]
    .map(({ code, text, source }) => ({ kind: kindOf(code), text, source }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return {
    name: 'Assumptions',
    widths: [14, 110, 44],
    frozenRows: 2,
    rows: [
      [textCell('What was assumed, counted and left out', 'title')],
      headers('kind', 'what', 'who says so'),
      ...rows.map(({ kind, text, source }) => [
        textCell(kind, 'muted'),
        textCell(asSentence(text)),
        textCell(source === 'user' ? 'as asked' : source === 'kplan' ? 'kplan' : source, 'muted'),
      ]),
    ],
  };
}

/** Every source of a fact with its date. */
export function sourceSheet({ sources }: Pick<AnswerEvidence, 'sources'>): WorkbookSheet {
  return {
    name: 'Sources',
    widths: [44, 12, 12, 90, 60],
    frozenRows: 2,
    rows: [
      [textCell('Sources', 'title')],
      headers('source', 'date', 'kind', 'where it was read', 'note'),
      ...Object.entries(sources).map(([id, { ref, date, kind, note = '' }]) => [
        textCell(id),
        textCell(date, 'muted'),
        textCell(kind, 'muted'),
        textCell(ref),
        textCell(note, 'muted'),
      ]),
    ],
  };
}
