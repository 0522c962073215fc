import { type Distribution, valueAt } from '../evidence/distribution.ts';
import { parseDistribution } from '../evidence/distributionText.ts';
import { Fault } from '../faults/fault.ts';
import type { Formula, FormulaValue } from './formula.ts';

/** Numbers by the name of a variable. */
export type VariableValues = Readonly<Record<string, number>>;

/** A variable as it was read: a certain or uncertain number, or a formula. */
export type Variable = Distribution | Formula;

/** The variables of a scenario, in an order in which each may be computed. */
export interface Variables {
  /** The uncertain ones. */
  readonly inputs: Readonly<Record<string, Distribution>>;
  /** The uncertain ones that a formula depends on, through others too. */
  inputsOf(formula: Formula): readonly string[];
  /**
   * What a formula gives.
   *
   * @param values of uncertain variables; their medians where left out
   */
  value(formula: Formula, values?: VariableValues): FormulaValue;
}

const isFormula = (variable: Variable | undefined): variable is Formula => variable !== undefined && 'placed' in variable;

/** Reads a variable that is no formula, e.g. `120..180`. */
export function plainVariable(text: string, where: string): Distribution {
  return parseDistribution(text, where);
}

/** The variables that a formula needs, those first that others need. */
function needed(formula: Formula, all: ReadonlyMap<string, Variable>, start: readonly string[] = []): string[] {
  const done = new Set<string>();
  const visit = ({ variables, placed }: Formula, path: readonly string[]) => {
    for (const name of variables) {
      if (path.includes(name))
        throw new Fault('contradiction', 'variables that need each other', {
          where: placed.where(),
          value: [...path.slice(path.indexOf(name)), name].join(' -> '),
          allowed: 'formulas that lead to numbers',
        });
      if (done.has(name)) continue;
      const variable = all.get(name);
      if (isFormula(variable)) visit(variable, [...path, name]);
      done.add(name);
    }
  };
  visit(formula, start);
  return [...done];
}

/**
 * Orders the variables of a scenario.
 *
 * @throws Fault `contradiction` that names a cycle
 */
export function variablesOf(all: ReadonlyMap<string, Variable>): Variables {
  const order = new Map<Formula, readonly string[]>();
  const neededBy = (formula: Formula) => {
    const known = order.get(formula) ?? needed(formula, all);
    order.set(formula, known);
    return known;
  };
  for (const [name, variable] of all) if (isFormula(variable)) order.set(variable, needed(variable, all, [name]));
  const uncertain = [...all].filter((entry): entry is [string, Distribution] => !isFormula(entry[1]) && entry[1].kind !== 'point');
  const inputs = Object.fromEntries(uncertain);
  return {
    inputs,
    inputsOf: (formula) => neededBy(formula).filter((name) => Object.hasOwn(inputs, name)),
    value(formula, values = {}) {
      const scope = new Map<string, unknown>();
      for (const name of neededBy(formula)) {
        const variable = all.get(name);
        if (isFormula(variable)) scope.set(name, variable.evaluate(scope));
        else if (variable) scope.set(name, Object.hasOwn(values, name) ? values[name] : valueAt(variable, 0.5));
      }
      return formula.evaluate(scope);
    },
  };
}
