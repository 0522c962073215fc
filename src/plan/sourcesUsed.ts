import { RULE_SOURCES } from '../engine/ruleSources.ts';
import type { Source, SourceId } from '../evidence/source.ts';
import type { Origin, Term } from '../evidence/term.ts';
import type { Catalog } from './catalog.ts';

/** The sources behind terms. */
export function termSources(terms: readonly Term[]): Origin[] {
  return terms.flatMap((term) => (term.kind === 'input' || term.kind === 'lookup' ? [term.source] : []));
}

/**
 * Resolves the origins that an answer names to their sources, in alphabetical order; what the user or kplan chose has none.
 *
 * @throws Error where a fact names a source that neither catalog nor rules hold: the build must have refused it
 */
export function sourcesUsed(origins: Iterable<Origin>, catalog: Catalog): Record<SourceId, Source> {
  const ids = [...new Set(origins)].filter((id) => id !== 'user' && id !== 'kplan' && id !== '').sort();
  return Object.fromEntries(
    ids.map((id) => {
      const source = catalog.sources[id] ?? RULE_SOURCES[id];
      if (!source) throw new Error(`no source ${id}`);
      return [id, source];
    }),
  );
}
