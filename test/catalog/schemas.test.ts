import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../src/catalog/compiler.ts';

const DATA = fileURLToPath(new URL('../../data', import.meta.url));
const yamlFiles = readdirSync(DATA, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

describe('JSON Schemas', () => {
  const schemas = jsonSchemas();

  it.each(Object.keys(schemas))('%s forbids unknown keys', (name) => {
    const schema = schemas[name] as { $schema: string; oneOf?: unknown[] };
    expect(schema.$schema).toContain('json-schema.org');
    for (const form of schema.oneOf ?? [schema]) expect(form).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it.each(yamlFiles)('data/%s names the schema that editors check it with', (file) => {
    const [first = ''] = readFileSync(join(DATA, file), 'utf8').split('\n');
    const up = file.includes('/') ? '../..' : '..';
    const named = /^# yaml-language-server: \$schema=(.+)\.schema\.json$/.exec(first)?.[1] ?? '';
    expect(named).toBe(`${up}/dist/schemas/${basename(named)}`);
    expect(Object.keys(schemas)).toContain(basename(named));
  });
});
