import { quoted } from '../calibration/emit/quoted.ts';
import { Fault } from '../faults/fault.ts';

/** What is only known on the node: the first node's address, which node this is, and a number that grows with it. */
export type Blank =
  | { readonly blank: 'leader'; readonly port?: number }
  | { readonly blank: 'rank' }
  | { readonly blank: 'rank-times'; readonly factor: number };

/** A word of a command line. */
export type Word = string | Blank;

/** A flag with its value, and why it is there. */
export interface Argument {
  readonly flag: string;
  readonly value: Word | null;
  readonly why: string;
  /** Source of the flag or of the setting. */
  readonly source: string;
}

/** Names of the variables that hold what is only known on the node. */
export interface NodeVariables {
  readonly leader: string;
  readonly rank: string;
}

/** Variables of scripts for plain machines and of Compose. */
export const NODE_VARIABLES: NodeVariables = { leader: 'HEAD_IP', rank: 'NODE_RANK' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: a word with a control character is refused
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/**
 * A text that may stand in a command line or manifest: one line without characters that steer a terminal or hide its direction.
 *
 * @throws Fault `invalid`
 * @example plainWord('moonshotai/Kimi-K2.7-Code', '--model-path') // 'moonshotai/Kimi-K2.7-Code'
 */
export function plainWord(text: string, where: string): string {
  if (text === '' || UNSAFE.test(text))
    throw new Fault('invalid', 'not one line of plain text', { where, value: text, allowed: 'text without control characters' });
  return text;
}

/**
 * A word that stands alone on a command line, which must not read as a flag.
 *
 * @throws Fault `invalid` for control characters, or where it begins with a dash
 * @example ownWord('./model', '--model-path') // './model'
 */
export function ownWord(text: string, where: string): string {
  if (text.startsWith('-'))
    throw new Fault('invalid', 'it begins with a dash, as flags do', {
      where,
      value: text,
      allowed: `a name, or a path such as ./${text}`,
    });
  return plainWord(text, where);
}

function blankText(word: Blank, { leader, rank }: NodeVariables): string {
  if (word.blank === 'leader') return `"$${leader}${word.port === undefined ? '' : `:${word.port}`}"`;
  return word.blank === 'rank' ? `"$${rank}"` : `"$((${rank} * ${word.factor}))"`;
}

/** A word as a POSIX shell takes it. */
export function shellWord(word: Word, names: NodeVariables = NODE_VARIABLES): string {
  return typeof word === 'string' ? quoted(word) : blankText(word, names);
}

/** The words of an argument; a value that begins with a dash is joined to its flag. */
export function argumentWords({ flag, value }: Argument): Word[] {
  if (value === null) return [flag];
  return typeof value === 'string' && value.startsWith('-') ? [`${flag}=${value}`] : [flag, value];
}

/** An argument as a POSIX shell takes it. */
export function argumentText(argument: Argument, names: NodeVariables = NODE_VARIABLES): string {
  return argumentWords(argument)
    .map((word) => shellWord(word, names))
    .join(' ');
}
