import { z } from 'zod';
import { Fault, type FaultCode } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { PlacedValue } from './yamlFile.ts';

type Path = readonly PropertyKey[];

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

function schemaAt(schema: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return schema;
  if (schema instanceof z.ZodObject) return schemaAt(schema.shape[String(key)], rest);
  if (schema instanceof z.ZodArray) return schemaAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return schemaAt(schema.valueType, rest);
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional)
    return schemaAt(schema.unwrap(), [key, ...rest]);
  return undefined;
}

/** The keys that an object may have at a path, as far as the schema says without choosing between alternatives. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let at = schemaAt(schema, path);
  while (at instanceof z.ZodNullable || at instanceof z.ZodOptional || at instanceof z.ZodExactOptional) at = at.unwrap();
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

const ARTICLE: Readonly<Record<string, string>> = {
  array: 'a list',
  int: 'a whole number',
  object: 'a group of keys',
  record: 'a group of keys',
};

function allowedBy(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type') {
    const underscored = typeof value === 'string' && /^\d[\d_]*$/.test(value) && value.includes('_');
    const expected = ARTICLE[issue.expected] ?? `a ${issue.expected}`;
    return underscored ? `${expected}; remove the underscores` : expected;
  }
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'too_small') return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
  return issue.message;
}

const REASON: Readonly<Record<string, string>> = { unknown: 'no such key', missing: 'it is missing', invalid: 'it cannot be used' };

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType, data: PlacedValue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const nearest = nearestNames(key, keys);
      const allowed = keys.length > 0 ? keys.join(', ') : 'the keys of the schema';
      return new Fault('unknown', `${REASON['unknown']}: ${path.join('.')}`, {
        where: data.where(path, 'key'),
        value: key,
        allowed,
        nearest,
      });
    });
  }
  if (issue.code === 'invalid_key') {
    const key = issue.path.at(-1);
    const allowed = issue.issues.map(({ message }) => message).join('; ');
    return [
      new Fault('invalid', `a key of ${issue.path.slice(0, -1).join('.')}`, { where: data.where(issue.path, 'key'), value: key, allowed }),
    ];
  }
  const value = valueAt(data.value, issue.path);
  const code: FaultCode = value === undefined ? 'missing' : 'invalid';
  const field = issue.path.join('.') || 'the file';
  return [new Fault(code, `${field}: ${REASON[code]}`, { where: data.where(issue.path), value, allowed: allowedBy(issue, value) })];
}

/**
 * A data file's value as its schema types it.
 *
 * @returns the value, or undefined after one `Fault` per offence was added to `faults`, each with place, field, value seen and what is allowed
 * @example checked(gpuFile, parseYaml('gpus/h200-sxm.yaml', content), faults)
 */
export function checked<Schema extends z.ZodType>(schema: Schema, data: PlacedValue, faults: Fault[]): z.output<Schema> | undefined {
  const result = schema.safeParse(data.value);
  if (result.success) return result.data;
  faults.push(...result.error.issues.flatMap((issue) => faultsOf(issue, schema, data)));
  return undefined;
}
