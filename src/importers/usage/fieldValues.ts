import { Fault } from '../../faults/fault.ts';
import { type Instant, instantOf } from './instant.ts';
import { plainDigits } from './plainDigits.ts';
import type { FieldOf, Fields, UsageRecord } from './usageFormat.ts';

const WHOLE = /^\d{1,16}(\.0*)?$/;

function refused(name: string, value: unknown): Fault {
  if (value === undefined || value === null || value === '')
    return new Fault('missing', 'a count is missing', { where: name, allowed: 'a whole number' });
  const seen = typeof value === 'string' || typeof value === 'number' ? value : typeof value;
  const text = String(seen).trim();
  const reason = text.startsWith('-') ? 'a count below zero' : /^\d+\.\d+$/.test(text) ? 'a fraction of a count' : 'not a count';
  return new Fault('invalid', reason, { where: name, value: seen, allowed: 'a whole number from 0' });
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A whole number from 0; `59200.0` is one, a real fraction is not. */
function countIn(value: unknown, name: string): number {
  let count = typeof value === 'string' ? plainDigits(value) : -1;
  if (Number.isSafeInteger(count) && count >= 0) return count;
  if (typeof value === 'number') count = value;
  else if (typeof value === 'string') {
    const text = value.trim();
    if (WHOLE.test(text)) count = Number(text);
  }
  if (count >= 0 && Number.isSafeInteger(count)) return count;
  throw refused(name, value);
}

/** Reads a count that must be there. */
export function countField(fields: Fields, name: string): (record: UsageRecord) => number {
  const read = fields.field(name);
  return (record) => countIn(read(record), name);
}

/** Reads a count that may be blank or absent. */
export function optionalCount(fields: Fields, name: string): (record: UsageRecord) => number | null {
  if (!fields.has(name)) return () => null;
  const read = fields.field(name);
  return (record) => {
    const value = read(record);
    return isBlank(value) ? null : countIn(value, name);
  };
}

/** A count within an object, such as the usage block of an answer; null where it is absent. */
export function countOf(object: unknown, name: string): number | null {
  const value = fieldOf(object, name);
  return isBlank(value) ? null : countIn(value, name);
}

/** A field of an object; undefined where it is none. */
export function fieldOf(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, name)
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** An object as it is, or written as JSON in a text; null for anything else. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> | null {
  let found = value;
  if (typeof value === 'string' && value.trimStart().startsWith('{')) {
    try {
      found = JSON.parse(value);
    } catch {
      return null;
    }
  }
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Readonly<Record<string, unknown>>) : null;
}

/** An amount from 0 that may be blank; a decimal comma or a sign of currency is refused. */
export function amountIn(value: unknown, name: string): number | null {
  const plain = typeof value === 'string' ? plainDigits(value) : Number.NaN;
  if (plain >= 0) return plain;
  if (isBlank(value)) return null;
  let amount = -1;
  if (typeof value === 'number') amount = value;
  else if (typeof value === 'string' && /^\s*\+?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value)) amount = Number(value);
  if (amount >= 0 && Number.isFinite(amount)) return amount;
  throw new Fault('invalid', 'not an amount', {
    where: name,
    value: typeof value === 'object' ? typeof value : value,
    allowed: 'a number from 0 with a point as decimal mark',
  });
}

/** A short text, such as the name of a model; null where it is blank. */
export function textIn(value: unknown): string | null {
  if (value === undefined || value === null || typeof value === 'object') return null;
  const text = String(value).trim();
  return text === '' ? null : text;
}

/** Whether every one of some fields is blank in a record. */
export function allBlank(fields: Fields, names: readonly string[]): (record: UsageRecord) => boolean {
  const reads: FieldOf[] = names.filter((name) => fields.has(name)).map((name) => fields.field(name));
  return (record) => reads.every((read) => isBlank(read(record)));
}

/** Reads a time that may be blank or absent, as milliseconds since 1970 UTC. */
export function optionalTime(fields: Fields, name: string): (record: UsageRecord) => number | null {
  if (!fields.has(name)) return () => null;
  const read = fields.field(name);
  return (record) => {
    const value = read(record);
    return isBlank(value) ? null : instantOf(value, name).ms;
  };
}

/** Reads a time that must be there, as milliseconds since 1970 UTC. */
export function timeField(fields: Fields, name: string): (record: UsageRecord) => number {
  const read = fields.field(name);
  let last: Instant['zone'] | null = null;
  return (record) => {
    const { ms, zone } = instantOf(read(record), name);
    if (zone !== last) fields.zones.add(zone);
    last = zone;
    return ms;
  };
}
