import type { Source, SourceId } from '../../evidence/source.ts';
import type { Term } from '../../evidence/term.ts';
import { termValue } from '../termTable.ts';
import { type Html, html } from './html.ts';

/** The terms of one answer of a page. */
export interface DerivedAnswer {
  /** Name of the command that gives the answer. */
  readonly command: string;
  /** Of the row whose terms they are; empty where the answer has one sheet. */
  readonly row: string;
  readonly terms: readonly Term[];
}

function anchor({ command, row }: Pick<DerivedAnswer, 'command' | 'row'>, id: string): string {
  return [command.slice(0, 1), row.replace(/[^A-Za-z0-9]/g, ''), id].filter((part) => part !== '').join('-');
}

/**
 * Finds the derivation of a number of a page.
 *
 * @param what the number is: its unit, or the title of its column with it
 * @returns the address within the page, or null
 */
export type Linked = (value: number, what: string) => string | null;

/** Amounts are told to the cent, their terms are not. */
const DIGITS = 6;

/** Money and other quantities are told apart; whole numbers of what is no money may be anything. */
function keyOf(value: number, what: string): string | null {
  const money = /USD/.test(what);
  if (!Number.isFinite(value) || value === 0 || (!money && Number.isInteger(value))) return null;
  return `${money ? 'USD ' : ''}${value.toPrecision(DIGITS)}`;
}

/**
 * Finds derivations by value: a number of an answer is that of one of its terms to six digits. Of several with one value it is that of the
 * first answer, and there the last, which follows from the others.
 */
export function linkedTerms(answers: readonly DerivedAnswer[]): Linked {
  const places = new Map<string, string>();
  for (const answer of answers.toReversed()) {
    for (const { id, value, unit } of answer.terms) {
      const key = keyOf(value, unit);
      if (key !== null) places.set(key, anchor(answer, id));
    }
  }
  return (value, what) => places.get(keyOf(value, what) ?? '') ?? null;
}

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/g;

/** A formula whose names lead to their own derivations. */
function formulaHtml(formula: string, answer: DerivedAnswer, known: ReadonlyMap<string, Term>): Html {
  const parts: Html[] = [];
  let at = 0;
  for (const match of formula.matchAll(IDENTIFIER)) {
    const term = known.get(match[0]);
    if (term === undefined) continue;
    parts.push(html`${formula.slice(at, match.index)}`, html`<a href="#${anchor(answer, term.id)}">${match[0]}</a>`);
    at = match.index + match[0].length;
  }
  return html`${[...parts, html`${formula.slice(at)}`]}`;
}

function made(term: Term, answer: DerivedAnswer, known: ReadonlyMap<string, Term>, sources: Readonly<Record<SourceId, Source>>): Html {
  switch (term.kind) {
    case 'formula':
      return html`<code>${formulaHtml(term.formula, answer, known)}</code>`;
    case 'solved':
      return html`${term.method}; root of <code>${formulaHtml(term.residual, answer, known)}</code>`;
    case 'sampled':
      return html`${term.method}`;
    case 'lookup':
      return html`${term.method}; ${sourceHtml(term.source, sources)}`;
    case 'input':
      return sourceHtml(term.source, sources);
  }
}

function sourceHtml(id: string, sources: Readonly<Record<SourceId, Source>>): Html {
  if (id === 'user') return html`as asked`;
  if (id === 'kplan') return html`chosen by kplan`;
  const source = sources[id];
  return source ? html`${source.ref} (${source.date})` : html`${id}`;
}

/** All derivations of a page, each with an address of its own. */
export function derivationsHtml(answers: readonly DerivedAnswer[], sources: Readonly<Record<SourceId, Source>>): Html {
  const rows = answers.flatMap((answer) => {
    const known = new Map(answer.terms.map((term) => [term.id, term]));
    const title = answer.row === '' ? answer.command : `${answer.command}, ${answer.row}`;
    return [
      html`<tr><th colspan="3" scope="rowgroup">${title}</th></tr>`,
      ...answer.terms.map(
        (term) =>
          html`<tr id="${anchor(answer, term.id)}"><th scope="row">${term.label}</th><td class="n">${termValue(term)}</td><td>${made(term, answer, known, sources)}</td></tr>`,
      ),
    ];
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Derivations"><table class="terms"><thead><tr><th scope="col">what</th><th scope="col" class="n">value</th><th scope="col">how it is made</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
