import type { Source, SourceId } from '../evidence/source.ts';
import type { Term } from '../evidence/term.ts';
import { formatNumber } from './format.ts';
import type { OutlineItem, Report } from './report.ts';
import { termValue } from './termTable.ts';

/** What an explanation is drawn from: a sheet of terms and the sources that they name. */
export interface Sheet {
  readonly terms: readonly Term[];
  readonly sources: Readonly<Record<SourceId, Source>>;
}

const DEEPEST = 8;
const SYMBOL = /[A-Za-z_]\w*/g;

/** Digits of a number in a formula: enough for a pocket calculator to come to the cent. */
const DIGITS = 10;

function exactly(value: number): string {
  return Number.isInteger(value) || Math.abs(value) < 1e-6 ? formatNumber(value) : String(Number(value.toPrecision(DIGITS)));
}

/** A number as it can stand in a formula; commas only where they cannot be taken for a separator. */
function operand(value: number, formula: string): string {
  const text = exactly(value);
  const plain = formula.includes(',') ? text.replaceAll(',', '') : text;
  return value < 0 ? `(${plain})` : plain;
}

function sourceText(id: string, sources: Sheet['sources']): string {
  if (id === 'user') return 'as asked';
  if (id === 'kplan') return 'a choice of kplan’s, named among the assumptions';
  const source = sources[id];
  return source === undefined
    ? `source: ${id}`
    : `source: ${source.ref} (${source.date}, ${source.kind})${source.note === undefined ? '' : `; ${source.note}`}`;
}

/** The terms that a formula names, each once, in order of appearance. */
function inputsOf(formula: string, byId: ReadonlyMap<string, Term>, self: string): Term[] {
  const names = new Set(formula.match(SYMBOL) ?? []);
  return [...names].flatMap((name) => (name === self ? [] : (byId.get(name) ?? [])));
}

/**
 * Says where a number comes from: its value with unit and band, its formula in symbols and again with the numbers put in,
 * and below it each input in the same way down to facts with source and date. An input that stands further up is only named.
 *
 * @param sheet the terms of one answer or row
 * @param id of the term, as the sheet has it
 * @returns a report, or null where the sheet has no such term
 */
export function explainReport({ terms, sources }: Sheet, id: string): Report | null {
  const byId = new Map(terms.map((term) => [term.id, term]));
  const told = new Set<string>();
  const withNumbers = (formula: string) =>
    formula.replace(SYMBOL, (name) => {
      const term = byId.get(name);
      return term === undefined ? name : operand(term.value, formula);
    });
  const tell = (term: Term, depth: number): OutlineItem[] => {
    const head = { depth, text: `${term.id}, ${term.label}: ${termValue(term)}` };
    if (told.has(term.id)) return [{ depth, text: `${term.id}, as above` }];
    told.add(term.id);
    const line = (text: string) => ({ depth: depth + 1, text });
    const inputs = (formula: string) =>
      depth < DEEPEST ? inputsOf(formula, byId, term.id).flatMap((input) => tell(input, depth + 1)) : [];
    switch (term.kind) {
      case 'input':
        return [head, line(sourceText(term.source, sources))];
      case 'lookup':
        return [head, line(`read from data: ${term.method}`), line(sourceText(term.source, sources))];
      case 'formula':
        return [head, line(`= ${term.formula}`), line(`= ${withNumbers(term.formula)}`), ...inputs(term.formula)];
      case 'solved':
        return [
          head,
          line(`solved: ${term.method}`),
          line(`0 = ${term.residual}`),
          line(`0 ≈ ${withNumbers(term.residual)}`),
          ...inputs(term.residual),
        ];
      case 'sampled':
        return [head, line(`sampled: ${term.method}`)];
    }
  };
  const term = byId.get(id);
  return term === undefined ? null : { schema: 'kplan/explain@1', blocks: [{ kind: 'outline', items: tell(term, 0) }] };
}
