import { fileURLToPath } from 'node:url';
import { readOffloadFacts } from '../../src/catalog/offloadFacts.ts';
import { resolveCatalog } from '../../src/catalog/resolve.ts';
import { SourceBook } from '../../src/catalog/sourceBook.ts';
import type { OffloadCatalog } from '../../src/plan/offloadJudge.ts';

/** The catalog of `data/` with the facts of data/gguf and data/offload. */
export function loadOffloadCatalog(): OffloadCatalog {
  const path = fileURLToPath(new URL('../../data', import.meta.url));
  const folder = { path, faults: [] };
  const book = new SourceBook(folder.faults);
  const facts = readOffloadFacts(folder, book);
  if (!facts || folder.faults.length > 0) throw new AggregateError(folder.faults, 'data/gguf and data/offload cannot be read');
  const catalog = resolveCatalog(path);
  return { ...catalog, ...facts, sources: { ...catalog.sources, ...book.entries } };
}
