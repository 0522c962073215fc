import { Fault } from '../../../faults/fault.ts';

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as faults show it: groups, and lists that are empty or hold groups, by what they are. */
function kindOrValue(value: unknown): unknown {
  if (isGroup(value)) return 'a group of keys';
  if (!Array.isArray(value)) return value;
  if (value.length === 0) return 'an empty list';
  return value.some((item) => typeof item === 'object') ? 'a list' : value;
}

/** A group of keys in someone else's JSON, each read with its type and a sane limit; null counts as absent. */
export class JsonGroup {
  readonly #values: Readonly<Record<string, unknown>>;
  /** The file, and the path in it. */
  readonly where: string;

  readonly #labels: Readonly<Record<string, string>>;

  private constructor(values: Readonly<Record<string, unknown>>, where: string, labels: Readonly<Record<string, string>> = {}) {
    this.#values = values;
    this.where = where;
    this.#labels = labels;
  }

  /**
   * @param labels what faults call a key, where the file calls it otherwise
   * @throws Fault `invalid` for anything but a group of keys
   */
  static of(value: unknown, where: string, labels?: Readonly<Record<string, string>>): JsonGroup {
    if (isGroup(value)) return new JsonGroup(value, where, labels);
    throw new Fault('invalid', 'it cannot be used', { where, value: Array.isArray(value) ? 'a list' : value, allowed: 'a group of keys' });
  }

  #at(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  /** Where a key stands, for faults. */
  place(name: string): string {
    const label = Object.hasOwn(this.#labels, name) ? this.#labels[name] : name;
    return this.where.includes(': ') ? `${this.where}.${label}` : `${this.where}: ${label}`;
  }

  /** The fault of a key whose value cannot be used. */
  refused(name: string, allowed: string): Fault {
    const value = this.#at(name);
    const details = { where: this.place(name), allowed };
    if (value === undefined) return new Fault('missing', 'it is missing', details);
    return new Fault('invalid', 'it cannot be used', { ...details, value: kindOrValue(value) });
  }

  has(name: string): boolean {
    return this.#at(name) !== undefined;
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  /** The first of some keys that is there, else the first. */
  named(...names: readonly string[]): string {
    return names.find((name) => this.has(name)) ?? names[0] ?? '';
  }

  /** A whole number from `least` to `most`. */
  whole(name: string, least: number, most: number): number {
    const value = this.#at(name);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.refused(name, `a whole number from ${least} to ${most}`);
  }

  /** A whole number from 1 to `most`; `fallback` where it is absent. */
  count(name: string, most: number, fallback?: number): number {
    return fallback !== undefined && !this.has(name) ? fallback : this.whole(name, 1, most);
  }

  /** Like `count`, and 0 is allowed. */
  amount(name: string, most: number, fallback?: number): number {
    return fallback !== undefined && !this.has(name) ? fallback : this.whole(name, 0, most);
  }

  flag(name: string, fallback = false): boolean {
    const value = this.#at(name) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.refused(name, 'true or false');
  }

  text(name: string, fallback?: string): string {
    const value = this.#at(name) ?? fallback;
    if (typeof value === 'string' && value.length <= 4096) return value;
    throw this.refused(name, 'a text of at most 4096 characters');
  }

  group(name: string): JsonGroup {
    const value = this.#at(name);
    if (isGroup(value)) return new JsonGroup(value, this.place(name));
    throw this.refused(name, 'a group of keys');
  }

  list(name: string, most: number): readonly unknown[] {
    const value = this.#at(name);
    if (Array.isArray(value) && value.length <= most) return value;
    throw this.refused(name, `a list of at most ${most} entries`);
  }

  groups(name: string, most: number): JsonGroup[] {
    return this.list(name, most).map((value, index) => JsonGroup.of(value, this.place(`${name}[${index}]`)));
  }

  texts(name: string, most: number): string[] {
    const texts = this.list(name, most);
    if (texts.every((text) => typeof text === 'string' && text.length <= 4096)) return texts as string[];
    throw this.refused(name, 'a list of texts of at most 4096 characters');
  }

  /** Whole numbers from 0 to `largest`. */
  wholes(name: string, most: number, largest: number): number[] {
    const values = this.list(name, most);
    if (values.every((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= largest)) return values as number[];
    throw this.refused(name, `a list of whole numbers from 0 to ${largest}`);
  }
}
