/** Build step: writes the JSON Schema of scenario files into `dist/schemas`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { scenarioSchema } from './scenarioSchema.ts';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('scenario.schema.json', folder), `${JSON.stringify(z.toJSONSchema(scenarioSchema()), null, 2)}\n`);
