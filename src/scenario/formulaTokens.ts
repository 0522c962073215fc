import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import { FUNCTIONS, OPERATOR_WORDS, UNITS } from './formulaWords.ts';
import type { PlacedText } from './place.ts';

/** Longest formula, in characters. */
const MOST_CHARACTERS = 1000;
/** Deepest brackets. */
const MOST_DEPTH = 32;

const TOKEN = /\s+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|==|!=|<=|>=|[-+*/^%()<>,?:]/y;

/** A word, number or mark of a formula. */
export interface FormulaToken {
  readonly text: string;
  /** Index of its first character. */
  readonly at: number;
}

const REFUSED: Readonly<Record<string, string>> = {
  '=': 'no assignment; == compares',
  '"': 'no texts in a formula',
  "'": 'no texts in a formula',
  '[': 'no lists in a formula',
  '{': 'no objects in a formula',
  ';': 'one expression is a formula',
  '.': 'nothing has parts that could be named',
};
const ALLOWED = 'numbers, variables, + - * / % ^, comparisons, and, or, not, ? :, brackets and functions';

function refused(formula: PlacedText, at: number, reason: string, value: string): Fault {
  return new Fault('unsupported', reason, { where: formula.where(at), value, allowed: ALLOWED });
}

function checkSize(formula: PlacedText): void {
  const { text } = formula;
  if (text.length > MOST_CHARACTERS)
    throw new Fault('invalid', `a formula of ${text.length} characters`, {
      where: formula.where(),
      value: text,
      allowed: `at most ${MOST_CHARACTERS}; variables may hold parts`,
    });
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')') depth--;
    if (depth > MOST_DEPTH)
      throw new Fault('invalid', 'brackets are nested too deep', {
        where: formula.where(at),
        value: text,
        allowed: `at most ${MOST_DEPTH} open at once`,
      });
  }
}

function tokensIn(formula: PlacedText): FormulaToken[] {
  const { text } = formula;
  const tokens: FormulaToken[] = [];
  TOKEN.lastIndex = 1;
  for (let at = 1; at < text.length; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(text)?.[0];
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (found === undefined) throw refused(formula, at, REFUSED[character] ?? 'this character is not used in formulas', character);
    if (/\S/.test(found)) tokens.push({ text: found, at });
  }
  return tokens;
}

const isName = (text: string) => /^[A-Za-z_]/.test(text);
const isNumber = (text: string) => /^[\d.]/.test(text);

function checkName(formula: PlacedText, { text, at }: FormulaToken, next: string | undefined, variables: ReadonlySet<string>): void {
  const where = formula.where(at);
  if (FUNCTIONS.has(text)) {
    if (next === '(') return;
    throw new Fault('invalid', 'a function without its brackets', { where, value: text, allowed: `${text}(…)` });
  }
  if (variables.has(text) || UNITS.includes(text)) {
    if (next !== '(') return;
    throw new Fault('invalid', `${text} is no function`, { where, value: `${text}(`, allowed: `${text} * (…)` });
  }
  const names = [...variables, ...FUNCTIONS.keys(), ...UNITS];
  throw new Fault('unknown', 'no such name', {
    where,
    value: text,
    allowed: `variables of the file, functions (${[...FUNCTIONS.keys()].join(' ')}) and units (${UNITS.join(' ')})`,
    nearest: nearestNames(text, names),
  });
}

function checkNeighbours(formula: PlacedText, tokens: readonly FormulaToken[], variables: ReadonlySet<string>): void {
  let questions = 0;
  for (const [index, token] of tokens.entries()) {
    const { text, at } = token;
    const next = tokens[index + 1];
    if (isNumber(text) && !Number.isFinite(Number(text))) throw refused(formula, at, 'a number beyond all numbers', text);
    if (isNumber(text) && next && next.at === at + text.length && isName(next.text))
      throw refused(formula, at, 'a number runs into a name', text + next.text);
    if (text === '%' && !(next && (isNumber(next.text) || isName(next.text) || next.text === '(')))
      throw refused(formula, at, 'no percentages; % is the rest of a division', text);
    if (text === '?') questions++;
    if (text === ':' && questions-- === 0) throw refused(formula, at, 'no ranges in a formula', text);
    if (isName(text) && !OPERATOR_WORDS.has(text)) checkName(formula, token, next?.text, variables);
  }
}

/**
 * Splits a formula into its tokens, in time that grows with its length alone, and refuses whatever is no part of the language: at the
 * character where it stands.
 *
 * @param formula with `=` as its first character
 * @param variables the names of the file
 * @throws Fault `invalid` for size and form, `unknown` for a name, `unsupported` for all that is not allowed
 */
export function formulaTokens(formula: PlacedText, variables: ReadonlySet<string>): FormulaToken[] {
  checkSize(formula);
  const tokens = tokensIn(formula);
  checkNeighbours(formula, tokens, variables);
  if (tokens.length > 0) return tokens;
  throw new Fault('missing', 'the formula is empty', { where: formula.where(), value: formula.text, allowed: ALLOWED });
}

/** The tokens that are leaves of the tree: numbers and names. */
export function leafTokens(tokens: readonly FormulaToken[]): FormulaToken[] {
  return tokens.filter(({ text }) => isNumber(text) || (isName(text) && !OPERATOR_WORDS.has(text)));
}
