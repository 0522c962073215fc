import { isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { parseDistribution } from '../evidence/distributionText.ts';
import { Fault } from '../faults/fault.ts';
import type { FieldKind } from './fields.ts';
import type { Part } from './parts.ts';

/** Longest text of a field. */
const MOST_CHARACTERS = 1000;
/** Longest number, or distribution of them. */
const MOST_OF_NUMBER = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a text of one line has none
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const THOUSANDS: Readonly<Record<string, string>> = { k: 'e3', M: 'e6', B: 'e9' };

/** What somebody who wrote this for a number may have meant; null for what reads as any other text. */
function numberSlip(text: string): readonly [reason: string, nearest: readonly string[]] | null {
  if (/^\d[\d_]*_[\d_.]*$/.test(text)) return ['a number has no underscores', [text.replaceAll('_', '')]];
  if (/^[+-]?0[xob]/i.test(text)) return ['neither hexadecimal nor octal nor binary numbers', []];
  if (/^[+-]?0\d/.test(text)) return ['a number that begins with 0 may be octal', [text.replace(/^([+-]?)0+(?=\d)/, '$1')]];
  if (/^\d{1,2}:\d{2}(:\d{2})?$/.test(text)) return ['a time of day is no number', []];
  if (/^(true|false|yes|no|on|off|y|n|~|null)$/i.test(text)) return ['a number is due here', []];
  const [, percent] = /^([\d.]{1,20})\s*%$/.exec(text) ?? [];
  if (percent !== undefined) return ['a share, not a percentage', [String(Number(percent) / 100)]];
  const [, digits = '', letter = ''] = /^([\d.]{1,20})\s*([kMB])$/.exec(text) ?? [];
  return letter === '' ? null : ['a number without a letter', [`${digits}${THOUSANDS[letter]}`]];
}

/** The scalar that stands there, refused where there is none. */
function scalarOf({ node, where }: Part, allowed: string): Scalar {
  if (node !== null && !isScalar(node)) {
    const value = isSeq(node) ? 'a list' : 'a group';
    throw new Fault('invalid', 'one value is due here', { where, value, allowed });
  }
  if (node === null || node.value === null) throw new Fault('missing', 'no value', { where, allowed });
  return node;
}

/** A scalar as it was typed: numbers to the letter. */
function typed(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value.trim() : (scalar.source ?? String(scalar.value));
}

/** A formula, or null where the scalar is none. */
export function formulaText({ node }: Part): string | null {
  return isScalar(node) && typeof node.value === 'string' && node.value.trimStart().startsWith('=') ? node.value : null;
}

/**
 * Reads a number, or an uncertain one, and keeps its text.
 *
 * @throws Fault for what is neither, and for what YAML reads as a number where its writer may have meant another
 */
export function numberText(part: Part): string {
  const { where } = part;
  const allowed = 'a number such as 1500 or 2.5e9, a range such as 3.2..4.5, or a formula such as =2 * users';
  const scalar = scalarOf(part, allowed);
  const text = typed(scalar);
  if (text.length > MOST_OF_NUMBER) throw new Fault('invalid', `a number of ${text.length} characters`, { where, value: text, allowed });
  const slip = numberSlip(text);
  if (slip) throw new Fault('invalid', slip[0], { where, value: text, allowed, nearest: slip[1] });
  parseDistribution(text, where);
  return text;
}

function lineOf(part: Part, allowed: string): string {
  const scalar = scalarOf(part, allowed);
  const { where } = part;
  if (typeof scalar.value === 'boolean')
    throw new Fault('invalid', 'a text is due here', {
      where,
      value: typed(scalar),
      allowed: `${allowed}; in quotes where it is a word like this`,
    });
  const text = typed(scalar);
  if (text === '') throw new Fault('missing', 'no value', { where, allowed });
  if (text.length <= MOST_CHARACTERS && !CONTROL.test(text)) return text;
  throw new Fault('invalid', 'a text of one line is due here', { where, value: text, allowed: `at most ${MOST_CHARACTERS} characters` });
}

function textOf(part: Part, allowed: string): string {
  const text = lineOf(part, allowed);
  if (!text.startsWith('=')) return text;
  throw new Fault('unsupported', 'no formula where a text is due', { where: part.where, value: text, allowed });
}

/** A text with its unit, or a number that stands for itself; numbers of other bases are refused. */
function measureOf(part: Part, allowed: string): string {
  const text = lineOf(part, allowed);
  const slip = /^[+-]?0[xob\d]/i.test(text) ? numberSlip(text) : null;
  if (slip) throw new Fault('invalid', slip[0], { where: part.where, value: text, allowed, nearest: slip[1] });
  return text;
}

function listOf(part: Part): string {
  const allowed = 'a name, or a list of names such as [h200:8, b200:8]';
  const { node, path, where } = part;
  if (!isSeq(node)) return textOf(part, allowed);
  if (node.items.length === 0) throw new Fault('missing', 'an empty list', { where, allowed });
  return node.items.map((item, index) => textOf({ path: `${path}[${index}]`, node: item as Node | null, where }, allowed)).join(',');
}

/** `true` and `false` of YAML, and nothing that only looks like them. */
function switchOf(part: Part): boolean {
  const scalar = scalarOf(part, 'true or false');
  if (typeof scalar.value === 'boolean') return scalar.value;
  throw new Fault('invalid', 'true or false is due here', { where: part.where, value: typed(scalar), allowed: 'true or false' });
}

/**
 * The word of an option that a field without a formula stands for.
 *
 * @returns null for a switch that is off
 * @throws Fault naming the field, the value and what is allowed
 */
export function plainWord(part: Part, kind: FieldKind): string | true | null {
  switch (kind) {
    case 'number':
      return numberText(part);
    case 'switch':
      return switchOf(part) || null;
    case 'onOff':
      return isScalar(part.node) && typeof part.node.value === 'boolean' ? (part.node.value ? 'on' : 'off') : textOf(part, 'on or off');
    case 'list':
      return listOf(part);
    case 'tokens':
    case 'size':
    case 'time':
    case 'open':
      return measureOf(part, 'a number with its unit, or a formula');
    case 'text':
    case 'path':
    case 'pathOrName':
      return textOf(part, 'a text');
  }
}
