import { isAbsolute, join } from 'node:path';
import { Fault } from '../../faults/fault.ts';

/** What an import needs of the world around it; handed in, so that a test can stand in for all of it. */
export interface ImportEnvironment {
  readonly fetch: typeof fetch;
  /** Environment variables: HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The day of the import: the date of its sources, and what a Retry-After date is counted from. */
  readonly now: () => Date;
  /** The one folder that is written to. */
  readonly cacheFolder: string;
  /** Takes one sentence for the user, such as that a stored copy is used. */
  readonly warn: (sentence: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** How long a server may stay silent, before its answer and within. */
  readonly patienceMs?: number;
}

/**
 * The folder for copies of model files: KPLAN_CACHE, else `kplan` in XDG_CACHE_HOME or in ~/.cache.
 *
 * @param home the user's home folder
 * @example cacheFolderOf({ XDG_CACHE_HOME: '/var/cache' }, '/users/ada') // '/var/cache/kplan'
 */
export function cacheFolderOf(variables: ImportEnvironment['variables'], home: string): string {
  const { KPLAN_CACHE: own = '', XDG_CACHE_HOME: shared = '' } = variables;
  if (own !== '') return own;
  return join(isAbsolute(shared) ? shared : join(home, '.cache'), 'kplan');
}

/** The user's token for the hub, never part of a message; absent where none is set. */
export function tokenOf({ variables }: Pick<ImportEnvironment, 'variables'>): string | undefined {
  const name = variables['HF_TOKEN'] ? 'HF_TOKEN' : 'HUGGING_FACE_HUB_TOKEN';
  const token = variables[name]?.trim();
  if (!token) return undefined;
  if (!/^[\x21-\x7e]{1,1000}$/.test(token))
    throw new Fault('invalid', 'the token cannot be sent', { where: name, allowed: 'printable characters without spaces' });
  return token;
}

const PUBLIC_HUB = 'https://huggingface.co';

/** The address of the hub: HF_ENDPOINT, else the public one; without a slash at its end. */
export function endpointOf({ variables }: Pick<ImportEnvironment, 'variables'>): string {
  const address = variables['HF_ENDPOINT']?.trim() || PUBLIC_HUB;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new Fault('invalid', 'not the address of a hub', { where: 'HF_ENDPOINT', allowed: 'an address such as https://huggingface.co' });
  return url.href.replace(/\/+$/, '');
}

/** Whether the user asked for no network. */
export function isOffline({ variables }: Pick<ImportEnvironment, 'variables'>): boolean {
  return ['1', 'on', 'yes', 'true'].includes((variables['HF_HUB_OFFLINE'] ?? '').toLowerCase());
}
