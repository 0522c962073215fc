import { Fault } from '../faults/fault.ts';
import { nearestNames } from '../faults/nearest.ts';
import type { Engine, EngineRelease } from './engine.ts';
import { otherEngine } from './otherEngines.ts';
import { parseVersion } from './version.ts';

/**
 * Reads an engine with an optional version, `vllm` or `sglang@0.5.9`.
 *
 * @param engines the catalog's engines
 * @param text what was asked; undefined = vLLM at its default version
 * @throws Fault `unknown` for another engine, `invalid` for a version that is no number
 * @example resolveRelease(catalog.engines, 'vllm@0.21').version // '0.21'
 */
export function resolveRelease(engines: readonly Engine[], text = 'vllm', where = '--engine'): EngineRelease {
  const [name = '', version, ...more] = text.trim().toLowerCase().split('@');
  const engine = engines.find(({ id }) => id === name);
  if (!engine || more.length > 0) {
    const ids = engines.map(({ id }) => id);
    throw new Fault('unknown', otherEngine(name) ?? 'no such engine', {
      where,
      value: text,
      allowed: `${ids.join(' or ')}, with @version or without; for fit and deploy also llama.cpp or ktransformers`,
      nearest: nearestNames(name, ids),
    });
  }
  if (version === undefined) return { engine, version: engine.defaultVersion };
  parseVersion(version, where);
  return { engine, version: version.replace(/^v/, '') };
}
