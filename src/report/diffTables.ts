import { signedShare } from '../plan/diff/changeWords.ts';
import type { DiffAnswer, FigureDifference, InputChange, LoneFigure, OpenBand, VerdictChange } from '../plan/diff/diffAnswer.ts';
import { bandedText, figureText } from '../plan/figures/figure.ts';
import { commandOf } from '../plan/figures/figures.ts';
import { codeInWords, formatNumber } from './format.ts';
import { bandedColumn, type Table } from './table.ts';

/** Words of the question that were changed, with where they stand. */
export function inputsTable(inputs: readonly InputChange[]): Table {
  return {
    columns: [{ title: 'input' }, { title: 'before' }, { title: 'after' }, { title: 'where' }],
    rows: inputs.map(({ name, before, after, beforeAt, afterAt }) => ({
      cells: [name, before ?? '–', after ?? '–', afterAt ?? beforeAt ?? ''],
    })),
  };
}

/** Verdicts that turned. */
export function verdictsTable(verdicts: readonly VerdictChange[]): Table {
  return {
    columns: [{ title: 'answer' }, { title: 'of' }, { title: 'before' }, { title: 'after' }],
    rows: verdicts.map(({ of, subject, before, after }) => ({
      cells: [commandOf(of), subject, codeInWords(before), codeInWords(after)],
    })),
  };
}

function valueText(unit: FigureDifference['unit'], value: OpenBand | null): string {
  return value === null ? 'none' : bandedText(unit, value);
}

function ends({ low, high }: OpenBand): string {
  const end = (of: number | null) => (of === null ? 'without end' : signedShare(of));
  return low === high ? '' : ` (${end(low)} to ${end(high)})`;
}

/** What a figure is of; where that changed, with the words that were replaced. */
function subjectText({ subject, subjectBefore }: FigureDifference): string {
  if (subject === subjectBefore) return subject;
  const [was, is] = [subjectBefore.split(' '), subject.split(' ')];
  let [start, end] = [0, 0];
  while (start < Math.min(was.length, is.length) && was[start] === is[start]) start++;
  while (end < Math.min(was.length, is.length) - start && was.at(-1 - end) === is.at(-1 - end)) end++;
  const middle = (words: readonly string[]) => words.slice(start, words.length - end).join(' ') || 'nothing';
  return [...is.slice(0, start), middle(was), '→', middle(is), ...is.slice(is.length - end)].join(' ');
}

function amountText(unit: FigureDifference['unit'], moved: number): string {
  const sign = moved > 0 ? '+' : '';
  return unit === 'share' ? `${sign}${formatNumber(100 * moved)} points` : `${sign}${figureText(unit, moved)}`;
}

function amountEnds(unit: FigureDifference['unit'], absolute: OpenBand | null): string {
  if (absolute === null || absolute.low === absolute.high) return '';
  const end = (of: number | null) => (of === null ? 'without end' : amountText(unit, of));
  return ` (${end(absolute.low)} to ${end(absolute.high)})`;
}

function changeText({ unit, before, absolute, relative, real }: FigureDifference): string {
  const moved = absolute?.value;
  if (moved == null) return before === null ? 'none before' : 'none any more';
  if (moved === 0) return 'its band alone';
  const share = relative?.value == null ? amountEnds(unit, absolute) : `, ${signedShare(relative.value)}${ends(relative)}`;
  return `${amountText(unit, moved)}${share}${real ? '' : '; not a real difference'}`;
}

/** Figures that changed, with the bands of both sides and of the change. */
export function figuresTable(figures: readonly FigureDifference[]): Table {
  return {
    columns: [{ title: 'answer' }, { title: 'figure' }, { title: 'of' }, { title: 'before' }, { title: 'after' }, { title: 'change' }],
    rows: figures.map((each) => ({
      cells: [
        commandOf(each.of),
        each.label,
        subjectText(each),
        valueText(each.unit, each.before),
        valueText(each.unit, each.after),
        changeText(each),
      ],
    })),
  };
}

/** Figures that one side alone has. */
export function loneTable(lone: readonly LoneFigure[]): Table {
  return {
    columns: [{ title: 'answer' }, { title: 'figure' }, { title: 'of' }, { title: 'only' }, { title: 'value' }],
    rows: lone.map(({ of, side, label, subject, unit, value }) => ({
      cells: [commandOf(of), label, subject, side, valueText(unit, value)],
    })),
  };
}

/** Every changed figure with unrounded numbers under the names of the JSON, for CSV. */
export function diffRawTable({ figures }: DiffAnswer): Table {
  return {
    columns: [
      ...['of', 'code', 'subjectBefore', 'subject', 'unit'].map((title) => ({ title })),
      ...['before', 'after', 'absolute', 'relative'].map(bandedColumn),
      { title: 'kinship' },
      { title: 'real' },
    ],
    rows: figures.map(({ of, code, subjectBefore, subject, unit, before, after, absolute, relative, kinship, real }) => ({
      cells: [of, code, subjectBefore, subject, unit, before, after, absolute, relative, kinship, String(real)],
    })),
  };
}
