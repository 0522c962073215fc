import { Fault } from '../../faults/fault.ts';
import type { TimeSpread } from './benchRun.ts';

/** No run takes so long, holds so many tokens or makes so many in a second. */
const LARGEST = 1e12;

/** Texts that are numbers gone wrong; any other text might be a secret and is not repeated. */
const NO_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i;

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as faults may show it: numbers as they are, everything else by its kind. */
function shown(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return NO_NUMBER.test(value) ? value : 'a text';
  return Array.isArray(value) ? 'a list' : isGroup(value) ? 'a group of keys' : String(value);
}

/** A group of keys of a result file. Figures are read strictly; what describes the deployment may have any shape. */
export class BenchFields {
  readonly #values: Readonly<Record<string, unknown>>;
  /** The file, and the place in it. */
  readonly where: string;

  private constructor(values: Readonly<Record<string, unknown>>, where: string) {
    this.#values = values;
    this.where = where;
  }

  /** @throws Fault `invalid` for anything but a group of keys */
  static of(value: unknown, where: string): BenchFields {
    if (isGroup(value)) return new BenchFields(value, where);
    throw new Fault('invalid', 'it cannot be used', { where, value: shown(value), allowed: 'a group of keys' });
  }

  /** The value of a key of its own; null counts as absent. */
  at(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.at(name) !== undefined;
  }

  /** Where a key stands, for faults. */
  place(name: string): string {
    return `${this.where}: ${name}`;
  }

  /** The fault of a figure that is missing, or cannot be what it says. */
  refused(name: string, reason: string, allowed: string): Fault {
    const value = this.at(name);
    if (value === undefined) return new Fault('missing', 'it is missing', { where: this.place(name), allowed });
    return new Fault('invalid', reason, { where: this.place(name), value: shown(value), allowed });
  }

  /** A number from `least`; null where it is absent. */
  number(name: string, least = 0): number | null {
    const value = this.at(name);
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= LARGEST) return value;
    throw this.refused(name, 'not a plausible number', `a number from ${least} to ${LARGEST}`);
  }

  /** A number above zero; null where it is absent. */
  positive(name: string): number | null {
    const value = this.number(name);
    if (value === 0) throw this.refused(name, 'zero cannot have been measured', 'a number above zero, or no such key');
    return value;
  }

  /** A number above zero that must be there. */
  required(name: string): number {
    const value = this.positive(name);
    if (value !== null) return value;
    throw this.refused(name, '', 'a number above zero');
  }

  /** A whole number from `least`; null where it is absent. */
  whole(name: string, least = 1): number | null {
    const value = this.number(name, least);
    if (value === null || Number.isInteger(value)) return value;
    throw this.refused(name, 'not a whole number', `a whole number from ${least}`);
  }

  /** Requests that succeeded, of which there must be one. */
  completed(name: string): number {
    if (this.at(name) === 0) throw this.refused(name, 'no request was completed', 'a run with results');
    const value = this.whole(name);
    if (value !== null) return value;
    throw this.refused(name, '', 'the number of requests that succeeded');
  }

  /** Median and mean that stand as `median_NAME` and `mean_NAME`. */
  spread(name: string, unitSuffix = '_ms'): TimeSpread {
    return { median: this.positive(`median_${name}${unitSuffix}`), mean: this.positive(`mean_${name}${unitSuffix}`) };
  }

  /** A group inside this one, through several keys; null where there is none. */
  group(...names: readonly string[]): BenchFields | null {
    let found: BenchFields = this;
    for (const name of names) {
      const value = found.at(name);
      if (!isGroup(value)) return null;
      found = new BenchFields(value, found.place(name));
    }
    return found;
  }

  /** The entries of a list; empty where there is none. */
  list(name: string): readonly unknown[] {
    const value = this.at(name);
    return Array.isArray(value) ? value : [];
  }

  /** The entries of a list that are groups. */
  groups(name: string): BenchFields[] {
    return this.list(name).flatMap((value, index) => (isGroup(value) ? [new BenchFields(value, this.place(`${name}[${index}]`))] : []));
  }

  /** A text that describes the deployment; null where there is none or it is no name. */
  text(name: string): string | null {
    const value = this.at(name);
    return typeof value === 'string' && value.trim() !== '' && value.length <= 400 ? value.trim() : null;
  }

  /** A whole number from 1 that describes the deployment, also as text; null where there is none. */
  ways(name: string): number | null {
    const value = this.at(name);
    const number = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 1e6 ? number : null;
  }

  /** A flag that describes the deployment, also as `true` or `True`; null where there is none. */
  flag(name: string): boolean | null {
    const word = String(this.at(name)).toLowerCase();
    return word === 'true' ? true : word === 'false' ? false : null;
  }
}

/** Requests that ended in an error, where a file lists the errors of all. */
export function listedErrors(fields: BenchFields): number | null {
  return fields.has('errors') ? fields.list('errors').filter((error) => typeof error === 'string' && error !== '').length : null;
}
