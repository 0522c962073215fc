import { parseDate } from '../../units/time.ts';
import type { JsonPath } from '../shared/jsonPath.ts';
import { shiftedDecimal } from './decimal.ts';
import { RowFlaw } from './rowFlaw.ts';

/** Places by which the point moves from a unit to USD per million tokens. */
const UNIT_PLACES = { perToken: 6, centsPerToken: 4, perMtok: 0 } as const;

export type PriceUnit = keyof typeof UNIT_PLACES;

const LONGEST_NAME = 200;

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): unknown {
  return isGroup(value) ? 'a group of keys' : Array.isArray(value) ? 'a list' : value;
}

/** A group of keys of a registry with its place; null counts as absent. */
export class PriceFields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly path: JsonPath;

  private constructor(values: Readonly<Record<string, unknown>>, path: JsonPath) {
    this.#values = values;
    this.path = path;
  }

  /** @throws RowFlaw `broken` for anything but a group of keys */
  static of(value: unknown, path: JsonPath): PriceFields {
    if (isGroup(value)) return new PriceFields(value, path);
    throw new RowFlaw('broken', 'invalid', 'it cannot be used', path, { value: shown(value), allowed: 'a group of keys' });
  }

  at(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.at(name) !== undefined;
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  /** The members, each a group of keys or its flaw. */
  members(): [key: string, value: unknown][] {
    return Object.entries(this.#values);
  }

  flaw(name: string, reason: string, allowed: string): RowFlaw {
    const value = this.at(name);
    return value === undefined
      ? new RowFlaw('broken', 'missing', 'it is missing', [...this.path, name], { allowed })
      : new RowFlaw('broken', 'invalid', reason, [...this.path, name], { value: shown(value), allowed });
  }

  group(name: string): PriceFields {
    const value = this.at(name);
    if (isGroup(value)) return new PriceFields(value, [...this.path, name]);
    throw this.flaw(name, 'it cannot be used', 'a group of keys');
  }

  /** A group of keys; null where it is absent. */
  optionalGroup(name: string): PriceFields | null {
    return this.has(name) ? this.group(name) : null;
  }

  /** A list of groups; empty where it is absent. */
  groups(name: string): PriceFields[] {
    const value = this.at(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.flaw(name, 'it cannot be used', 'a list');
    return value.map((item, index) => PriceFields.of(item, [...this.path, name, index]));
  }

  /** A name; null where it is absent. */
  text(name: string): string | null {
    const value = this.at(name);
    if (value === undefined) return null;
    if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_NAME) return value.trim();
    throw this.flaw(name, 'not a name', `a text of at most ${LONGEST_NAME} letters`);
  }

  /** A whole number from 1; null where it is absent. */
  count(name: string): number | null {
    const value = this.at(name);
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    throw this.flaw(name, 'not a number of tokens', 'a whole number from 1');
  }

  /** An ISO day, also where a time of the day follows; null where it is absent. */
  day(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    try {
      return parseDate(text.replace(/^(.{10})T.*$/, '$1'), name);
    } catch {
      throw this.flaw(name, 'not a day of the calendar', 'YYYY-MM-DD');
    }
  }

  /** A price per million tokens, from a number or a text that is one; null where it is absent. */
  price(name: string, unit: PriceUnit): string | null {
    const value = this.at(name);
    if (value === undefined) return null;
    const decimal = typeof value === 'number' || typeof value === 'string' ? shiftedDecimal(value, UNIT_PLACES[unit]) : null;
    if (decimal === null) throw this.flaw(name, 'not a plain number', 'a number with a decimal point and without a unit');
    if (decimal.startsWith('-')) throw this.flaw(name, 'a price below zero', 'a price from zero');
    return decimal;
  }

  /** The first of some prices that is there. */
  firstPrice(names: readonly string[], unit: PriceUnit): string | null {
    const name = names.find((one) => this.has(one));
    return name === undefined ? null : this.price(name, unit);
  }

  /** The price of a part that a registry may list as zero where it charges nothing apart for it; null then too. */
  partPrice(names: readonly string[], unit: PriceUnit): string | null {
    const price = this.firstPrice(names, unit);
    return price === '0' ? null : price;
  }

  /** A price that must be there. */
  neededPrice(names: readonly string[], unit: PriceUnit): string {
    const price = this.firstPrice(names, unit);
    if (price === null) throw this.flaw(names[0] ?? '', 'it is missing', 'a price');
    return price;
  }
}
