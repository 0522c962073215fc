import { CST, Lexer } from 'yaml';
import { Fault } from '../faults/fault.ts';

/** Deepest nesting of `[` and `{`, and of `-` or `?` on one line. */
const MOST_DEPTH = 16;
/** Widest indentation. */
const MOST_INDENT = 64;
/** A scenario has far fewer values, and their keys are compared with each other. */
const MOST_VALUES = 5000;

const DEEPER = new Set(['flow-map-start', 'flow-seq-start']);
const OUT = new Set(['flow-map-end', 'flow-seq-end']);
const INDICATORS = new Set(['seq-item-ind', 'explicit-key-ind']);
/** Lexemes that say what follows and are no part of the text. */
const MODES = new Set(['doc-mode', 'flow-error-end', 'scalar']);

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

/**
 * Refuses a YAML text that would be costly to read, in time that grows with its length alone: nested too deep, of too many values, or with
 * a directive, which could make it another version of YAML.
 *
 * @param file the name that faults show
 * @throws Fault `invalid` at `file:line:column`
 */
export function checkExtent(file: string, text: string): void {
  let [offset, flow, indicators, values, lineStart, isText] = [0, 0, 0, 0, true, false];
  const refused = (reason: string, allowed: string) =>
    new Fault('invalid', reason, { where: `${file}:${placeOf(text, offset)}`, value: text.slice(offset, offset + 80), allowed });
  for (const lexeme of new Lexer().lex(text)) {
    const type = isText ? null : CST.tokenType(lexeme);
    isText = type === 'scalar';
    if (type !== null && MODES.has(type)) continue;
    if (type === 'newline') [lineStart, indicators] = [true, 0];
    if (type === 'directive-line') throw refused('a directive', 'YAML 1.2 without directives');
    if (type !== null && DEEPER.has(type)) flow++;
    if (type !== null && OUT.has(type)) flow--;
    if (type !== null && INDICATORS.has(type)) indicators++;
    const isIndent = lineStart && type === 'space';
    if (flow > MOST_DEPTH || indicators > MOST_DEPTH || (isIndent && lexeme.length > MOST_INDENT))
      throw refused('parts are nested too deep', `at most ${MOST_DEPTH} brackets, and ${MOST_INDENT} columns of indentation`);
    if (type === null || type.endsWith('scalar')) values++;
    if (values > MOST_VALUES) throw refused('too many values', `at most ${MOST_VALUES} keys and values`);
    if (type !== 'newline') lineStart = false;
    offset += lexeme.length;
  }
}
