import type { SourceId } from '../evidence/source.ts';
import type { Deployment } from './deployment.ts';
import type { SinceVersion } from './engine.ts';
import { sglangDefault, sglangFraction } from './sglang/memoryFraction.ts';
import { compareVersions } from './version.ts';

/** The share of the visible memory that an engine takes for itself, and how that came about. */
export interface MemoryFraction {
  readonly value: number;
  /** The formula behind it where the engine computes it, in mathjs syntax. */
  readonly formula: string | null;
  readonly explanation: string;
  readonly source: SourceId | 'user';
  /** What the engine keeps out of it, of how much, where it computes that. */
  readonly reserve?: { readonly bytes: number; readonly ofBytes: number };
}

function inForce(facts: readonly SinceVersion[], version: string): SinceVersion {
  const reached = facts.filter(({ since }) => compareVersions(version, since) >= 0);
  const latest = reached.reduce<SinceVersion | undefined>(
    (best, fact) => (best && compareVersions(best.since, fact.since) > 0 ? best : fact),
    undefined,
  );
  const fact = latest ?? facts[0];
  if (!fact) throw new Error('an engine without a computed fraction needs one in the catalog');
  return fact;
}

/**
 * The memory fraction in force: as asked, or the default of the engine version (vLLM), or computed from GPU and layout (SGLang).
 *
 * @returns a share of the engine-visible total, between 0 and 1
 */
export function memoryFraction(deployment: Deployment): MemoryFraction {
  const { release, utilization } = deployment;
  if (release.engine.id === 'sglang') return sglangFraction(deployment);
  if (utilization !== undefined) return { value: utilization, formula: null, explanation: 'as asked', source: 'user' };
  const fact = inForce(release.engine.memoryFraction, release.version);
  return { value: fact.value, formula: null, explanation: `default of ${release.engine.name} since ${fact.since}`, source: fact.source };
}

/** The share up to which vLLM is known to start: what published launch lines set. */
const VLLM_HIGH = 0.95;

/**
 * A memory fraction worth trying instead of the one in force: a high one on vLLM, whose fraction covers activations and graphs, and
 * the engine's own on SGLang, whose fraction leaves them out.
 *
 * @returns null where the fraction in force is that good already
 */
export function betterFraction(deployment: Deployment): number | null {
  if (deployment.release.engine.id === 'vllm') return memoryFraction(deployment).value < VLLM_HIGH ? VLLM_HIGH : null;
  const own = sglangDefault(deployment).fraction;
  return deployment.utilization === undefined || deployment.utilization === own || own === 0 ? null : own;
}
