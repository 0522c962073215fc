import { all, create, type MathJsInstance, type Unit } from 'mathjs';
import { expect } from 'vitest';
import type { Term } from '../../src/evidence/term.ts';

const BASE_UNITS = ['token', 'request', 'USD', 'GPU', 'instance', 'sequence', 'flop'] as const;

function instance(): MathJsInstance {
  const math = create(all ?? {});
  for (const unit of BASE_UNITS) math.createUnit(unit);
  math.createUnit({ month: {} } as never, { override: true });
  math.createUnit('Mtoken', '1e6 token');
  return math;
}

const math = instance();

/** Bare numbers: every unit symbol is 1, and rounding ignores the unit that it rounds to. */
const NUMERIC_SCOPE: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries([...BASE_UNITS, 'B', 'month', 's', 'hour'].map((unit) => [unit, 1])),
  ceil: (x: number) => Math.ceil(x * (1 - 1e-12)),
  floor: (x: number) => Math.floor(x * (1 + 1e-12)),
};

function close(actual: number, wanted: number, what: string): void {
  expect(Number.isFinite(actual), `${what}: ${actual}`).toBe(true);
  expect(Math.abs(actual - wanted), `${what}: formula gives ${actual}, code ${wanted}`).toBeLessThanOrEqual(
    1e-9 * Math.max(Math.abs(wanted), 1e-9),
  );
}

/** A term's value with its unit, as mathjs sees it. */
function quantity({ unit, value }: Term): number | Unit {
  return unit === '' ? value : math.unit(value, unit);
}

function checkUnits(term: Term, formula: string, scope: Map<string, unknown>): void {
  const result = math.evaluate(formula, scope) as number | Unit;
  const plain = typeof result === 'number' ? result : term.unit === '' ? Number.NaN : result.toNumber(term.unit);
  close(plain, term.value, `${term.id} with units`);
}

/** A root holds where the residual changes sign within a millionth of it. */
function checkRoot(term: Term, residual: string, scope: Map<string, unknown>): void {
  const at = (factor: number): number => math.evaluate(residual, new Map([...scope, [term.id, term.value * factor]])) as number;
  const slope = Math.abs(at(1 + 1e-6) - at(1));
  expect(Math.abs(at(1)), `${term.id}: residual`).toBeLessThanOrEqual(slope * 1e-3);
}

/**
 * Evaluates every formula and residual of a sheet with mathjs, on bare numbers and with units, against the value that the code
 * computed. A formula may use terms that stand before it only.
 */
export function checkTerms(terms: readonly Term[]): void {
  const numbers = new Map<string, unknown>(Object.entries(NUMERIC_SCOPE));
  const quantities = new Map<string, unknown>();
  for (const term of terms) {
    expect(Number.isFinite(term.value), `${term.id} is ${term.value}`).toBe(true);
    expect(term.id).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
    if (term.kind === 'formula') {
      close(math.evaluate(term.formula, numbers) as number, term.value, term.id);
      checkUnits(term, term.formula, quantities);
    }
    if (term.kind === 'solved') {
      checkRoot(term, term.residual, numbers);
      quantities.set(term.id, quantity(term));
      math.evaluate(term.residual, quantities);
    }
    numbers.set(term.id, term.value);
    quantities.set(term.id, quantity(term));
  }
}
