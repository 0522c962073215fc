import { isScalar, isSeq } from 'yaml';
import { type Part, scenarioParts } from './parts.ts';
import type { ScenarioDocument } from './scenarioDocument.ts';

/** A word of a scenario as it is written, and where. */
export interface SaidField {
  /** Its path, such as `deployment.tp` or `variables.developers`. */
  readonly name: string;
  readonly text: string;
  /** `file:line:column`. */
  readonly at: string;
}

function textOf({ node }: Pick<Part, 'node'>): string {
  if (isSeq(node)) return node.items.map((item) => textOf({ node: item as Part['node'] })).join(', ');
  if (!isScalar(node)) return '';
  return typeof node.value === 'string' ? node.value.trim() : (node.source ?? String(node.value));
}

/**
 * The fields and variables of a scenario as they are written: formulas as formulas.
 *
 * @throws Fault as `scenarioParts` does
 */
export function saidFields(document: ScenarioDocument): SaidField[] {
  const { variables, fields } = scenarioParts(document);
  return [...variables.values(), ...fields].map((part) => ({
    name: part.path,
    text: textOf(part),
    at: part.where.endsWith(` ${part.path}`) ? part.where.slice(0, -part.path.length - 1) : part.where,
  }));
}
