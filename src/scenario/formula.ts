import type { MathJsInstance, MathNode, Unit } from 'mathjs';
import { Fault } from '../faults/fault.ts';
import { type FormulaToken, formulaTokens, leafTokens } from './formulaTokens.ts';
import { FUNCTIONS } from './formulaWords.ts';
import type { PlacedText } from './place.ts';

/** Most parts of the tree of a formula. */
const MOST_NODES = 200;

const OPERATORS: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'mod',
  'pow',
  'unaryMinus',
  'unaryPlus',
  'smaller',
  'smallerEq',
  'larger',
  'largerEq',
  'equal',
  'unequal',
  'and',
  'or',
  'not',
]);

/** What a formula gives: a bare number, one with its unit, or whether a condition holds. */
export type FormulaValue = number | boolean | Unit;

/** A formula of the user's that was read, checked and compiled. */
export interface Formula {
  readonly placed: PlacedText;
  /** The variables that it uses. */
  readonly variables: readonly string[];
  /** @throws Fault where units do not go together */
  evaluate(scope: Map<string, unknown>): FormulaValue;
}

function parsed(placed: PlacedText, math: MathJsInstance): MathNode {
  try {
    // A line break ends an expression; in a YAML text it is white space.
    return math.parse(placed.text.slice(1).replace(/\s/g, ' '));
  } catch (error) {
    const { char, message } = error as { char?: number; message: string };
    const at = char === undefined ? 0 : Math.min(char, placed.text.length - 1);
    throw new Fault('invalid', message.replace(/ \(char \d+\)$/, '').toLowerCase(), {
      where: placed.where(at),
      value: placed.text,
      allowed: 'a formula such as =developers * 22',
    });
  }
}

interface Walk {
  readonly placed: PlacedText;
  readonly leaves: readonly FormulaToken[];
  nodes: number;
  leaf: number;
}

function checkCall(node: MathNode, walk: Walk, where: string): void {
  const { fn, args } = node as unknown as { fn: { type: string; name: string }; args: readonly unknown[] };
  const [least, most] = (fn.type === 'SymbolNode' && FUNCTIONS.get(fn.name)) || [1, 0];
  if (args.length >= least && args.length <= most) return;
  const allowed = least > most ? [...FUNCTIONS.keys()].join(', ') : least === most ? `${least}` : `${least} to ${most}`;
  const reason = least > most ? 'no such function' : `${fn.name} with ${args.length} values in its brackets`;
  throw new Fault('invalid', reason, { where, value: walk.placed.text, allowed });
}

function isAllowed(node: MathNode, leaf: FormulaToken | undefined): boolean {
  const { name, value, fn } = node as unknown as { name: string; value: unknown; fn: string };
  switch (node.type) {
    case 'ParenthesisNode':
    case 'ConditionalNode':
    case 'FunctionNode':
      return true;
    case 'SymbolNode':
      return name === leaf?.text;
    case 'ConstantNode':
      return typeof value === 'number' && Number.isFinite(value) && value === Number(leaf?.text);
    case 'OperatorNode':
      return OPERATORS.has(fn);
    default:
      return false;
  }
}

/** Walks the tree in the order of the text: every node must be of the allowed kinds, every leaf the token that stands there. */
function check(node: MathNode, walk: Walk): void {
  const { placed, leaves } = walk;
  const leaf = leaves[walk.leaf];
  const where = placed.where(leaf?.at ?? 0);
  if (++walk.nodes > MOST_NODES)
    throw new Fault('invalid', 'a formula of too many parts', { where, value: placed.text, allowed: `at most ${MOST_NODES}` });
  if (!isAllowed(node, leaf)) {
    const isChain = node.type === 'RelationalNode';
    throw new Fault('unsupported', isChain ? 'comparisons in a chain' : 'this is no part of formulas', {
      where,
      value: placed.text,
      allowed: isChain ? 'a < b and b < c' : 'numbers, variables, operators, comparisons, conditions and functions',
    });
  }
  if (node.type === 'FunctionNode') checkCall(node, walk, where);
  if (node.type === 'SymbolNode' || node.type === 'ConstantNode') walk.leaf++;
  node.forEach((child) => {
    check(child, walk);
  });
}

/**
 * Reads a formula: tokens first, then the tree of mathjs, of which only what is allowed is compiled. Nothing is evaluated here.
 *
 * @param placed with `=` as its first character
 * @param names the variables of the file
 * @throws Fault at the character that is refused
 */
export function readFormula(placed: PlacedText, names: ReadonlySet<string>, math: MathJsInstance): Formula {
  const leaves = leafTokens(formulaTokens(placed, names));
  const tree = parsed(placed, math);
  const walk = { placed, leaves, nodes: 0, leaf: 0 };
  check(tree, walk);
  if (walk.leaf !== leaves.length)
    throw new Fault('unsupported', 'this is no part of formulas', { where: placed.where(), value: placed.text });
  const code = tree.compile();
  return {
    placed,
    variables: [...new Set(leaves.map(({ text }) => text).filter((text) => names.has(text)))],
    evaluate(scope) {
      let value: unknown;
      try {
        value = code.evaluate(scope);
      } catch (error) {
        throw new Fault('invalid', 'units do not go together here', {
          where: placed.where(),
          value: placed.text,
          allowed:
            error instanceof Error && /Units do not match/.test(error.message) ? 'sums of one unit' : 'a unit on each side, or on none',
        });
      }
      if (typeof value === 'boolean' || math.isUnit(value)) return value;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw new Fault('invalid', 'no finite number comes out', { where: placed.where(), value: placed.text, allowed: 'a finite number' });
    },
  };
}
