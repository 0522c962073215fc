import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';

/** The whole schemas, beside a checkout; not part of the repository. */
const SHARED = new URL('../../../shared/schemas/', import.meta.url);
const OWN = new URL('../deploy/schemas/', import.meta.url);

/** Whether the whole schemas lie beside this checkout. */
export const hasSharedSchemas = existsSync(fileURLToPath(SHARED));

/** Checks of manifests: of Kubernetes' own kinds, of LeaderWorkerSet, and of Compose files. */
export interface ManifestSchemas {
  readonly kubernetes: ValidateFunction;
  readonly leaderWorkerSet: ValidateFunction;
  readonly compose: ValidateFunction;
}

function compiled(folder: URL, file: string): ValidateFunction {
  const { $schema: _, ...schema } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>;
  return new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
}

/** The small extracts of the project, or the whole schemas. */
export function manifestSchemas(whole: boolean): ManifestSchemas {
  const [folder, names] = whole
    ? ([SHARED, ['kubernetes-subset.schema.json', 'leaderworkerset.schema.json', 'compose-spec.schema.json']] as const)
    : ([OWN, ['kubernetes.json', 'leader-worker-set.json', 'compose.json']] as const);
  const [kubernetes, leaderWorkerSet, compose] = names.map((name) => compiled(folder, name)) as [
    ValidateFunction,
    ValidateFunction,
    ValidateFunction,
  ];
  return { kubernetes, leaderWorkerSet, compose };
}

/** What a schema has against a document. */
export function flaws(check: ValidateFunction, document: unknown): string[] {
  return check(document)
    ? []
    : (check.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}
