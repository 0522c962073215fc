import type { Source, SourceId } from '../../evidence/source.ts';
import type { FormulaTerm, InputTerm, LookupTerm, Term } from '../../evidence/term.ts';
import { type Followed, followedOf } from './followed.ts';
import { FORMATS, termFormat } from './numberFormat.ts';
import { type ParseFormula, sheetFormula } from './sheetFormula.ts';
import { type Alternatives, type TermGroup, termGroups } from './termGroups.ts';
import {
  type CellLook,
  cellReference,
  formulaCell,
  numberCell,
  type SheetCell,
  type SheetRow,
  textCell,
  type WorkbookSheet,
} from './workbook.ts';

/** What the sheets of the terms are drawn from. */
export interface TermEvidence {
  readonly terms: readonly Term[];
  readonly sources: Readonly<Record<SourceId, Source>>;
}

/** The sheets that hold the terms, and where each one is. */
export interface TermSheets {
  readonly inputs: WorkbookSheet;
  readonly derivation: WorkbookSheet;
  /** The cell that holds a term. */
  readonly referenceOf: (id: string) => string | undefined;
  /** A formula over the terms as one over their cells. */
  readonly formulaOf: (formula: string) => string;
  /** A formula that counts the inputs which are not as kplan had them. */
  readonly changedInputs: string;
}

const INPUTS = 'Inputs';
const DERIVATION = 'Derivation';
/** Of the value, on both sheets. */
const VALUE = 1;
const INPUT_HEAD: readonly SheetRow[] = [
  [textCell('Inputs', 'title')],
  [
    textCell(
      'Overwrite a yellow cell in column B, and every formula of the workbook follows. Blue cells were read from lists and curves or computed by kplan: they can be overwritten too, but they do not follow other inputs. Column H says how far a change is followed.',
      'muted',
      { spread: 9 },
    ),
  ],
  ['what', 'value', 'as kplan had it', 'low', 'high', 'unit', 'source', 'is a change followed?', 'term'].map((text) =>
    textCell(text, 'header'),
  ),
];
const DERIVATION_HEAD: readonly SheetRow[] = [
  [textCell('Derivation', 'title')],
  [
    textCell(
      'Every number of the answer as a live formula over the inputs, beside the number that kplan computed. Grey numbers were solved or sampled by kplan: they do not follow changed inputs.',
      'muted',
      { spread: 9 },
    ),
  ],
  ['what', 'value', 'unit', "kplan's number", 'the same?', 'low', 'high', 'how', 'term'].map((text) => textCell(text, 'header')),
];

type Given = InputTerm | LookupTerm;

function isGiven(term: Term): term is Given {
  return term.kind === 'input' || term.kind === 'lookup';
}

/** Groups of which something is left. */
function holding(groups: readonly TermGroup[], keep: (term: Term) => boolean): TermGroup[] {
  return groups.map((group) => ({ ...group, terms: group.terms.filter(keep) })).filter(({ terms }) => terms.length > 0);
}

/** Rows of a sheet with the place of each term. */
function laidOut(groups: readonly TermGroup[], head: readonly SheetRow[], rowOf: (term: Term, row: number, label: string) => SheetRow) {
  const rows: SheetRow[] = [...head];
  for (const { title, prefix, terms } of groups) {
    rows.push([textCell(title, 'section', { spread: 9 })]);
    const labelOf = ({ label }: Term) => (prefix !== '' && label.startsWith(prefix) ? label.slice(prefix.length) : label);
    for (const term of terms) rows.push(rowOf(term, rows.length, labelOf(term)));
  }
  return rows;
}

/** Where each term will stand: below the head, with a title before each group. */
function places(groups: readonly TermGroup[], sheet: string, head: number): [id: string, reference: string][] {
  let row = head;
  return groups.flatMap(({ terms }) => {
    row++;
    return terms.map(({ id }): [string, string] => [id, cellReference(sheet, row++, VALUE)]);
  });
}

function sourceWords(origin: string, sources: TermEvidence['sources']): string {
  if (origin === 'user') return 'as asked';
  if (origin === 'kplan') return 'a choice of kplan’s, see the assumptions';
  const source = sources[origin];
  return source === undefined ? origin : `${origin}, ${source.date}, ${source.kind}`;
}

function sourceNote(term: Given, sources: TermEvidence['sources']): string {
  const source = sources[term.source];
  const read = term.kind === 'lookup' ? `Read from data: ${term.method}.\n` : '';
  if (source === undefined) return `${read}${sourceWords(term.source, sources)}`;
  return `${read}${source.ref}\n${source.date}, ${source.kind}${source.note === undefined ? '' : `\n${source.note}`}`;
}

function lookOf(term: Given, { code }: Followed): CellLook {
  if (code === 'constant') return 'fixed';
  return term.kind === 'lookup' || code === 'no' ? 'read' : 'input';
}

/** First what may be changed, then what the speed of the replicas was computed from. */
function givenGroups(groups: readonly TermGroup[], terms: readonly Term[]): TermGroup[] {
  const isOfSpeed = (term: Term) => followedOf(term, terms).code === 'no';
  const ofSpeed = holding(groups, (term) => isGiven(term) && isOfSpeed(term));
  return [
    ...holding(groups, (term) => isGiven(term) && !isOfSpeed(term)),
    ...ofSpeed.map((group) => ({ ...group, title: `${group.key === '' ? 'The model' : group.title}: what its speed was computed from` })),
  ];
}

function inputRow(term: Given, label: string, { terms, sources }: TermEvidence): SheetRow {
  const format = termFormat(term);
  const lookup = term.kind === 'lookup';
  const source = sourceWords(term.source, sources);
  const followed = followedOf(term, terms);
  return [
    textCell(label),
    numberCell(term.value, format, lookOf(term, followed), sourceNote(term, sources)),
    numberCell(term.value, format, 'fixed'),
    numberCell(term.low, format, 'fixed'),
    numberCell(term.high, format, 'fixed'),
    textCell(term.unit, 'muted'),
    textCell(lookup ? `${term.method}; ${source}` : source, 'muted'),
    textCell(followed.words, 'muted'),
    textCell(term.id, 'muted'),
  ];
}

function liveCells(term: FormulaTerm, row: number, formulaOf: TermSheets['formulaOf']): SheetCell[] {
  const [value, own] = [`B${row + 1}`, `D${row + 1}`];
  return [
    formulaCell(formulaOf(term.formula), term.value, termFormat(term)),
    textCell(term.unit, 'muted'),
    numberCell(term.value, termFormat(term), 'fixed') ?? textCell(''),
    formulaCell(`IF(ABS(${value}-${own})<=1E-9*MAX(ABS(${own}),1E-9),"yes","differs")`, 'yes', FORMATS.plain, 'muted'),
  ];
}

function derivedRow(term: Exclude<Term, Given>, label: string, row: number, formulaOf: TermSheets['formulaOf']): SheetRow {
  const format = termFormat(term);
  const own = numberCell(term.value, format, 'fixed');
  const cells = term.kind === 'formula' ? liveCells(term, row, formulaOf) : [own, textCell(term.unit, 'muted'), own, null];
  const how = term.kind === 'formula' ? term.formula : `${term.kind}, does not follow: ${term.method}`;
  return [
    textCell(label),
    ...cells,
    numberCell(term.low, format, 'fixed'),
    numberCell(term.high, format, 'fixed'),
    textCell(how, 'muted'),
    textCell(term.id, 'muted'),
  ];
}

/**
 * The sheets of all terms: inputs and lookups as values that can be overwritten, formulas as live cells beside kplan's own numbers, roots
 * and samples as values that do not follow.
 *
 * @param parse from `formulaParser`
 * @throws Error for a formula that has no counterpart in a workbook
 */
export function termSheets(evidence: TermEvidence, alternatives: Alternatives, parse: ParseFormula): TermSheets {
  const groups = termGroups(evidence.terms, alternatives);
  const given = givenGroups(groups, evidence.terms);
  const derived = holding(groups, (term) => !isGiven(term));
  const cells = new Map([...places(given, INPUTS, INPUT_HEAD.length), ...places(derived, DERIVATION, DERIVATION_HEAD.length)]);
  const referenceOf = (id: string) => cells.get(id);
  const formulaOf = (formula: string) => sheetFormula(formula, parse, referenceOf);
  const inputs = laidOut(given, INPUT_HEAD, (term, _, label) => (isGiven(term) ? inputRow(term, label, evidence) : []));
  const derivation = laidOut(derived, DERIVATION_HEAD, (term, row, label) =>
    isGiven(term) ? [] : derivedRow(term, label, row, formulaOf),
  );
  const [from, to] = [INPUT_HEAD.length + 1, inputs.length];
  return {
    inputs: { name: INPUTS, widths: [44, 18, 18, 14, 14, 18, 46, 40, 34], rows: inputs, frozenRows: INPUT_HEAD.length, frozenColumns: 1 },
    derivation: {
      name: DERIVATION,
      widths: [48, 20, 18, 20, 10, 16, 16, 80, 40],
      rows: derivation,
      frozenRows: DERIVATION_HEAD.length,
      frozenColumns: 1,
    },
    referenceOf,
    formulaOf,
    changedInputs: `SUMPRODUCT(--(${INPUTS}!$B$${from}:$B$${to}<>${INPUTS}!$C$${from}:$C$${to}))`,
  };
}
