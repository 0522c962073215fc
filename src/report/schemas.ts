/** Build step: writes the JSON Schemas of the answers into `dist/schemas`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from './schema/jsonSchemas.ts';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
