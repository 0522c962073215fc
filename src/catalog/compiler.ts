import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Catalog } from '../plan/catalog.ts';
import { accountFile } from './accountFile.ts';
import { catalogSchema } from './catalogSchema.ts';
import { claimFile } from './claimFile.ts';
import { constraintFile } from './constraintFile.ts';
import { dataSchema } from './dataSchema.ts';
import { engineFile } from './engineFile.ts';
import { ggufFile } from './ggufFile.ts';
import { gpuFile } from './gpuFile.ts';
import { resolveLaunch } from './launchFacts.ts';
import { launchFactsSchema, launchFile, vendorApisFile } from './launchFile.ts';
import { modelFile } from './modelFile.ts';
import { depreciationFile, trendsFile } from './moneyTimeFiles.ts';
import { kTransformersFile, llamaCppFile } from './offloadFile.ts';
import { ownershipFile, serverFile } from './ownershipFile.ts';
import { planningFile } from './planningFile.ts';
import { resolveCatalog } from './resolve.ts';
import { catalogFile, providersFile, sourcesFile } from './sharedFiles.ts';
import { workloadFile } from './workloadFile.ts';

const SCHEMAS = {
  account: accountFile,
  constraints: constraintFile,
  ownership: ownershipFile,
  planning: planningFile,
  trends: trendsFile,
  depreciation: depreciationFile,
  server: serverFile,
  catalog: catalogSchema,
  'catalog-file': catalogFile,
  claim: claimFile,
  data: dataSchema,
  engine: engineFile,
  gguf: ggufFile,
  gpu: gpuFile,
  ktransformers: kTransformersFile,
  launch: launchFile,
  'llama-cpp': llamaCppFile,
  model: modelFile,
  providers: providersFile,
  sources: sourcesFile,
  'vendor-apis': vendorApisFile,
  workload: workloadFile,
} as const;

/** Writes a file whole or not at all: readers beside a build never see half of it. */
function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/** JSON Schemas of the authored files (for editors), of the compiled catalog and of `kplan data`, by name. */
export function jsonSchemas(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, z.toJSONSchema(schema)]));
}

/**
 * Compiles `data/` under a package root to dist/catalog/catalog.json, dist/catalog/speed.json (which only answers on speed read), dist/catalog/launch.json (which only `kplan deploy` reads) and dist/schemas/*.schema.json.
 *
 * @param root the folder that holds `data/` and `dist/`
 * @returns the catalog that was written
 * @throws {AggregateError} of every `Fault` in the data; nothing is written then
 * @example compileData('.').date // '2026-11-22'
 */
export function compileData(root: string): Catalog {
  const catalog = resolveCatalog(join(root, 'data'));
  catalogSchema.parse(catalog);
  const launch = launchFactsSchema.parse(resolveLaunch(join(root, 'data'), catalog.models));
  const { speed, ...rest } = catalog;
  writeWhole(join(root, 'dist/catalog/catalog.json'), `${JSON.stringify(rest)}\n`);
  writeWhole(join(root, 'dist/catalog/speed.json'), `${JSON.stringify(speed)}\n`);
  writeWhole(join(root, 'dist/catalog/launch.json'), `${JSON.stringify(launch)}\n`);
  for (const [name, schema] of Object.entries(jsonSchemas()))
    writeWhole(join(root, `dist/schemas/${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
  return catalog;
}
