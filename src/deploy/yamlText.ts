import { stringify } from 'yaml';
import { type Banner, bannerLines } from './notes.ts';

/** Documents as one YAML file that parsers of YAML 1.1 and 1.2 read alike (`off` is a text), long words whole, with the mark of kplan and the banner as comments. */
export function yamlText(documents: readonly object[], banner: Banner): string {
  const parts = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' }));
  return `${bannerLines(banner).join('\n')}\n${parts.join('---\n')}`;
}
