import { z } from 'zod';
import { FIELDS, type Field, type FieldKind, FORMAT, GROUPS, HEADER } from './fields.ts';

const number = z.union([z.number(), z.string()]);
const names = z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]);

const TYPES: Readonly<Record<FieldKind, z.ZodType>> = {
  number,
  tokens: number,
  size: z.string(),
  time: z.string(),
  open: number,
  switch: z.union([z.boolean(), z.string().regex(/^\s*=/)]),
  onOff: z.union([z.boolean(), z.enum(['on', 'off'])]),
  text: z.union([z.string(), z.number()]),
  list: names,
  path: z.string(),
  pathOrName: z.string(),
};

function fieldSchema({ kind, description, unit }: Field): z.ZodType {
  return TYPES[kind].optional().describe(unit === undefined ? description : `${description} (a formula gives ${unit})`);
}

function groupSchema(path: string, more: Readonly<Record<string, z.ZodType>> = {}): z.ZodType {
  const prefix = path === '' ? '' : `${path}.`;
  const isChild = (name: string) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.');
  const key = (name: string) => name.slice(prefix.length);
  const groups = Object.keys(GROUPS).filter((name) => name !== path && isChild(name));
  return z.strictObject({
    ...more,
    ...Object.fromEntries(FIELDS.filter((field) => isChild(field.path)).map((field) => [key(field.path), fieldSchema(field)])),
    ...Object.fromEntries(
      groups.map((name) => [
        key(name),
        groupSchema(name)
          .nullable()
          .optional()
          .describe(GROUPS[name] ?? ''),
      ]),
    ),
  });
}

/**
 * The shape of a scenario file, made of the table of fields, for editors: what a text may say, and whether names exist, is checked where a
 * scenario is read.
 *
 * @example scenarioSchema().safeParse({ kplan: 1, modell: 'kimi-k2.6' }).success // false
 */
export function scenarioSchema(): z.ZodType {
  const said = (name: string) => HEADER[name] ?? '';
  return groupSchema('', {
    kplan: z.literal(FORMAT).describe(said('kplan')),
    name: z.string().optional().describe(said('name')),
    description: z.string().optional().describe(said('description')),
    variables: z.record(z.string(), number).nullable().optional().describe(said('variables')),
  }).describe('A scenario of kplan');
}
