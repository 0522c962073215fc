import type { ConditionalNode, ConstantNode, FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from 'mathjs';

/** Parses a formula of mathjs. */
export type ParseFormula = (formula: string) => MathNode;

/** Units that a formula may name; in a workbook all numbers are bare, in the unit that stands beside them. */
const UNITS: ReadonlySet<string> = new Set(['token', 'request', 'USD', 'GPU', 'instance', 'sequence', 'flop', 'B', 'month', 's', 'hour']);

/** Surplus of rounding size, as in the fleets of the core. */
const UP = '(1-1E-12)';
const DOWN = '(1+1E-12)';

const OPERATORS: Readonly<Record<string, string>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '^': '^',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '==': '=',
  '!=': '<>',
};

const FUNCTIONS: Readonly<Record<string, string>> = { max: 'MAX', min: 'MIN', sqrt: 'SQRT', round: 'ROUND', abs: 'ABS', exp: 'EXP' };

/** Loads the parser of mathjs. */
export async function formulaParser(): Promise<ParseFormula> {
  const { parse } = await import('mathjs');
  return (formula) => parse(formula);
}

function constant(value: number | string): string {
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value).replace('e', 'E');
}

/** An operand that spreadsheets would otherwise bind in another way. */
function closed(node: MathNode, referenceOf: (symbol: string) => string | undefined): string {
  const text = translated(node, referenceOf);
  return node.type === 'OperatorNode' ? `(${text})` : text;
}

function operation(node: OperatorNode, referenceOf: (symbol: string) => string | undefined): string {
  const { args, op, implicit } = node as OperatorNode & { readonly implicit: boolean };
  const [left, right] = args;
  const sign = OPERATORS[op];
  if (!left || sign === undefined) throw new Error(`a workbook has no operator ${op}: ${node.toString()}`);
  if (!right) return `(${sign}${closed(left, referenceOf)})`;
  if (op === '^') return `${closed(left, referenceOf)}^${closed(right, referenceOf)}`;
  const text = `${translated(left, referenceOf)}${sign}${translated(right, referenceOf)}`;
  return implicit ? `(${text})` : text;
}

function call(node: FunctionNode, referenceOf: (symbol: string) => string | undefined): string {
  const { name } = node.fn as SymbolNode;
  const [first] = node.args;
  if (name === 'ceil' && first) return `(-INT(-(${translated(first, referenceOf)})*${UP}))`;
  if (name === 'floor' && first) return `INT((${translated(first, referenceOf)})*${DOWN})`;
  const known = FUNCTIONS[name];
  if (known === undefined) throw new Error(`a workbook has no function ${name}: ${node.toString()}`);
  return `${known}(${node.args.map((argument) => translated(argument, referenceOf)).join(',')})`;
}

function translated(node: MathNode, referenceOf: (symbol: string) => string | undefined): string {
  switch (node.type) {
    case 'ConstantNode':
      return constant((node as ConstantNode<number | string>).value);
    case 'SymbolNode': {
      const { name } = node as SymbolNode;
      const reference = referenceOf(name) ?? (UNITS.has(name) ? '1' : undefined);
      if (reference === undefined) throw new Error(`a workbook has no cell for ${name}`);
      return reference;
    }
    case 'ParenthesisNode':
      return `(${translated((node as ParenthesisNode).content, referenceOf)})`;
    case 'OperatorNode':
      return operation(node as OperatorNode, referenceOf);
    case 'FunctionNode':
      return call(node as FunctionNode, referenceOf);
    case 'ConditionalNode': {
      const { condition, trueExpr, falseExpr } = node as ConditionalNode;
      return `IF(${[condition, trueExpr, falseExpr].map((part) => translated(part, referenceOf)).join(',')})`;
    }
    default:
      throw new Error(`a workbook has no ${node.type}: ${node.toString()}`);
  }
}

/**
 * A formula of a term as a formula of spreadsheets, on bare numbers: symbols become cells, units become 1, and `ceil` and `floor` forgive
 * the same rounding as the core.
 *
 * @param formula in mathjs syntax
 * @param referenceOf the cell that holds a symbol
 * @throws Error for anything that has no counterpart
 */
export function sheetFormula(formula: string, parse: ParseFormula, referenceOf: (symbol: string) => string | undefined): string {
  return translated(parse(formula), referenceOf);
}
