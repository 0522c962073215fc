import { stringify } from 'yaml';
import { type Banner, bannerLines } from './notes.ts';

/** Documents as one YAML file, long words whole, with the mark of kplan and the banner as comments. */
export function yamlText(documents: readonly object[], banner: Banner): string {
  const parts = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  return `${bannerLines(banner).join('\n')}\n${parts.join('---\n')}`;
}
