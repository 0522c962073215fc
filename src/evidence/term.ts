import type { SourceId } from './source.ts';

/** Units a term may carry, in the spelling that the check of the formulas understands. */
export type Unit =
  | ''
  | 'B'
  | 'B/token'
  | 'token'
  | 'sequence'
  | 'request'
  | 'token/request'
  | 'token/Mtoken'
  | 'token/s'
  | 'request/s'
  | 'token/month'
  | 'request/month'
  | 'GPU'
  | 'GPU/instance'
  | 'instance'
  | 'USD'
  | 'USD/hour'
  | 'USD/GPU/hour'
  | 'USD/month'
  | 'USD/instance'
  | 'USD/instance/month'
  | 'USD/kWh'
  | 'kW/instance'
  | 'month'
  | 'month/year'
  | 'year'
  | '1/year'
  | 'USD/Mtoken'
  | 'USD/request'
  | 'hour'
  | 'hour/month'
  | 'hour/day'
  | 'day/month'
  | 'request/hour'
  | 's/hour'
  | 's'
  | 's/request'
  | 'B/s'
  | 'flop'
  | 'flop/s'
  | 'flop/s/GPU'
  | 'flop/token'
  | 'flop/request'
  | 'flop request/token^2';

interface TermBase {
  /** A mathjs symbol, unique within its sheet. */
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  readonly value: number;
  /** The ends of its band where it is not exact. */
  readonly low?: number;
  readonly high?: number;
}

/** Where an input comes from: a fact of the catalog, the user, or a choice of kplan's that the answer names. */
export type Origin = SourceId | 'user' | 'kplan';

/** A number that is not derived from others. */
export interface InputTerm extends TermBase {
  readonly kind: 'input';
  readonly source: Origin;
}

/** A value read from a measured curve or a table. */
export interface LookupTerm extends TermBase {
  readonly kind: 'lookup';
  readonly method: string;
  readonly source: SourceId;
}

/** A formula over terms of the same sheet, in mathjs syntax. */
export interface FormulaTerm extends TermBase {
  readonly kind: 'formula';
  readonly formula: string;
}

/** A root: `residual` is a formula over the sheet, this term included, that must be zero. */
export interface SolvedTerm extends TermBase {
  readonly kind: 'solved';
  readonly method: string;
  readonly residual: string;
}

/** Percentiles of a seeded sample. */
export interface SampledTerm extends TermBase {
  readonly kind: 'sampled';
  readonly method: string;
}

export type Term = InputTerm | LookupTerm | FormulaTerm | SolvedTerm | SampledTerm;

/** A number, or one with the ends of its band; an end that does not exist is left out. */
type Amount = number | { readonly value: number; readonly low?: number; readonly high?: number };

function amount(quantity: Amount): { value: number; low?: number; high?: number } {
  if (typeof quantity === 'number') return { value: quantity };
  const { low, value, high } = quantity;
  if (low === value && high === value) return { value };
  return { value, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/** Collects the terms of one answer in the order in which they are reasoned. */
export class TermSheet {
  readonly terms: Term[] = [];

  input(id: string, label: string, unit: Unit, quantity: Amount, source: Origin): this {
    return this.add({ kind: 'input', id, label, unit, ...amount(quantity), source });
  }

  lookup(id: string, label: string, unit: Unit, quantity: Amount, method: string, source: SourceId): this {
    return this.add({ kind: 'lookup', id, label, unit, ...amount(quantity), method, source });
  }

  formula(id: string, label: string, unit: Unit, quantity: Amount, formula: string): this {
    return this.add({ kind: 'formula', id, label, unit, ...amount(quantity), formula });
  }

  solved(id: string, label: string, unit: Unit, quantity: Amount, method: string, residual: string): this {
    return this.add({ kind: 'solved', id, label, unit, ...amount(quantity), method, residual });
  }

  sampled(id: string, label: string, unit: Unit, quantity: Amount, method: string): this {
    return this.add({ kind: 'sampled', id, label, unit, ...amount(quantity), method });
  }

  private add(term: Term): this {
    if (this.terms.some(({ id }) => id === term.id)) throw new Error(`term ${term.id} is on the sheet already`);
    this.terms.push(term);
    return this;
  }
}
